package storage

import (
	"context"
	"crypto/md5"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"slices"
	"strconv"
	"strings"
	"sync/atomic"
)

// Dir keeps objects as files, <path>/<bucket>/<key>. Files that other programs
// put there are objects too. Symbolic links are followed only within the path
// (os.Root), so that no key leads out of it.
type Dir struct {
	root *os.Root
	temp atomic.Int64
}

// tempPrefix starts the names of files that are being written. They are no
// objects.
const tempPrefix = ".wasl-"

// NewDir opens a folder, which is made when it is not there.
func NewDir(folder string) (*Dir, error) {
	if err := os.MkdirAll(folder, 0o755); err != nil {
		return nil, fmt.Errorf("storage: %w", err)
	}
	root, err := os.OpenRoot(folder)
	if err != nil {
		return nil, fmt.Errorf("storage: %w", err)
	}
	return &Dir{root: root}, nil
}

// Close releases the folder.
func (d *Dir) Close() error { return d.root.Close() }

// Get implements Store.
func (d *Dir) Get(_ context.Context, bucket, key string) (Object, error) {
	if err := check(bucket, key); err != nil {
		return Object{}, err
	}
	if hidden(key) {
		return Object{}, fmt.Errorf("%w: %s/%s", ErrNoSuchKey, bucket, key)
	}
	file, err := d.root.Open(path.Join(bucket, key))
	if err != nil {
		return Object{}, d.missing(err, bucket, key)
	}
	info, err := stat(file, key)
	if err != nil {
		file.Close()
		return Object{}, d.missing(err, bucket, key)
	}
	return Object{Info: info, Body: file}, nil
}

// stat describes an open file; its ETag asks for one pass over the body.
func stat(file *os.File, key string) (Info, error) {
	st, err := file.Stat()
	if err != nil {
		return Info{}, err
	}
	if !st.Mode().IsRegular() {
		return Info{}, fs.ErrNotExist
	}
	hash := md5.New()
	if _, err := io.Copy(hash, file); err != nil {
		return Info{}, err
	}
	if _, err := file.Seek(0, io.SeekStart); err != nil {
		return Info{}, err
	}
	return Info{Key: key, Size: st.Size(), ETag: hex.EncodeToString(hash.Sum(nil)), ContentType: DefaultContentType, Modified: st.ModTime()}, nil
}

// missing turns the absence of a file into the absence of its key or bucket.
func (d *Dir) missing(err error, bucket, key string) error {
	if !errors.Is(err, fs.ErrNotExist) && !isNotDir(err) {
		return fmt.Errorf("storage: %w", err)
	}
	if st, err := d.root.Stat(bucket); err != nil || !st.IsDir() {
		return fmt.Errorf("%w: %s", ErrNoSuchBucket, bucket)
	}
	return fmt.Errorf("%w: %s/%s", ErrNoSuchKey, bucket, key)
}

// isNotDir tells whether a path failed because a part of it is a file.
func isNotDir(err error) bool {
	var pe *fs.PathError
	return errors.As(err, &pe) && strings.Contains(pe.Err.Error(), "not a directory")
}

// Put implements Store. The content type is not kept: a folder has no place
// for it.
func (d *Dir) Put(_ context.Context, bucket, key string, body []byte, contentType string) (Info, error) {
	if err := check(bucket, key); err != nil {
		return Info{}, err
	}
	if hidden(key) {
		return Info{}, fmt.Errorf("%w: key %q: %s… is kept for files being written", ErrInvalidName, key, tempPrefix)
	}
	full := path.Join(bucket, key)
	if err := d.root.MkdirAll(path.Dir(full), 0o755); err != nil {
		return Info{}, fmt.Errorf("storage: %w", err)
	}
	temp := path.Join(path.Dir(full), tempPrefix+strconv.Itoa(os.Getpid())+"-"+strconv.FormatInt(d.temp.Add(1), 36))
	if err := d.writeFile(temp, full, body); err != nil {
		return Info{}, fmt.Errorf("storage: %w", errors.Join(err, ignoreMissing(d.root.Remove(temp))))
	}
	info := describe(key, body, contentType)
	if st, err := d.root.Stat(full); err == nil {
		info.Modified = st.ModTime()
	}
	return info, nil
}

// writeFile writes a file beside its final place and then moves it there, so
// that readers see the old object or the new one and nothing between.
func (d *Dir) writeFile(temp, full string, body []byte) error {
	file, err := d.root.OpenFile(temp, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o644)
	if err != nil {
		return err
	}
	_, err = file.Write(body)
	if err := errors.Join(err, file.Close()); err != nil {
		return err
	}
	return d.root.Rename(temp, full)
}

func ignoreMissing(err error) error {
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	return err
}

func hidden(key string) bool { return strings.HasPrefix(path.Base(key), tempPrefix) }

// Delete implements Store.
func (d *Dir) Delete(_ context.Context, bucket, key string) error {
	if err := check(bucket, key); err != nil {
		return err
	}
	if st, err := d.root.Stat(bucket); err != nil || !st.IsDir() {
		return fmt.Errorf("%w: %s", ErrNoSuchBucket, bucket)
	}
	full := path.Join(bucket, key)
	if st, err := d.root.Stat(full); err != nil || !st.Mode().IsRegular() {
		return nil
	}
	if err := ignoreMissing(d.root.Remove(full)); err != nil {
		return fmt.Errorf("storage: %w", err)
	}
	return nil
}

// List implements Store.
func (d *Dir) List(ctx context.Context, bucket string, o ListOptions) (Page, error) {
	if err := CheckBucket(bucket); err != nil {
		return Page{}, err
	}
	if err := checkPrefix(o.Prefix); err != nil {
		return Page{}, err
	}
	keys, err := d.keys(ctx, bucket, o.Prefix)
	if err != nil {
		return Page{}, err
	}
	part, more := o.window(keys)
	page := Page{More: more}
	for _, key := range part {
		object, err := d.Get(ctx, bucket, key)
		if errors.Is(err, ErrNoSuchKey) {
			continue // deleted since
		}
		if err != nil {
			return Page{}, err
		}
		if err := object.Body.Close(); err != nil {
			return Page{}, fmt.Errorf("storage: %w", err)
		}
		page.Objects = append(page.Objects, object.Info)
	}
	return page, nil
}

// keys walks through the folders that keys with this prefix can be in.
func (d *Dir) keys(ctx context.Context, bucket, prefix string) ([]string, error) {
	if st, err := d.root.Stat(bucket); err != nil || !st.IsDir() {
		return nil, fmt.Errorf("%w: %s", ErrNoSuchBucket, bucket)
	}
	start := bucket
	if at := strings.LastIndexByte(prefix, '/'); at >= 0 {
		start = path.Join(bucket, prefix[:at])
	}
	var keys []string
	err := fs.WalkDir(d.root.FS(), start, func(name string, entry fs.DirEntry, err error) error {
		if err != nil {
			return ignoreMissing(err)
		}
		if err := ctx.Err(); err != nil {
			return err
		}
		key := strings.TrimPrefix(name, bucket+"/")
		if entry.Type().IsRegular() && !hidden(key) && strings.HasPrefix(key, prefix) {
			keys = append(keys, key)
		}
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("storage: %w", err)
	}
	slices.Sort(keys)
	return keys, nil
}
