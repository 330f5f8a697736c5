//go:build unix

package storage_test

import (
	"context"
	"errors"
	"path/filepath"
	"syscall"
	"testing"

	"github.com/waslrun/wasl/storage"
)

// Opening a named pipe for reading waits for a writer, for ever.
func TestDirTakesNamedPipesForNothing(t *testing.T) {
	folder := t.TempDir()
	d := openDir(t, folder)
	ctx := context.Background()
	if _, err := d.Put(ctx, "b", "k", nil, ""); err != nil {
		t.Fatal(err)
	}
	if err := syscall.Mkfifo(filepath.Join(folder, "b/pipe"), 0o644); err != nil {
		t.Skip("no named pipes here:", err)
	}
	if _, err := d.Get(ctx, "b", "pipe"); !errors.Is(err, storage.ErrNoSuchKey) {
		t.Errorf("Get: %v", err)
	}
	page, err := d.List(ctx, "b", storage.ListOptions{})
	if err != nil || len(page.Objects) != 1 {
		t.Errorf("List: %+v, %v", page, err)
	}
}
