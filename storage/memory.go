package storage

import (
	"bytes"
	"context"
	"crypto/md5"
	"encoding/hex"
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"
)

// Memory keeps objects in memory.
type Memory struct {
	mu      sync.RWMutex
	buckets map[string]*memoryBucket
}

type memoryBucket struct {
	objects map[string]memoryObject
	keys    []string // sorted; rebuilt when nil
}

type memoryObject struct {
	info Info
	body []byte
}

// NewMemory makes an empty store.
func NewMemory() *Memory {
	return &Memory{buckets: map[string]*memoryBucket{}}
}

// Get implements Store.
func (m *Memory) Get(_ context.Context, bucket, key string) (Object, error) {
	if err := check(bucket, key); err != nil {
		return Object{}, err
	}
	m.mu.RLock()
	defer m.mu.RUnlock()
	b, ok := m.buckets[bucket]
	if !ok {
		return Object{}, fmt.Errorf("%w: %s", ErrNoSuchBucket, bucket)
	}
	o, ok := b.objects[key]
	if !ok {
		return Object{}, fmt.Errorf("%w: %s/%s", ErrNoSuchKey, bucket, key)
	}
	return Object{Info: o.info, Body: bodyReader{bytes.NewReader(o.body)}}, nil
}

type bodyReader struct{ *bytes.Reader }

func (bodyReader) Close() error { return nil }

// Put implements Store.
func (m *Memory) Put(ctx context.Context, bucket, key string, body []byte, contentType string) (Info, error) {
	if err := check(bucket, key); err != nil {
		return Info{}, err
	}
	if err := ctx.Err(); err != nil {
		return Info{}, fmt.Errorf("storage: %w", err)
	}
	info := describe(key, body, contentType)
	info.Modified = time.Now()
	m.mu.Lock()
	defer m.mu.Unlock()
	b, ok := m.buckets[bucket]
	if !ok {
		b = &memoryBucket{objects: map[string]memoryObject{}}
		m.buckets[bucket] = b
	}
	if _, ok := b.objects[key]; !ok {
		b.keys = nil
	}
	b.objects[key] = memoryObject{info, bytes.Clone(body)}
	return info, nil
}

func describe(key string, body []byte, contentType string) Info {
	if contentType == "" {
		contentType = DefaultContentType
	}
	sum := md5.Sum(body)
	return Info{Key: key, Size: int64(len(body)), ETag: hex.EncodeToString(sum[:]), ContentType: contentType}
}

// Delete implements Store.
func (m *Memory) Delete(_ context.Context, bucket, key string) error {
	if err := check(bucket, key); err != nil {
		return err
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	b, ok := m.buckets[bucket]
	if !ok {
		return fmt.Errorf("%w: %s", ErrNoSuchBucket, bucket)
	}
	if _, ok := b.objects[key]; ok {
		delete(b.objects, key)
		b.keys = nil
	}
	return nil
}

// List implements Store.
func (m *Memory) List(_ context.Context, bucket string, o ListOptions) (Page, error) {
	if err := CheckBucket(bucket); err != nil {
		return Page{}, err
	}
	if err := checkPrefix(o.Prefix); err != nil {
		return Page{}, err
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	b, ok := m.buckets[bucket]
	if !ok {
		return Page{}, fmt.Errorf("%w: %s", ErrNoSuchBucket, bucket)
	}
	if b.keys == nil {
		b.keys = make([]string, 0, len(b.objects))
		for key := range b.objects {
			b.keys = append(b.keys, key)
		}
		slices.Sort(b.keys)
	}
	keys, more := o.window(b.keys)
	page := Page{More: more}
	for _, key := range keys {
		page.Objects = append(page.Objects, b.objects[key].info)
	}
	return page, nil
}

// window cuts what a listing shows out of sorted keys.
func (o ListOptions) window(keys []string) (part []string, more bool) {
	from, _ := slices.BinarySearch(keys, o.Prefix)
	if o.After >= o.Prefix && o.After != "" {
		at, found := slices.BinarySearch(keys, o.After)
		if found {
			at++
		}
		from = max(from, at)
	}
	to := from
	for to < len(keys) && to-from < o.max() && strings.HasPrefix(keys[to], o.Prefix) {
		to++
	}
	return keys[from:to], to < len(keys) && strings.HasPrefix(keys[to], o.Prefix)
}
