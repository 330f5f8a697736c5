package storage_test

import (
	"context"
	"crypto/md5"
	"errors"
	"fmt"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

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

func TestDirRefusesKeysThatHaveNoPlace(t *testing.T) {
	folder := t.TempDir()
	d := openDir(t, folder)
	ctx := context.Background()
	for _, key := range []string{"file", "folder/file"} {
		if _, err := d.Put(ctx, "b", key, nil, ""); err != nil {
			t.Fatal(err)
		}
	}
	for _, key := range []string{"file/below", "file/far/below", "folder", ".wasl-x", "x/.wasl-y/z"} {
		if _, err := d.Put(ctx, "b", key, nil, ""); !errors.Is(err, storage.ErrInvalidName) {
			t.Errorf("Put(%q): %v", key, err)
		}
	}
	if left, err := filepath.Glob(filepath.Join(folder, "b", ".wasl-*")); err != nil || len(left) > 0 {
		t.Errorf("left behind: %q, %v", left, err)
	}
}

// A link below one prefix would lead to another, for which there may be no grant.
func TestDirFollowsNoLinks(t *testing.T) {
	folder := t.TempDir()
	d := openDir(t, folder)
	ctx := context.Background()
	for _, o := range [][2]string{{"a", "k"}, {"b", "k"}, {"a", "in/k"}, {"a", "hidden/k"}} {
		if _, err := d.Put(ctx, o[0], o[1], []byte("hidden"), ""); err != nil {
			t.Fatal(err)
		}
	}
	if err := errors.Join(
		os.Symlink("k", filepath.Join(folder, "a/inside")),
		os.Symlink("../b/k", filepath.Join(folder, "a/outside")),
		os.Symlink("..", filepath.Join(folder, "a/up")),
		os.Symlink(".", filepath.Join(folder, "a/round")),
		os.Symlink("../hidden", filepath.Join(folder, "a/in/link")),
		os.Symlink("../hidden/k", filepath.Join(folder, "a/in/file")),
		os.Symlink("b", filepath.Join(folder, "c")),
	); err != nil {
		t.Skip("no symbolic links here:", err)
	}
	for _, key := range []string{"inside", "outside", "up/b/k", "round/k", "in/link/k", "in/file", "in/link/../../k"} {
		if _, err := d.Get(ctx, "a", key); !errors.Is(err, storage.ErrNoSuchKey) && !errors.Is(err, storage.ErrInvalidName) {
			t.Errorf("Get(%q): %v", key, err)
		}
	}
	for _, key := range []string{"up/b/written", "in/link/written", "in/link/new/written", "round/written"} {
		if _, err := d.Put(ctx, "a", key, nil, ""); !errors.Is(err, storage.ErrInvalidName) {
			t.Errorf("Put(%q): %v", key, err)
		}
		if err := d.Delete(ctx, "a", strings.Replace(key, "written", "k", 1)); err != nil {
			t.Errorf("Delete(%q): %v", key, err)
		}
	}
	if _, err := d.Get(ctx, "c", "k"); !errors.Is(err, storage.ErrNoSuchBucket) {
		t.Errorf("a bucket that is a link: %v", err)
	}
	for prefix, want := range map[string][]string{
		"": {"hidden/k", "in/k", "k"}, "in/": {"in/k"}, "in/link/": nil, "in/l": nil, "round/": nil, "up/b/": nil,
	} {
		page, err := d.List(ctx, "a", storage.ListOptions{Prefix: prefix})
		if err != nil {
			t.Fatal(err)
		}
		var keys []string
		for _, o := range page.Objects {
			keys = append(keys, o.Key)
		}
		if !slices.Equal(keys, want) {
			t.Errorf("the listing of %q shows %q", prefix, keys)
		}
	}
	// What is put where a link is takes its place, and leaves its target alone.
	if _, err := d.Put(ctx, "a", "in/file", []byte("new"), ""); err != nil {
		t.Fatal(err)
	}
	if left, err := os.ReadFile(filepath.Join(folder, "a/hidden/k")); err != nil || string(left) != "hidden" {
		t.Errorf("the link's target holds %q, %v", left, err)
	}
}

func TestDirSeesChangesThatOthersMake(t *testing.T) {
	folder := t.TempDir()
	d := openDir(t, folder)
	ctx := context.Background()
	info, err := d.Put(ctx, "b", "k", []byte("one"), "")
	if err != nil {
		t.Fatal(err)
	}
	// An old file's ETag is remembered; a change must show all the same.
	name := filepath.Join(folder, "b/k")
	old := info.Modified.Add(-time.Hour)
	for i, body := range []string{"two", "six"} {
		if err := errors.Join(os.WriteFile(name, []byte(body), 0o644), os.Chtimes(name, old, old.Add(time.Duration(i)))); err != nil {
			t.Fatal(err)
		}
		for range 2 {
			page, err := d.List(ctx, "b", storage.ListOptions{})
			if err != nil {
				t.Fatal(err)
			}
			if want := fmt.Sprintf("%x", md5.Sum([]byte(body))); len(page.Objects) != 1 || page.Objects[0].ETag != want {
				t.Errorf("%s: %+v, want the ETag %s", body, page.Objects, want)
			}
		}
	}
}

func TestDirGivesLargeFilesTheETagOfAnUploadInParts(t *testing.T) {
	d := openDir(t, t.TempDir())
	ctx := context.Background()
	put, err := d.Put(ctx, "b", "large", make([]byte, 8<<20+1), "")
	if err != nil {
		t.Fatal(err)
	}
	o, err := d.Get(ctx, "b", "large")
	if err != nil {
		t.Fatal(err)
	}
	if err := o.Body.Close(); err != nil {
		t.Fatal(err)
	}
	if put.ETag != o.ETag || !strings.HasSuffix(put.ETag, "-2") {
		t.Errorf("Put says %q, Get %q", put.ETag, o.ETag)
	}
}

func FuzzCheckKey(f *testing.F) {
	for _, key := range append(storagetest.BadKeys, "a", "a/b.json", "ä/ö", "a..b", ".x") {
		f.Add(key)
	}
	folder := f.TempDir()
	f.Fuzz(func(t *testing.T, key string) {
		if storage.CheckKey(key) != nil {
			return
		}
		if !filepath.IsLocal(filepath.FromSlash(key)) || path.Clean(key) != key {
			t.Errorf("%q is no clean local path", key)
		}
		if !strings.HasPrefix(filepath.Join(folder, filepath.FromSlash(key)), folder+string(filepath.Separator)) {
			t.Errorf("%q leads out", key)
		}
	})
}
