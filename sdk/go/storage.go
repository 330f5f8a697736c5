package wasl

import (
	"context"
	"encoding/json"
)

// Bucket is a bucket of the host's object storage.
type Bucket struct{ name string }

// Storage gives a bucket. Which of its keys the task may read or write is
// granted in the configuration.
func Storage(bucket string) Bucket { return Bucket{bucket} }

// Get reads an object. It is [ErrNotFound] when there is none.
func (b Bucket) Get(ctx context.Context, key string) ([]byte, error) {
	if err := context.Cause(ctx); err != nil {
		return nil, err
	}
	return sized("get "+b.name+"/"+key, 16<<10, func(buf []byte) int64 {
		return storageGet(b.name, key, 0, buf)
	})
}

// Put stores an object, in place of what was there.
func (b Bucket) Put(ctx context.Context, key string, body []byte) error {
	if err := context.Cause(ctx); err != nil {
		return err
	}
	if n := storagePut(b.name, key, body); n < 0 {
		return failure("put "+b.name+"/"+key, int64(n))
	}
	return nil
}

// Delete removes an object; it is no error when there is none.
func (b Bucket) Delete(ctx context.Context, key string) error {
	if err := context.Cause(ctx); err != nil {
		return err
	}
	if n := storageDelete(b.name, key); n < 0 {
		return failure("delete "+b.name+"/"+key, int64(n))
	}
	return nil
}

// List gives all keys that begin with prefix, in the order of their bytes.
func (b Bucket) List(ctx context.Context, prefix string) ([]string, error) {
	var keys []string
	err := b.Each(ctx, prefix, func(o Object) error {
		keys = append(keys, o.Key)
		return nil
	})
	return keys, err
}

// Object describes a stored object.
type Object struct {
	Key  string `json:"key"`
	Size int64  `json:"size"` // bytes
	ETag string `json:"etag"` // changes when the content does
}

// Each calls f for every object whose key begins with prefix, in the order of
// the keys' bytes, until f fails.
func (b Bucket) Each(ctx context.Context, prefix string, f func(Object) error) error {
	var page struct {
		Objects []Object `json:"objects"`
		More    bool     `json:"more"`
	}
	for after := ""; ; {
		if err := context.Cause(ctx); err != nil {
			return err
		}
		text, err := sized("list "+b.name+"/"+prefix, 32<<10, func(buf []byte) int64 {
			return storageList(b.name, prefix, after, 0, buf)
		})
		if err != nil {
			return err
		}
		page.Objects, page.More = page.Objects[:0], false
		if err := json.Unmarshal(text, &page); err != nil {
			return err
		}
		for _, o := range page.Objects {
			if err := f(o); err != nil {
				return err
			}
		}
		if !page.More || len(page.Objects) == 0 {
			return nil
		}
		after = page.Objects[len(page.Objects)-1].Key
	}
}
