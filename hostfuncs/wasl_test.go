package hostfuncs

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/waslrun/wasl/modules"
	"github.com/waslrun/wasl/storage"
	"github.com/waslrun/wasl/storage/storagetest"
)

// lastError reads the text of the last failure.
func (g *guest) lastError() string {
	g.t.Helper()
	n := g.wasl("last_error", 50000, 4096)
	return string(g.fake.mem.data[50000:][:n])
}

func TestInputAndOutput(t *testing.T) {
	g := newGuest(t, Task{}, modules.ABIReactor, "0123456789")
	if n := g.wasl("input_len"); n != 10 {
		t.Errorf("input_len %d", n)
	}
	for _, c := range []struct {
		size, offset uint64
		want         string
	}{{100, 0, "0123456789"}, {4, 0, "0123"}, {4, 8, "89"}, {4, 10, ""}, {4, 0xffffffff, ""}, {0, 0, ""}} {
		n := g.wasl("input_read", 64, c.size, c.offset)
		if got := string(g.memory()[64:][:max(n, 0)]); got != c.want || n != int64(len(c.want)) {
			t.Errorf("input_read(%d, %d) = %d, %q", c.size, c.offset, n, got)
		}
	}
	for _, part := range []string{`{"a":`, `1}`} {
		ptr, n := g.text(0, part)
		if code := g.wasl("output_write", ptr, n); code != 0 {
			t.Errorf("output_write: %d", code)
		}
	}
	if output, failure := g.end(); output != `{"a":1}` || failure != nil {
		t.Errorf("output %q, failure %v", output, failure)
	}
}

func TestHeartbeat(t *testing.T) {
	beats, stop := 0, make(chan struct{})
	g := newGuest(t, Task{Heartbeat: func() { beats++ }, Stop: stop}, modules.ABIReactor, "")
	if code := g.wasl("heartbeat"); code != 0 || beats != 1 {
		t.Errorf("before the stop: %d, %d heard", code, beats)
	}
	close(stop)
	// Row 33: a late heartbeat keeps nothing alive.
	if code := g.wasl("heartbeat"); code != 1 || beats != 1 {
		t.Errorf("after the stop: %d, %d heard", code, beats)
	}
	if code := newGuest(t, Task{}, modules.ABIReactor, "").wasl("heartbeat"); code != 0 {
		t.Errorf("when nobody listens: %d", code)
	}
}

func TestContextAndEnvironment(t *testing.T) {
	g := newGuest(t, everything(), modules.ABIReactor, "")
	const text = `{"State":{"Name":"S"}}`
	for _, room := range []uint64{0, 5, 22, 100} {
		n := g.wasl("context", 0, room)
		if got := string(g.memory()[:min(room, 22)]); n != int64(len(text)) || got != text[:min(room, 22)] {
			t.Errorf("context with room for %d: %d, %q", room, n, got)
		}
	}
	for name, want := range map[string]string{"NAME": "value", "TOKEN": "hunter2"} {
		ptr, n := g.text(100, name)
		if size := g.wasl("env", ptr, n, 0, 100); string(g.memory()[:max(size, 0)]) != want {
			t.Errorf("%s: %d, %q", name, size, g.memory()[:10])
		}
	}
	ptr, n := g.text(100, "PATH")
	if code := g.wasl("env", ptr, n, 0, 100); code != int64(codeNotFound) || g.lastError() != `there is no variable "PATH"` {
		t.Errorf("PATH: %d, %s", code, g.lastError())
	}
	g = newGuest(t, Task{}, modules.ABIReactor, "")
	if n := g.wasl("context", 0, 10); n != 2 || string(g.memory()[:2]) != "{}" {
		t.Errorf("without a context: %d", n)
	}
}

