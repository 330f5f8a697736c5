package storage_test

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"testing"

	"github.com/waslrun/wasl/storage"
	"github.com/waslrun/wasl/storage/storagetest"
)

func TestMemory(t *testing.T) {
	storagetest.Run(t, func(*testing.T) storage.Store { return storage.NewMemory() })
}

func openDir(t *testing.T, folder string) *storage.Dir {
	t.Helper()
	d, err := storage.NewDir(folder)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := d.Close(); err != nil {
			t.Error(err)
		}
	})
	return d
}

func TestDir(t *testing.T) {
	storagetest.Run(t, func(t *testing.T) storage.Store { return openDir(t, t.TempDir()) })
}

func TestDirShowsFilesOfOthersButNotWhatIsOutside(t *testing.T) {
	folder := t.TempDir()
	d := openDir(t, filepath.Join(folder, "store"))
	write := func(name string) {
		t.Helper()
		full := filepath.Join(folder, name)
		if err := errors.Join(os.MkdirAll(filepath.Dir(full), 0o755), os.WriteFile(full, []byte("x"), 0o644)); err != nil {
			t.Fatal(err)
		}
	}
	write("secret")
	write("store/b/seen")
	if err := errors.Join(
		os.Symlink(filepath.Join(folder, "secret"), filepath.Join(folder, "store/b/absolute")),
		os.Symlink("../../secret", filepath.Join(folder, "store/b/relative")),
		os.Symlink("..", filepath.Join(folder, "store/up")),
	); err != nil {
		t.Skip("no symbolic links here:", err)
	}
	ctx := context.Background()
	if o, err := d.Get(ctx, "b", "seen"); err != nil {
		t.Errorf("a file of another program: %v", err)
	} else if err := o.Body.Close(); err != nil {
		t.Error(err)
	}
	for _, c := range [][2]string{{"b", "absolute"}, {"b", "relative"}, {"up", "secret"}} {
		if o, err := d.Get(ctx, c[0], c[1]); err == nil {
			t.Errorf("%v leads outside: %+v", c, o.Info)
		}
	}
	if _, err := d.Put(ctx, "up", "written", nil, ""); err == nil {
		t.Error("Put through a symbolic link wrote outside")
	}
}
