package storage

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"strings"
	"syscall"
)

// Dir keeps objects as files, <path>/<bucket>/<key>. Files that other programs
// put there are objects too, unless they are no regular files.
//
// Nothing outside of a bucket's folder is ever reached (os.Root), and no
// symbolic link is followed: it is no object, and neither is what lies behind
// one (dir_descend.go). A key cannot be the folder of another ("a" and "a/b");
// the second Put of such a pair fails with ErrInvalidName.
type Dir struct {
	root *os.Root
	tags tags
}

var _ Store = (*Dir)(nil)

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

// bucket opens a bucket's folder. Everything is then done below it, so that no
// link leads from one bucket to another.
func (d *Dir) bucket(name string) (*os.Root, error) {
	root, err := child(d.root, name)
	if err != nil && absent(err) {
		return nil, fmt.Errorf("%w: %s", ErrNoSuchBucket, name)
	}
	return root, err
}

// absent tells whether a file failed to open because it is not there, or is
// nothing that a bucket could hold.
func absent(err error) bool {
	for _, target := range []error{
		fs.ErrNotExist, syscall.ENOTDIR, syscall.EISDIR, syscall.ENAMETOOLONG, syscall.ENXIO, syscall.ELOOP,
	} {
		if errors.Is(err, target) {
			return true
		}
	}
	return escapes(err)
}

// escapes tells whether os.Root refused a link that leads out. Its error is not
// exported; it is the only one that does not come from the system.
func escapes(err error) bool {
	var pathError *fs.PathError
	var errno syscall.Errno
	return errors.As(err, &pathError) && !errors.As(pathError.Err, &errno)
}

// Get implements Store.
func (d *Dir) Get(_ context.Context, bucket, key string) (Object, error) {
	if err := check(bucket, key); err != nil {
		return Object{}, err
	}
	root, err := d.bucket(bucket)
	if err != nil {
		return Object{}, wrap(err)
	}
	defer root.Close()
	folder, name, err := descend(root, key, false)
	if err != nil && absent(err) {
		return Object{}, noSuchKey(bucket, key)
	} else if err != nil {
		return Object{}, wrap(err)
	}
	defer folder.Close()
	file, info, err := d.open(folder, name, bucket, key)
	if err != nil {
		return Object{}, err
	}
	return Object{Info: info, Body: &fileBody{io.NewSectionReader(file, 0, info.Size), file}}, nil
}

// fileBody is a file as it was opened: what is put in its place is another
// file, and what is appended is not shown.
type fileBody struct {
	*io.SectionReader
	file *os.File
}

func (b *fileBody) Close() error { return b.file.Close() }

// open opens the object of a key by its name in its folder.
func (d *Dir) open(folder *os.Root, name, bucket, key string) (*os.File, Info, error) {
	if hidden(key) {
		return nil, Info{}, noSuchKey(bucket, key)
	}
	file, stat, err := openRegular(folder, name)
	if err != nil {
		if absent(err) {
			return nil, Info{}, noSuchKey(bucket, key)
		}
		return nil, Info{}, wrap(err)
	}
	info := Info{Key: key, ContentType: DefaultContentType, Size: stat.Size(), Modified: stat.ModTime()}
	if info.ETag, err = d.tags.of(bucket, info, file); err != nil {
		return nil, Info{}, errors.Join(err, file.Close())
	}
	return file, info, nil
}

func noSuchKey(bucket, key string) error { return fmt.Errorf("%w: %s/%s", ErrNoSuchKey, bucket, key) }

// wrap says where an error comes from that has no name of its own.
func wrap(err error) error {
	if err == nil || errors.Is(err, ErrNoSuchBucket) || errors.Is(err, ErrNoSuchKey) || errors.Is(err, ErrInvalidName) {
		return err
	}
	return fmt.Errorf("storage: %w", err)
}

// Put implements Store. The content type is not kept: a folder has no place
// for it.
func (d *Dir) Put(ctx context.Context, bucket, key string, body []byte, contentType string) (Info, error) {
	if err := check(bucket, key); err != nil {
		return Info{}, err
	}
	if hidden(key) {
		return Info{}, fmt.Errorf("%w: key %q: %s… is kept for files being written", ErrInvalidName, key, tempPrefix)
	}
	if err := ctx.Err(); err != nil {
		return Info{}, wrap(err)
	}
	root, err := d.bucket(bucket)
	if errors.Is(err, ErrNoSuchBucket) {
		if err = d.root.Mkdir(bucket, 0o755); err == nil || errors.Is(err, fs.ErrExist) {
			root, err = d.bucket(bucket)
		}
	}
	if err != nil {
		return Info{}, wrap(err)
	}
	defer root.Close()
	info := describe(key, body, contentType)
	if info.ContentType = DefaultContentType; len(body) > maxHashed {
		info.ETag = "" // that of a large file needs its time
	}
	stat, err := replace(root, key, body)
	switch {
	case err != nil && unholdable(err):
		return Info{}, fmt.Errorf("%w: key %q cannot be held beside what is there (%w)", ErrInvalidName, key, err)
	case err != nil:
		return Info{}, wrap(err)
	}
	info.Modified = stat.ModTime()
	if info.ETag == "" {
		info.ETag = largeTag(info)
	}
	return info, nil
}

// replace writes a file beside its final place and then moves it there, so that
// readers see the old object or the new one and nothing between.
func replace(root *os.Root, key string, body []byte) (stat fs.FileInfo, err error) {
	folder, name, err := descend(root, key, true)
	if err != nil {
		return nil, err
	}
	defer folder.Close()
	temp := tempPrefix + rand.Text()
	file, err := folder.OpenFile(temp, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o644)
	if err != nil {
		return nil, err
	}
	_, err = file.Write(body)
	if err == nil {
		stat, err = file.Stat()
	}
	if err = errors.Join(err, file.Close()); err == nil {
		err = folder.Rename(temp, name)
	}
	if err != nil {
		return nil, errors.Join(err, folder.Remove(temp))
	}
	return stat, nil
}

// unholdable tells a key that has no place beside the others from a broken disk.
func unholdable(err error) bool {
	for _, target := range []error{
		syscall.ENOTDIR, syscall.EISDIR, fs.ErrExist, syscall.ENOTEMPTY, syscall.ENAMETOOLONG, syscall.ELOOP,
	} {
		if errors.Is(err, target) {
			return true
		}
	}
	return escapes(err)
}

// hidden tells whether a key has a part that is kept for files being written.
func hidden(key string) bool {
	return strings.HasPrefix(key, tempPrefix) || strings.Contains(key, "/"+tempPrefix)
}

// Delete implements Store.
func (d *Dir) Delete(_ context.Context, bucket, key string) error {
	if err := check(bucket, key); err != nil {
		return err
	}
	root, err := d.bucket(bucket)
	if err != nil {
		return wrap(err)
	}
	defer root.Close()
	folder, name, err := descend(root, key, false)
	if err == nil {
		defer folder.Close()
		var stat fs.FileInfo
		if stat, err = folder.Lstat(name); err == nil && !stat.IsDir() && !hidden(key) {
			err = folder.Remove(name)
		}
	}
	if err != nil && !absent(err) {
		return wrap(err)
	}
	return nil
}
