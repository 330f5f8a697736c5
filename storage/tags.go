package storage

import (
	"crypto/md5"
	"encoding/hex"
	"io"
	"strconv"
	"sync"
	"time"
)

// maxHashed is the size up to which a file's ETag is the MD5 of its body. S3's
// clients upload larger ones in parts, whose ETags are no MD5 of the body
// either.
const maxHashed = 8 << 20

// tags remembers the ETags of files, so that a listing need not read them all
// again.
type tags struct {
	mu    sync.Mutex
	known map[tagKey]string
}

type tagKey struct {
	bucket, key string
	size        int64
	modified    int64 // nanoseconds since 1970
}

// maxTags bounds what is remembered; then it starts anew.
const maxTags = 1 << 16

// settled is how old a file's time must be to stand for its content: file
// systems keep times coarsely, and a younger file can change unseen.
const settled = 2 * time.Second

// of gives an open file's ETag and leaves the file at its start.
func (t *tags) of(bucket string, info Info, file io.ReadSeeker) (string, error) {
	if info.Size > maxHashed {
		return largeTag(info), nil
	}
	key := tagKey{bucket, info.Key, info.Size, info.Modified.UnixNano()}
	if tag, ok := t.find(key); ok {
		return tag, nil
	}
	hash := md5.New()
	if _, err := io.Copy(hash, file); err != nil {
		return "", err
	}
	if _, err := file.Seek(0, io.SeekStart); err != nil {
		return "", err
	}
	tag := hex.EncodeToString(hash.Sum(nil))
	if time.Since(info.Modified) > settled {
		t.keep(key, tag)
	}
	return tag, nil
}

func (t *tags) find(key tagKey) (string, bool) {
	t.mu.Lock()
	defer t.mu.Unlock()
	tag, ok := t.known[key]
	return tag, ok
}

func (t *tags) keep(key tagKey, tag string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.known == nil || len(t.known) >= maxTags {
		t.known = map[tagKey]string{}
	}
	t.known[key] = tag
}

// largeTag makes an ETag of a file's size and time, in the form of those of
// uploads in parts.
func largeTag(info Info) string {
	sum := md5.Sum(strconv.AppendInt(strconv.AppendInt(nil, info.Size, 10), info.Modified.UnixNano(), 10))
	parts := (info.Size + maxHashed - 1) / maxHashed
	return hex.EncodeToString(sum[:]) + "-" + strconv.FormatInt(parts, 10)
}
