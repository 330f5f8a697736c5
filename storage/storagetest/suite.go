// Package storagetest holds the suite that every storage backend passes.
package storagetest

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/waslrun/wasl/storage"
)

// Run tests a backend. open gives an empty store.
func Run(t *testing.T, open func(t *testing.T) storage.Store) {
	t.Run("an object comes back as it was put", func(t *testing.T) { roundTrip(t, open(t)) })
	t.Run("what is missing has a name", func(t *testing.T) { missing(t, open(t)) })
	t.Run("bad names are refused everywhere", func(t *testing.T) { badNames(t, open(t)) })
	t.Run("listings are in order, by prefix and in pages", func(t *testing.T) { listings(t, open(t)) })
	t.Run("paging gives every object once", func(t *testing.T) { paging(t, open(t)) })
	t.Run("readers see whole objects", func(t *testing.T) { whole(t, open(t)) })
	t.Run("an open object stays what it was", func(t *testing.T) { snapshot(t, open(t)) })
	t.Run("a body is not kept", func(t *testing.T) { copied(t, open(t)) })
	t.Run("an ended context stores nothing", func(t *testing.T) { cancelled(t, open(t)) })
}

func read(t *testing.T, s storage.Store, bucket, key string) string {
	t.Helper()
	o, err := s.Get(context.Background(), bucket, key)
	if err != nil {
		t.Fatal(err)
	}
	body, err := io.ReadAll(o.Body)
	if err := errors.Join(err, o.Body.Close()); err != nil {
		t.Fatal(err)
	}
	if int64(len(body)) != o.Size {
		t.Errorf("%s has %d bytes, its Size says %d", key, len(body), o.Size)
	}
	return string(body)
}

func put(t *testing.T, s storage.Store, bucket, key, body string) storage.Info {
	t.Helper()
	info, err := s.Put(context.Background(), bucket, key, []byte(body), "")
	if err != nil {
		t.Fatal(err)
	}
	return info
}

func roundTrip(t *testing.T, s storage.Store) {
	info := put(t, s, "b", "x/y z.json", "hello")
	if info.ETag != "5d41402abc4b2a76b9719d911017c592" || info.Size != 5 || info.Key != "x/y z.json" || info.ContentType != storage.DefaultContentType || info.Modified.IsZero() {
		t.Errorf("Put says %+v", info)
	}
	if got := read(t, s, "b", "x/y z.json"); got != "hello" {
		t.Errorf("got %q", got)
	}
	put(t, s, "b", "x/y z.json", "")
	if got := read(t, s, "b", "x/y z.json"); got != "" {
		t.Errorf("after a second Put: %q", got)
	}
	if err := s.Delete(context.Background(), "b", "x/y z.json"); err != nil {
		t.Fatal(err)
	}
	if _, err := s.Get(context.Background(), "b", "x/y z.json"); !errors.Is(err, storage.ErrNoSuchKey) {
		t.Errorf("after Delete: %v", err)
	}
}

func missing(t *testing.T, s storage.Store) {
	ctx := context.Background()
	put(t, s, "b", "a/b", "1")
	_, noBucket := s.Get(ctx, "other", "k")
	_, noKey := s.Get(ctx, "b", "k")
	_, folder := s.Get(ctx, "b", "a")
	_, below := s.Get(ctx, "b", "a/b/c")
	_, list := s.List(ctx, "other", storage.ListOptions{})
	for what, c := range map[string][2]error{
		"a bucket":        {noBucket, storage.ErrNoSuchBucket},
		"a key":           {noKey, storage.ErrNoSuchKey},
		"a folder":        {folder, storage.ErrNoSuchKey},
		"a key below one": {below, storage.ErrNoSuchKey},
		"a listing":       {list, storage.ErrNoSuchBucket},
		"Delete's bucket": {s.Delete(ctx, "other", "k"), storage.ErrNoSuchBucket},
	} {
		if !errors.Is(c[0], c[1]) {
			t.Errorf("%s: %v, want %v", what, c[0], c[1])
		}
	}
	if err := s.Delete(ctx, "b", "k"); err != nil {
		t.Errorf("Delete of a missing key: %v", err)
	}
	if err := s.Delete(ctx, "b", "a"); err != nil {
		t.Errorf("Delete of a folder: %v", err)
	}
	if got := read(t, s, "b", "a/b"); got != "1" {
		t.Errorf("a/b is %q", got)
	}
}

// BadKeys are keys that no backend may take.
var BadKeys = []string{
	"", ".", "..", "../x", "a/../../x", "/etc/passwd", "a//b", "a/", "a\x00b", `a\b`, `..\x`, "\xff",
	strings.Repeat("k/", 513) + "k", strings.Repeat("k", 256),
}

func badNames(t *testing.T, s storage.Store) {
	ctx := context.Background()
	put(t, s, "b", "k", "1")
	try := func(bucket, key string) {
		_, get := s.Get(ctx, bucket, key)
		_, put := s.Put(ctx, bucket, key, nil, "")
		for op, err := range map[string]error{"Get": get, "Put": put, "Delete": s.Delete(ctx, bucket, key)} {
			if !errors.Is(err, storage.ErrInvalidName) {
				t.Errorf("%s(%.20q, %.20q): %v", op, bucket, key, err)
			}
		}
	}
	for _, key := range BadKeys {
		try("b", key)
	}
	for _, bucket := range []string{"", ".", "..", "a/b", "../b", `a\b`, "a\x00", strings.Repeat("b", 64)} {
		try(bucket, "k")
		if _, err := s.List(ctx, bucket, storage.ListOptions{}); !errors.Is(err, storage.ErrInvalidName) {
			t.Errorf("List(%.20q): %v", bucket, err)
		}
	}
	if _, err := s.List(ctx, "b", storage.ListOptions{Prefix: "../"}); !errors.Is(err, storage.ErrInvalidName) {
		t.Errorf("List of prefix ../: %v", err)
	}
}