// Row 21: what a guest may call its errors.
func TestFail(t *testing.T) {
	long := strings.Repeat("x", 1<<20)
	for _, c := range []struct{ name, cause, wantError, wantCause string }{
		{"Custom", "why", "Custom", "why"},
		{"", "why", "States.TaskFailed", "why"},
		{" \n", "why", "States.TaskFailed", "why"},
		{"States.Timeout", "why", "States.TaskFailed", "the task reported States.Timeout, a reserved name: why"},
		{"States.ALL", "", "States.TaskFailed", "the task reported States.ALL, a reserved name: "},
		{"Wasm.BadModule", "x", "States.TaskFailed", "the task reported Wasm.BadModule, a reserved name: x"},
		{"Wasm.Denied", "x", "States.TaskFailed", "the task reported Wasm.Denied, a reserved name: x"},
		{"Wasm.", "", "States.TaskFailed", "the task reported Wasm., a reserved name: "},
		{"Wasmtime", "x", "Wasmtime", "x"},
		{"States.", "", "States.TaskFailed", "the task reported States., a reserved name: "},
		{"StatesX", "", "StatesX", ""},
		{strings.Repeat("é", 256), "", strings.Repeat("é", 256), ""},
		{long[:257], "why", "States.TaskFailed", "the task reported an error name that is too long, " + long[:64] + "…: why"},
		{long, "", "States.TaskFailed", "the task reported an error name that is too long, " + long[:64] + "…: "},
		{"Custom", long, "Custom", long[:MaxCauseChars]},
		{"Custom", strings.Repeat("é", MaxCauseChars+1), "Custom", strings.Repeat("é", MaxCauseChars)},
		{"a\xffb", "c\xffd", "a\uFFFDb", "c\uFFFDd"},
	} {
		g := newGuest(t, Task{}, modules.ABIReactor, "")
		g.fake.mem.data = []byte(c.name + c.cause)
		if code := g.wasl("fail", 0, uint64(len(c.name)), uint64(len(c.name)), uint64(len(c.cause))); code != 0 {
			t.Fatalf("fail: %d", code)
		}
		g.fake.mem.data = g.memory()
		g.call("wasl.output_write", 0, 0)
		_, failure := g.end()
		if failure == nil || failure.Error != c.wantError || failure.Cause != c.wantCause {
			t.Errorf("fail(%.20q, %.20q) gives %.300v", c.name, c.cause, failure)
		}
	}
}

func (g *guest) object(bucket, key string) []uint64 {
	bp, bn := g.text(100, bucket)
	kp, kn := g.text(400, key)
	return []uint64{bp, bn, kp, kn}
}

func (g *guest) get(bucket, key string, offset, room uint64) int64 {
	return g.wasl("storage_get", append(g.object(bucket, key), offset, 8192, room)...)
}

func (g *guest) put(bucket, key, body string) int64 {
	ptr, n := g.text(8192, body)
	return g.wasl("storage_put", append(g.object(bucket, key), ptr, n)...)
}

func (g *guest) delete(bucket, key string) int64 {
	return g.wasl("storage_delete", g.object(bucket, key)...)
}

func (g *guest) list(bucket, prefix, after string, limit, room uint64) (int64, string) {
	ap, an := g.text(6000, after)
	n := g.wasl("storage_list", append(g.object(bucket, prefix), ap, an, limit, 8192, room)...)
	return n, string(g.memory()[8192:][:min(max(n, 0), int64(room))])
}

func TestStorage(t *testing.T) {
	g := newGuest(t, everything(), modules.ABIReactor, "")
	if code := g.put("b", "dir/two", "0123456789"); code != 0 {
		t.Fatalf("put: %d %s", code, g.lastError())
	}
	for _, c := range []struct {
		offset, room uint64
		want         string
	}{
		{0, 100, "0123456789"},
		{0, 4, "0123"},
		{7, 100, "789"},
		{10, 4, ""},
		{1 << 40, 4, ""},
		{0, 0, ""},
		{1 << 32, 4, ""}, // row 23: not truncated to 0
	} {
		clear(g.memory()[8192:8300])
		if n := g.get("b", "dir/two", c.offset, c.room); n != 10 || strings.TrimRight(string(g.memory()[8192:8300]), "\x00") != c.want {
			t.Errorf("get from %d, %d bytes: %d, %q", c.offset, c.room, n, g.memory()[8192:8210])
		}
	}
	if n := g.get("b", "dir/two", 1<<63, 4); n != int64(codeInvalid) {
		t.Errorf("get from a negative offset: %d", n)
	}
	two, _ := storage.Store.Get(g.session.task.Storage, context.Background(), "b", "dir/two")
	one, _ := storage.Store.Get(g.session.task.Storage, context.Background(), "b", "k")
	dir := fmt.Sprintf(`{"key":"dir/two","size":10,"etag":%q}`, two.ETag)
	k := fmt.Sprintf(`{"key":"k","size":5,"etag":%q}`, one.ETag)
	for _, c := range []struct {
		prefix, after string
		limit         uint64
		want          string
	}{
		{"", "", 0, `{"objects":[` + dir + `,` + k + `],"more":false}`},
		{"", "", 1, `{"objects":[` + dir + `],"more":true}`},
		{"", "dir/two", 1, `{"objects":[` + k + `],"more":false}`},
		{"dir/", "", 1 << 31, `{"objects":[` + dir + `],"more":false}`},
		{"none", "", 0, `{"objects":[],"more":false}`},
	} {
		if n, got := g.list("b", c.prefix, c.after, c.limit, 4096); got != c.want || n != int64(len(c.want)) {
			t.Errorf("list(%q, %q, %d) = %d, %s, want %s", c.prefix, c.after, c.limit, n, got, c.want)
		}
	}
	if n, got := g.list("b", "", "", 0, 5); n < 100 || got != `{"obj` {
		t.Errorf("a listing into 5 bytes: %d, %q", n, got)
	}
	for range 2 {
		if code := g.delete("b", "dir/two"); code != 0 {
			t.Errorf("delete: %d %s", code, g.lastError())
		}
	}
	if n := g.get("b", "dir/two", 0, 4); n != int64(codeNotFound) || !contains(g.lastError(), "no such key") {
		t.Errorf("get after delete: %d, %s", n, g.lastError())
	}
}

