// A guest that does what its input tells it, for the tests of package
// hostfuncs. It is built both as a reactor and as a command.
package main

import (
	"context"
	cryptorand "crypto/rand"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"math/rand/v2"
	"os"
	"time"

	wasl "github.com/waslrun/wasl/sdk/go"
)

type request struct {
	Do, Bucket, Key, Text string
	Milliseconds          int
}

var (
	warmed  int
	calls   int
	initial = len(os.Getenv("NAME"))
)

var _ = wasl.Warmup(func() { warmed++ })

var _ = wasl.Handle(handle)

func handle(ctx context.Context, in request) (any, error) {
	bucket := wasl.Storage(in.Bucket)
	switch in.Do {
	case "echo":
		return in, nil
	case "state": // what is left of earlier calls
		calls++
		return []int{warmed, calls, initial}, nil
	case "fail":
		return nil, fmt.Errorf("wrapped: %w", &wasl.Error{Name: in.Key, Cause: in.Text})
	case "plain error":
		return nil, errors.New(in.Text)
	case "panic":
		panic(in.Text)
	case "exit":
		os.Exit(in.Milliseconds)
	case "get":
		b, err := bucket.Get(ctx, in.Key)
		return string(b), err
	case "put":
		return nil, bucket.Put(ctx, in.Key, []byte(in.Text))
	case "delete":
		return nil, bucket.Delete(ctx, in.Key)
	case "list":
		return bucket.List(ctx, in.Key)
	case "context":
		return wasl.TaskContext()
	case "env":
		value, found := wasl.Env(in.Key)
		return []any{value, found, os.Getenv(in.Key)}, nil
	case "fetch":
		r, err := wasl.Fetch(ctx, wasl.Request{Method: "POST", URL: in.Key, Body: []byte(in.Text)})
		return []any{r.Status, string(r.Body)}, err
	case "log":
		wasl.Log(in.Text)
		fmt.Fprintln(os.Stderr, in.Text)
	case "random":
		b := make([]byte, 16)
		_, err := cryptorand.Read(b)
		return []string{hex.EncodeToString(b), fmt.Sprint(rand.Uint64())}, err
	case "clock":
		return []int64{time.Now().UnixNano()}, nil
	case "sleep":
		start := time.Now()
		time.Sleep(time.Duration(in.Milliseconds) * time.Millisecond)
		return time.Since(start) >= time.Duration(in.Milliseconds)*time.Millisecond, nil
	case "beat until stopped":
		return beat(ctx, bucket)
	case "files":
		_, err := os.ReadFile(in.Key)
		return err.Error(), nil
	case "args":
		return os.Args, nil
	case "file system":
		return fileSystem(in.Key)
	case "read":
		b, err := os.ReadFile(in.Key)
		return string(b), err
	case "raw":
		return json.RawMessage(in.Text), nil
	}
	return nil, nil
}

// fileSystem uses a folder as programs do, through package os, and tells what is
// left in it.
func fileSystem(folder string) (any, error) {
	if err := os.Chdir(folder); err != nil {
		return nil, err
	}
	if err := errors.Join(os.MkdirAll("a/b", 0o755), os.WriteFile("a/b/file", []byte("text"), 0o644)); err != nil {
		return nil, err
	}
	f, err := os.OpenFile("a/b/file", os.O_RDWR|os.O_APPEND, 0)
	if err != nil {
		return nil, err
	}
	_, err = f.WriteString(" and more")
	if err := errors.Join(err, f.Truncate(8), f.Sync(), f.Close()); err != nil {
		return nil, err
	}
	then := time.Unix(1_000_000_000, 0)
	err = errors.Join(
		os.Rename("a/b/file", "a/moved"), os.Remove("a/b"), os.Symlink("moved", "a/link"),
		os.Chtimes("a/moved", then, then), os.WriteFile("gone", nil, 0o644), os.Remove("gone"),
	)
	if err != nil {
		return nil, err
	}
	var left []string
	err = fs.WalkDir(os.DirFS(folder), ".", func(path string, entry fs.DirEntry, err error) error {
		left = append(left, path+" "+entry.Type().String())
		return err
	})
	text, readErr := os.ReadFile("a/link")
	info, statErr := os.Stat("a/link")
	if err := errors.Join(err, readErr, statErr); err != nil {
		return nil, err
	}
	return []any{left, string(text), info.ModTime().Unix()}, nil
}

// beat works until it is told to stop, and tells in its log what it noticed.
func beat(ctx context.Context, bucket wasl.Bucket) (any, error) {
	for {
		if err := wasl.Heartbeat(ctx); err != nil {
			stopped := errors.Is(err, wasl.ErrStopped) && ctx.Err() != nil && errors.Is(context.Cause(ctx), wasl.ErrStopped)
			late := bucket.Put(context.Background(), "late", nil)
			wasl.Log(fmt.Sprintf("stopped: %v, late write: %v", stopped, errors.Is(late, wasl.ErrStopped)))
			return nil, err
		}
		time.Sleep(time.Millisecond)
	}
}

func main() {}
