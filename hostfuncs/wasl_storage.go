package hostfuncs

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"strings"

	"github.com/tetratelabs/wazero/api"

	"github.com/waslrun/wasl/modules"
	"github.com/waslrun/wasl/storage"
)

var waslStorage = []waslFunction{
	{"storage_get", "iiiiIii", "I", storageGet},
	{"storage_put", "iiiiii", "i", storagePut},
	{"storage_delete", "iiii", "i", storageDelete},
	{"storage_list", "iiiiiiiii", "I", storageList},
}

// access is what a guest wants to do with a bucket.
type access bool

const (
	reading access = false
	writing access = true
)

// allowed checks a key, or the prefix of a listing, against the grants.
func (s *session) allowed(bucket, key string, a access) error {
	switch {
	case s.initializing:
		return errUnavailable
	case a == writing && s.stopped():
		return errStopped
	}
	for _, g := range s.grants.Storage {
		granted := g.Read
		if a == writing {
			granted = g.Write
		}
		if granted && g.Bucket == bucket && strings.HasPrefix(key, g.Prefix) && s.task.Storage != nil {
			return nil
		}
	}
	what := "reading"
	if a == writing {
		what = "writing"
	}
	return refuse(codeDenied, "%s %.200q in bucket %.63q is not granted", what, key, bucket)
}

// names reads a bucket's and a key's name.
func (s *session) names(mod api.Module, a []uint64) (bucket, key string, err error) {
	m := s.memory(mod)
	if uint32(a[1]) > storage.MaxKey || uint32(a[3]) > storage.MaxKey {
		return "", "", refuse(codeInvalid, "a name is longer than %d bytes", storage.MaxKey)
	}
	bucket, ok := m.text(uint32(a[0]), uint32(a[1]))
	key, ok2 := m.text(uint32(a[2]), uint32(a[3]))
	if !ok || !ok2 {
		return "", "", errFault
	}
	return bucket, key, nil
}

// object reads and checks the names of an object that a guest wants to use.
// Names are checked before grants, so that "../x" is invalid everywhere.
func (s *session) object(mod api.Module, a []uint64, want access) (bucket, key string, err error) {
	if bucket, key, err = s.names(mod, a); err != nil {
		return "", "", err
	}
	if err := errors.Join(storage.CheckBucket(bucket), storage.CheckKey(key)); err != nil {
		return "", "", storageError(err)
	}
	return bucket, key, s.allowed(bucket, key, want)
}

// storage is the task's store, which may be far away.
func (s *session) storage(ctx context.Context) storage.Store {
	modules.Waits(ctx)
	return s.task.Storage
}

// storageError gives a store's error the code that the guest gets.
func storageError(err error) error {
	switch {
	case errors.Is(err, storage.ErrNoSuchKey), errors.Is(err, storage.ErrNoSuchBucket):
		return &refusal{codeNotFound, err.Error()}
	case errors.Is(err, storage.ErrInvalidName):
		return &refusal{codeInvalid, err.Error()}
	}
	return err
}

// storageGet(bucket, key, offset, ptr, len) copies an object from an offset on,
// as much as fits, and gives the size of the whole object.
func storageGet(ctx context.Context, s *session, mod api.Module, a []uint64) (int64, error) {
	bucket, key, err := s.object(mod, a, reading)
	if err != nil {
		return 0, err
	}
	offset, ptr, room := int64(a[4]), uint32(a[5]), uint32(a[6])
	if !s.memory(mod).holds(ptr, room) {
		return 0, errFault
	}
	if offset < 0 {
		return 0, refuse(codeInvalid, "offset %d is negative", offset)
	}
	object, err := s.storage(ctx).Get(ctx, bucket, key)
	if err != nil {
		return 0, storageError(err)
	}
	defer object.Body.Close()
	if err := s.copyObject(ctx, mod, ptr, room, object, offset); err != nil {
		return 0, err
	}
	return object.Size, nil
}

// readPiece is how much of an object the host holds at a time.
const readPiece = 256 << 10 // bytes