// Row 26: keys that lead elsewhere, other buckets, other prefixes.
func TestStorageGrants(t *testing.T) {
	store := storage.NewMemory()
	for _, key := range []string{"in/1", "out/1", "other"} {
		for _, bucket := range []string{"b", "c"} {
			if _, err := store.Put(context.Background(), bucket, key, []byte("x"), ""); err != nil {
				t.Fatal(err)
			}
		}
	}
	task := Task{Storage: store, Grants: &Grants{Storage: []BucketGrant{
		{Bucket: "b", Prefix: "in/", Read: true},
		{Bucket: "b", Prefix: "out/", Write: true},
	}}}
	g := newGuest(t, task, modules.ABIReactor, "")
	const ok, denied = 0, int64(codeDenied)
	for _, c := range []struct {
		bucket, key            string
		get, put, delete, list int64
	}{
		{"b", "in/1", ok, denied, denied, ok},
		{"b", "in/", int64(codeInvalid), int64(codeInvalid), int64(codeInvalid), ok},
		{"b", "out/1", denied, ok, ok, denied},
		{"b", "other", denied, denied, denied, denied},
		{"b", "in", denied, denied, denied, denied},
		{"c", "in/1", denied, denied, denied, denied},
		{"missing", "in/1", denied, denied, denied, denied},
	} {
		list, _ := g.list(c.bucket, c.key, "", 0, 1000)
		got := []int64{min(g.get(c.bucket, c.key, 0, 10), 0), g.put(c.bucket, c.key, "y"), g.delete(c.bucket, c.key), min(list, 0)}
		if want := []int64{c.get, c.put, c.delete, c.list}; fmt.Sprint(got) != fmt.Sprint(want) {
			t.Errorf("%s/%s: %v, want %v", c.bucket, c.key, got, want)
		}
	}
	for _, key := range append(storagetest.BadKeys, "in/../other", "in/\x00", strings.Repeat("x", 1<<13)) {
		for op, code := range map[string]int64{"get": g.get("b", key, 0, 10), "put": g.put("b", key, ""), "delete": g.delete("b", key)} {
			if code != int64(codeInvalid) {
				t.Errorf("%s of %.20q: %d", op, key, code)
			}
		}
	}
	if code := newGuest(t, Task{Storage: store}, modules.ABIReactor, "").get("b", "in/1", 0, 10); code != denied {
		t.Errorf("without grants: %d", code)
	}
	if code := newGuest(t, Task{Grants: task.Grants}, modules.ABIReactor, "").get("b", "in/1", 0, 10); code != denied {
		t.Errorf("without a store: %d", code)
	}
}

