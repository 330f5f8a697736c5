package storage

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"
	"unicode/utf8"
)

// The errors of a Store. Backends wrap them with the bucket and the key.
var (
	ErrNoSuchBucket = errors.New("no such bucket")
	ErrNoSuchKey    = errors.New("no such key")
	ErrInvalidName  = errors.New("invalid name")
)

// Store keeps objects. All methods are safe for concurrent use.
type Store interface {
	// Get opens an object. Its body is what it was at that time, whatever is
	// put in its place; a part of it is read after a Seek. The caller closes
	// the body.
	Get(ctx context.Context, bucket, key string) (Object, error)
	// Put stores an object whole or not at all, and does not keep body. A
	// bucket that is not there is made, unless the store's buckets are fixed.
	Put(ctx context.Context, bucket, key string, body []byte, contentType string) (Info, error)
	// Delete removes an object; one that is not there is no error, as in S3.
	Delete(ctx context.Context, bucket, key string) error
	// List gives objects in the order of their keys (UTF-8 bytes), those after
	// the key Options.After, at most Options.Max of them (0: 1000).
	List(ctx context.Context, bucket string, o ListOptions) (Page, error)
}

// Info describes an object.
type Info struct {
	Key         string
	Size        int64
	ETag        string // hexadecimal MD5 of the body, or as S3's for uploads in parts; without quotes
	ContentType string
	Modified    time.Time
}

// Object is an open object.
type Object struct {
	Info
	Body io.ReadSeekCloser
}

// ListOptions select what List gives.
type ListOptions struct {
	Prefix string
	After  string
	Max    int
}

func (o ListOptions) max() int {
	if o.Max <= 0 {
		return 1000
	}
	return o.Max
}

// Page is a part of a listing. More says that there are objects after the last.
type Page struct {
	Objects []Info
	More    bool
}

// DefaultContentType is what an object has that was put without one, as in S3.
const DefaultContentType = "binary/octet-stream"

// MaxKey is the longest key, in bytes.
const MaxKey = 1024

// CheckKey tells what is wrong with a key. Keys are relative paths of
// UTF-8 text with '/' between their parts: every backend, a folder on disk
// among them, can hold them, and none of them leads out of its bucket.
func CheckKey(key string) error {
	switch {
	case key == "":
		return fmt.Errorf("%w: an empty key", ErrInvalidName)
	case len(key) > MaxKey:
		return fmt.Errorf("%w: a key of %d bytes; the limit is %d", ErrInvalidName, len(key), MaxKey)
	case !utf8.ValidString(key):
		return fmt.Errorf("%w: key %q is not UTF-8", ErrInvalidName, key)
	case strings.ContainsAny(key, "\x00\\"):
		return fmt.Errorf("%w: key %q has a NUL or a backslash", ErrInvalidName, key)
	}
	for part := range strings.SplitSeq(key, "/") {
		if part == "" || part == "." || part == ".." {
			return fmt.Errorf("%w: key %q has an empty part, \".\" or \"..\"", ErrInvalidName, key)
		}
		if len(part) > 255 {
			return fmt.Errorf("%w: key %q has a part of over 255 bytes", ErrInvalidName, key)
		}
	}
	return nil
}

// CheckBucket tells what is wrong with a bucket's name: 3 to 63 letters,
// digits, points and hyphens, as in S3, and underscores and short names besides.
func CheckBucket(bucket string) error {
	ok := bucket != "" && len(bucket) <= 63 && bucket[0] != '.'
	for i := 0; ok && i < len(bucket); i++ {
		c := bucket[i]
		ok = c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || strings.IndexByte(".-_", c) >= 0
	}
	if !ok {
		return fmt.Errorf("%w: bucket %q", ErrInvalidName, bucket)
	}
	return nil
}

func check(bucket, key string) error {
	if err := CheckBucket(bucket); err != nil {
		return err
	}
	return CheckKey(key)
}

// checkPrefix refuses prefixes that no key could have. Its last part may be the
// beginning of anything.
func checkPrefix(prefix string) error {
	if prefix == "" {
		return nil
	}
	if at := strings.LastIndexByte(prefix, '/'); at >= 0 {
		if err := CheckKey(prefix[:at]); err != nil {
			return err
		}
	}
	return CheckKey(prefix + "x")
}
