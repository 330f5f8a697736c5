package storage

import (
	"errors"
	"io/fs"
	"os"
	"strings"
	"syscall"
)

// Keys are followed one name at a time, and never through a symbolic link: a
// grant is for a prefix of keys, and a link below one prefix would lead to
// another, or to another bucket.

// child opens a folder in a folder. A link, or anything else that is no folder,
// is ENOTDIR.
func child(parent *os.Root, name string) (*os.Root, error) {
	before, err := parent.Lstat(name)
	if err != nil {
		return nil, err
	}
	notDir := &fs.PathError{Op: "open", Path: name, Err: syscall.ENOTDIR}
	if !before.IsDir() {
		return nil, notDir
	}
	folder, err := parent.OpenRoot(name)
	if err != nil {
		return nil, err
	}
	// A link may have come in its place meanwhile.
	after, err := folder.Stat(".")
	if err == nil && !os.SameFile(before, after) {
		err = notDir
	}
	if err != nil {
		return nil, errors.Join(err, folder.Close())
	}
	return folder, nil
}

// descend opens the folder that holds a key, and gives the key's last name. The
// caller closes the folder, which is never root itself. With create, folders
// that are not there are made.
func descend(root *os.Root, key string, create bool) (folder *os.Root, last string, err error) {
	if folder, err = root.OpenRoot("."); err != nil {
		return nil, "", err
	}
	for {
		name, rest, more := strings.Cut(key, "/")
		if !more {
			return folder, name, nil
		}
		next, err := child(folder, name)
		if create && errors.Is(err, fs.ErrNotExist) {
			if err = folder.Mkdir(name, 0o755); err == nil || errors.Is(err, fs.ErrExist) {
				next, err = child(folder, name)
			}
		}
		if closed := folder.Close(); err != nil {
			return nil, "", errors.Join(err, closed)
		}
		folder, key = next, rest
	}
}

// openRegular opens a regular file in a folder. Anything else, a link among it,
// is ELOOP.
func openRegular(folder *os.Root, name string) (*os.File, fs.FileInfo, error) {
	before, err := folder.Lstat(name)
	if err != nil {
		return nil, nil, err
	}
	irregular := &fs.PathError{Op: "open", Path: name, Err: syscall.ELOOP}
	if !before.Mode().IsRegular() {
		return nil, nil, irregular
	}
	// Opening a named pipe that has come in its place would wait for its writer
	// without O_NONBLOCK.
	file, err := folder.OpenFile(name, os.O_RDONLY|syscall.O_NONBLOCK, 0)
	if err != nil {
		return nil, nil, err
	}
	after, err := file.Stat()
	if err == nil && !os.SameFile(before, after) {
		err = irregular
	}
	if err != nil {
		return nil, nil, errors.Join(err, file.Close())
	}
	return file, after, nil
}