// copyObject copies an object from an offset on, as much as fits.
func (s *session) copyObject(ctx context.Context, mod api.Module, ptr, room uint32, object storage.Object, offset int64) error {
	left := min(int64(room), max(object.Size-offset, 0))
	if left == 0 {
		return nil
	}
	if _, err := object.Body.Seek(offset, io.SeekStart); err != nil {
		return err
	}
	piece := make([]byte, min(left, readPiece))
	for left > 0 {
		n, err := io.ReadFull(object.Body, piece[:min(left, readPiece)])
		if err != nil {
			return err
		}
		if s.spend(unitsStoredByte * int64(n)); !s.pay(ctx) {
			return errEnding
		}
		// Reading took its time; the memory is looked at anew.
		if _, ok := s.memory(mod).fill(ptr, uint32(n), piece[:n]); !ok {
			return errFault
		}
		ptr += uint32(n)
		left -= int64(n)
	}
	return nil
}

// storagePut(bucket, key, ptr, len) stores an object whole.
func storagePut(ctx context.Context, s *session, mod api.Module, a []uint64) (int64, error) {
	bucket, key, err := s.object(mod, a, writing)
	if err != nil {
		return 0, err
	}
	ptr, size := uint32(a[4]), uint32(a[5])
	switch {
	case !s.memory(mod).holds(ptr, size):
		return 0, errFault
	case size > maxObject:
		return 0, refuse(codeTooLarge, "the object is larger than %d bytes", maxObject)
	case s.stored+putCost(size) > s.limits.Stored:
		return 0, refuse(codeTooLarge, "the task has stored more than %d bytes", s.limits.Stored)
	}
	view, _ := s.memory(mod).span(ptr, size)
	s.stored += putCost(size)
	if s.spend(unitsStoredByte * int64(size)); !s.pay(ctx) {
		return 0, errEnding
	}
	// The store may wait and may keep what it gets, so it gets a copy.
	if _, err := s.storage(ctx).Put(ctx, bucket, key, append([]byte(nil), view...), ""); err != nil {
		return 0, storageError(err)
	}
	return 0, nil
}

// maxObject is the most that one storage_put takes, since the host holds it
// beside the guest's own memory.
const maxObject = 32 << 20 // bytes

// putCost is what a put counts against the limit; an empty object is not free.
func putCost(size uint32) int64 { return max(int64(size), 1<<10) }

// storageDelete(bucket, key) removes an object; it is no error when there is
// none.
func storageDelete(ctx context.Context, s *session, mod api.Module, a []uint64) (int64, error) {
	bucket, key, err := s.object(mod, a, writing)
	if err != nil {
		return 0, err
	}
	if err := s.storage(ctx).Delete(ctx, bucket, key); err != nil {
		return 0, storageError(err)
	}
	return 0, nil
}

// listing is what storage_list hands over. It has no times, which would be a
// clock.
type listing struct {
	Objects []listed `json:"objects"`
	// More says that there are objects after the last.
	More bool `json:"more"`
}

type listed struct {
	Key  string `json:"key"`
	Size int64  `json:"size"`
	ETag string `json:"etag"`
}

// maxListed is how many objects one storage_list gives.
const maxListed = 1000

// storageList(bucket, prefix, after, limit, ptr, len) copies a page of a
// listing, a JSON object, and gives its size.
func storageList(ctx context.Context, s *session, mod api.Module, a []uint64) (int64, error) {
	bucket, prefix, err := s.names(mod, a)
	if err != nil {
		return 0, err
	}
	_, after, err := s.names(mod, []uint64{0, 0, a[4], a[5]})
	if err != nil {
		return 0, err
	}
	if err := storage.CheckBucket(bucket); err != nil {
		return 0, storageError(err)
	}
	if err := s.allowed(bucket, prefix, reading); err != nil {
		return 0, err
	}
	limit := int(min(uint32(a[6])-1, maxListed-1)) + 1 // 0: as many as there may be
	page, err := s.storage(ctx).List(ctx, bucket, storage.ListOptions{Prefix: prefix, After: after, Max: limit})
	if err != nil {
		return 0, storageError(err)
	}
	out := listing{Objects: make([]listed, 0, len(page.Objects)), More: page.More}
	for _, o := range page.Objects {
		out.Objects = append(out.Objects, listed{o.Key, o.Size, o.ETag})
	}
	s.spend(unitsStorage * int64(len(page.Objects)))
	text, err := json.Marshal(out)
	if err != nil {
		return 0, err
	}
	return s.give(mod, a[7], a[8], text)
}
