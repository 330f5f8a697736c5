package storage

import (
	"context"
	"errors"
	"os"
	"path"
	"slices"
	"strings"
)

// List implements Store. A page costs as much as the folders that it has to
// look into, not as much as the bucket.
func (d *Dir) List(ctx context.Context, bucket string, o ListOptions) (Page, error) {
	if err := errors.Join(CheckBucket(bucket), checkPrefix(o.Prefix)); err != nil {
		return Page{}, err
	}
	root, err := d.bucket(bucket)
	if err != nil {
		return Page{}, wrap(err)
	}
	defer root.Close()
	l := lister{ctx: ctx, dir: d, bucket: bucket, options: o}
	// The walk begins at the deepest folder that the prefix names.
	start := o.Prefix[:strings.LastIndexByte(o.Prefix, '/')+1]
	folder, _, err := descend(root, start, false)
	if err != nil && absent(err) {
		return Page{}, nil
	} else if err != nil {
		return Page{}, wrap(err)
	}
	defer folder.Close()
	if err := l.walk(folder, start); err != nil && !errors.Is(err, errPageFull) {
		return Page{}, wrap(err)
	}
	return l.page, nil
}

var errPageFull = errors.New("the page is full")

// lister walks through a bucket in the order of its keys.
type lister struct {
	ctx     context.Context
	dir     *Dir
	bucket  string
	options ListOptions
	page    Page
}

// walk lists a folder. The keys in it begin with prefix, which is empty or ends
// with a slash.
func (l *lister) walk(folder *os.Root, prefix string) error {
	keys, err := l.read(folder, prefix)
	if err != nil {
		return err
	}
	for _, key := range keys {
		if strings.HasSuffix(key, "/") {
			err = l.walkInto(folder, key)
		} else {
			err = l.add(folder, key[len(prefix):], key)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// walkInto lists a folder in a folder.
func (l *lister) walkInto(folder *os.Root, prefix string) error {
	below, err := child(folder, path.Base(prefix))
	if err != nil && absent(err) {
		return nil // removed meanwhile
	} else if err != nil {
		return err
	}
	defer below.Close()
	return l.walk(below, prefix)
}

// add puts an object on the page.
func (l *lister) add(folder *os.Root, name, key string) error {
	if err := l.ctx.Err(); err != nil {
		return err
	}
	file, info, err := l.dir.open(folder, name, l.bucket, key)
	if errors.Is(err, ErrNoSuchKey) {
		return nil // removed meanwhile, or no regular file
	}
	if err != nil {
		return err
	}
	if err := file.Close(); err != nil {
		return err
	}
	if len(l.page.Objects) == l.options.max() {
		l.page.More = true
		return errPageFull
	}
	l.page.Objects = append(l.page.Objects, info)
	return nil
}

// read gives the keys and folders in a folder that belong to the listing, in
// order. A folder's name ends with a slash, so that it sorts as the keys below
// it do: "a-b" comes before "a/c".
func (l *lister) read(folder *os.Root, prefix string) ([]string, error) {
	file, err := folder.Open(".")
	if err != nil {
		if absent(err) {
			return nil, nil
		}
		return nil, err
	}
	defer file.Close()
	entries, err := file.ReadDir(-1)
	if err != nil && !absent(err) {
		return nil, err
	}
	var names []string
	for _, entry := range entries {
		name := prefix + entry.Name()
		if CheckKey(name) != nil || hidden(name) {
			continue
		}
		switch {
		case entry.IsDir():
			if name += "/"; l.mayHold(name) {
				names = append(names, name)
			}
		case name > l.options.After && strings.HasPrefix(name, l.options.Prefix):
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return names, nil
}

// mayHold tells whether a key below a folder can belong to the listing.
func (l *lister) mayHold(folder string) bool {
	// The keys below are all before After, or all after it, unless After begins
	// with the folder's name.
	if folder < l.options.After && !strings.HasPrefix(l.options.After, folder) {
		return false
	}
	return strings.HasPrefix(folder, l.options.Prefix) || strings.HasPrefix(l.options.Prefix, folder)
}