func listings(t *testing.T, s storage.Store) {
	for _, key := range []string{"b/2", "b/10", "a", "b.txt", "c/d/e", "ä"} {
		put(t, s, "l", key, key)
	}
	for _, c := range []struct {
		o    storage.ListOptions
		want string
		more bool
	}{
		{storage.ListOptions{}, "a b.txt b/10 b/2 c/d/e ä", false},
		{storage.ListOptions{Prefix: "b"}, "b.txt b/10 b/2", false},
		{storage.ListOptions{Prefix: "b/"}, "b/10 b/2", false},
		{storage.ListOptions{Prefix: "c/d/e"}, "c/d/e", false},
		{storage.ListOptions{Prefix: "none/x"}, "", false},
		{storage.ListOptions{Prefix: "."}, "", false},
		{storage.ListOptions{Prefix: "a/b"}, "", false},
		{storage.ListOptions{Max: 2}, "a b.txt", true},
		{storage.ListOptions{Max: 2, After: "b.txt"}, "b/10 b/2", true},
		{storage.ListOptions{Max: 4, After: "b/1"}, "b/10 b/2 c/d/e ä", false},
		{storage.ListOptions{Prefix: "b/", After: "a"}, "b/10 b/2", false},
		{storage.ListOptions{Prefix: "b/", After: "b/10", Max: 1}, "b/2", false},
	} {
		page, err := s.List(context.Background(), "l", c.o)
		if err != nil {
			t.Fatal(err)
		}
		var keys []string
		for _, o := range page.Objects {
			keys = append(keys, o.Key)
		}
		if got := strings.Join(keys, " "); got != c.want || page.More != c.more {
			t.Errorf("List(%+v) = %q, more %v; want %q, %v", c.o, got, page.More, c.want, c.more)
		}
	}
}

func paging(t *testing.T, s storage.Store) {
	var want []string
	for i := range 60 {
		// Folders and files whose names sort differently with and without the
		// slash that follows a folder's name.
		key := []string{"a", "a-", "a.", "a0", "b/c"}[i%5] + fmt.Sprintf("%c/k%02d", "-/"[i%2], i)
		key = strings.ReplaceAll(key, "//", "/")
		put(t, s, "p", key, "")
		want = append(want, key)
	}
	slices.Sort(want)
	for _, limit := range []int{1, 7, 59, 60, 61} {
		var got []string
		for o := (storage.ListOptions{Max: limit}); ; {
			page, err := s.List(context.Background(), "p", o)
			if err != nil {
				t.Fatal(err)
			}
			for _, object := range page.Objects {
				got = append(got, object.Key)
			}
			if !page.More || len(page.Objects) == 0 {
				break
			}
			o.After = got[len(got)-1]
		}
		if !slices.Equal(got, want) {
			t.Errorf("pages of %d give\n%q, want\n%q", limit, got, want)
		}
	}
}

func snapshot(t *testing.T, s storage.Store) {
	ctx := context.Background()
	put(t, s, "b", "k", "0123456789")
	o, err := s.Get(ctx, "b", "k")
	if err != nil {
		t.Fatal(err)
	}
	put(t, s, "b", "k", "other")
	if err := s.Delete(ctx, "b", "k"); err != nil {
		t.Fatal(err)
	}
	if _, err := o.Body.Seek(7, io.SeekStart); err != nil {
		t.Fatal(err)
	}
	rest, err := io.ReadAll(o.Body)
	if err := errors.Join(err, o.Body.Close()); err != nil {
		t.Fatal(err)
	}
	if string(rest) != "789" {
		t.Errorf("from byte 7 on: %q", rest)
	}
}

func copied(t *testing.T, s storage.Store) {
	body := []byte("before")
	if _, err := s.Put(context.Background(), "b", "k", body, ""); err != nil {
		t.Fatal(err)
	}
	copy(body, "after!")
	if got := read(t, s, "b", "k"); got != "before" {
		t.Errorf("got %q", got)
	}
}

func cancelled(t *testing.T, s storage.Store) {
	put(t, s, "b", "other", "")
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := s.Put(ctx, "b", "k", nil, ""); !errors.Is(err, context.Canceled) {
		t.Errorf("Put: %v", err)
	}
	if _, err := s.Get(context.Background(), "b", "k"); !errors.Is(err, storage.ErrNoSuchKey) {
		t.Errorf("Get: %v", err)
	}
}

func whole(t *testing.T, s storage.Store) {
	texts := []string{strings.Repeat("a", 100_000), strings.Repeat("b", 50_000)}
	put(t, s, "w", "k", texts[0])
	var writers sync.WaitGroup
	for _, text := range texts {
		writers.Go(func() {
			for range 50 {
				if _, err := s.Put(context.Background(), "w", "k", []byte(text), ""); err != nil {
					t.Error(err)
				}
			}
		})
	}
	for range 50 {
		if got := read(t, s, "w", "k"); got != texts[0] && got != texts[1] {
			t.Fatalf("a mixture of %d bytes", len(got))
		}
	}
	writers.Wait()
}