// Row 33: what a stopped task does is not seen any more.
func TestAStoppedTaskWritesNothing(t *testing.T) {
	stop := make(chan struct{})
	task := everything()
	task.Stop = stop
	g := newGuest(t, task, modules.ABIReactor, "")
	close(stop)
	if code := g.put("b", "new", "x"); code != int64(codeStopped) {
		t.Errorf("put: %d", code)
	}
	if code := g.delete("b", "k"); code != int64(codeStopped) {
		t.Errorf("delete: %d", code)
	}
	ptr, n := g.text(0, `{"url":"https://unreachable.invalid"}`)
	if code := g.wasl("http_fetch", ptr, n); code != int64(codeStopped) {
		t.Errorf("http_fetch: %d", code)
	}
	if n := g.get("b", "k", 0, 10); n != 5 {
		t.Errorf("reading, to clean up: %d", n)
	}
	if _, err := task.Storage.Get(context.Background(), "b", "new"); !errors.Is(err, storage.ErrNoSuchKey) {
		t.Errorf("it was written: %v", err)
	}
}

func TestWhatATaskStoresIsLimited(t *testing.T) {
	task := everything()
	task.Limits.Stored = 10 << 10
	g := newGuest(t, task, modules.ABIReactor, "")
	puts := 0
	for ; g.put("b", fmt.Sprint("key", puts), "") == 0; puts++ {
		if puts > 20 {
			t.Fatal("there is no end")
		}
	}
	if puts != 10 || !contains(g.lastError(), "more than 10240 bytes") {
		t.Errorf("%d empty objects, then %s", puts, g.lastError())
	}
}

func TestLargeObjects(t *testing.T) {
	task := everything()
	task.Limits.Stored = 1 << 30
	g := newGuest(t, task, modules.ABIReactor, "")
	const size = 3*readPiece + 5
	object := bytes.Repeat([]byte("0123456789abcdef"), size/16+1)[:size]
	g.fake.mem.data = make([]byte, 40<<20)
	copy(g.fake.mem.data[100:], "b")
	copy(g.fake.mem.data[400:], "large")
	copy(g.fake.mem.data[1<<20:], object)
	if code := g.wasl("storage_put", 100, 1, 400, 5, 1<<20, size); code != 0 {
		t.Fatal(code, g.lastError())
	}
	clear(g.fake.mem.data[1<<20:])
	if n := g.wasl("storage_get", 100, 1, 400, 5, 3, 1<<20, 2*size); n != size || !bytes.Equal(g.fake.mem.data[1<<20:][:size], append(object[3:], 0, 0, 0)) {
		t.Errorf("storage_get: %d", n)
	}
	if code := g.wasl("storage_put", 100, 1, 400, 5, 1<<20, maxObject+1); code != int64(codeTooLarge) {
		t.Errorf("an object that is too large: %d", code)
	}
}

// trickyStore changes the guest's memory while the host uses it, as another
// thread of the guest could (row 37), and panics for one key (row 36).
type trickyStore struct {
	storage.Store
	meanwhile func()
}

func (s trickyStore) Put(ctx context.Context, bucket, key string, body []byte, contentType string) (storage.Info, error) {
	s.meanwhile()
	if key == "panic" {
		panic("out of cheese")
	}
	return s.Store.Put(ctx, bucket, key, body, contentType)
}

func TestMemoryThatChangesDuringACallIsNotReadTwice(t *testing.T) {
	task := everything()
	inner := task.Storage
	tricky := &trickyStore{Store: inner}
	task.Storage = tricky
	g := newGuest(t, task, modules.ABIReactor, "")
	tricky.meanwhile = func() { copy(g.memory()[8192:], "secret"); copy(g.memory()[400:], "xxx") }
	if code := g.put("b", "key", "public"); code != 0 {
		t.Fatal(code, g.lastError())
	}
	body := make([]byte, 6)
	o, err := inner.Get(context.Background(), "b", "key")
	if err == nil {
		_, err = o.Body.Read(body)
	}
	if err != nil || string(body) != "public" {
		t.Errorf("stored %q, %v", body, err)
	}
}

func TestAPanicOfTheHostFailsTheTaskOnly(t *testing.T) {
	task := everything()
	task.Storage = &trickyStore{Store: task.Storage, meanwhile: func() {}}
	g := newGuest(t, task, modules.ABIReactor, "")
	g.put("b", "panic", "")
	if g.ended == nil {
		t.Fatal("the guest goes on")
	}
	g.wantFailure("States.TaskFailed", "the host function wasl.storage_put failed: out of cheese")
	if len(g.lines) != 1 || g.lines[0].Stream != StreamHost || !contains(g.lines[0].Text, "trickyStore") {
		t.Errorf("the log has no stack: %v", g.lines)
	}
}
