package hostfuncs_test

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/waslrun/wasl/hostfuncs"
	"github.com/waslrun/wasl/hostfuncs/files"
	"github.com/waslrun/wasl/internal/sandboxtest"
	"github.com/waslrun/wasl/modules"
	"github.com/waslrun/wasl/storage"
)

// These tests run a real guest, testdata/guest, on the real engine: everything
// that a Go program does to start, and the SDK's half of the interface.

// build compiles the guest once for all tests.
var build = sync.OnceValues(func() (dir string, err error) {
	if dir, err = os.MkdirTemp("", "wasl-guest-*"); err != nil {
		return "", err
	}
	for name, args := range map[string][]string{
		"reactor": {"-buildmode=c-shared", "./testdata/guest"},
		"command": {"./testdata/guest"},
		"badinit": {"-buildmode=c-shared", "./testdata/badinit"},
	} {
		cmd := exec.Command("go", append([]string{"build", "-o", filepath.Join(dir, name+".wasm")}, args...)...)
		cmd.Env = append(os.Environ(), "GOOS=wasip1", "GOARCH=wasm", "CGO_ENABLED=0", "GOFLAGS=")
		if out, err := cmd.CombinedOutput(); err != nil {
			return dir, fmt.Errorf("%w: %s", err, out)
		}
	}
	return dir, nil
})

func TestMain(m *testing.M) {
	code := m.Run()
	if dir, _ := build(); dir != "" {
		_ = os.RemoveAll(dir) // the system's temporary folder is no one's to keep tidy
	}
	os.Exit(code)
}

// bothABIs runs a test with the guest as a reactor and as a command.
func bothABIs(t *testing.T, test func(t *testing.T, g *realGuest)) {
	for _, abi := range []string{"reactor", "command"} {
		t.Run(abi, func(t *testing.T) { test(t, newRealGuest(t, abi)) })
	}
}

// realGuest is the module and what one call of it may do.
type realGuest struct {
	t      testing.TB
	module *modules.Module
	task   hostfuncs.Task
	ctx    context.Context
	log    []string
}

// engine is the store of this process. It keeps compiled guests between test
// runs.
var engine = sync.OnceValues(func() (*modules.Store, error) {
	dir, err := sandboxtest.CacheDir()
	if err != nil {
		return nil, err
	}
	helper, err := sandboxtest.Helper()
	if err != nil {
		return nil, err
	}
	return modules.NewStore(context.Background(), modules.Options{
		Host: hostfuncs.New(hostfuncs.Options{}), CacheDir: dir, Helper: helper,
	})
})

func newRealGuest(t testing.TB, abi string) *realGuest {
	t.Helper()
	return newRealGuestWith(t, abi, &hostfuncs.Grants{})
}

// newRealGuestWith is a guest that is initialised with grants, to which access
// to a bucket is added.
func newRealGuestWith(t testing.TB, abi string, grants *hostfuncs.Grants) *realGuest {
	t.Helper()
	dir, err := build()
	if err != nil {
		t.Fatal(err)
	}
	store, err := engine()
	if err != nil {
		t.Fatal(err)
	}
	module, err := store.Open(context.Background(), modules.Source{
		Path: filepath.Join(dir, abi+".wasm"), Setup: grants.Setup(),
	}, modules.Limits{})
	if err != nil {
		t.Fatal(err)
	}
	grants.Storage = []hostfuncs.BucketGrant{{Bucket: "b", Read: true, Write: true}}
	g := &realGuest{t: t, module: module, ctx: context.Background()}
	g.task = hostfuncs.Task{
		Storage: storage.NewMemory(),
		Grants:  grants,
		Log:     func(l hostfuncs.LogLine) { g.log = append(g.log, string(l.Stream)+": "+l.Text) },
	}
	return g
}

func (g *realGuest) invoke(request map[string]any) modules.Result {
	g.t.Helper()
	input, err := json.Marshal(request)
	if err != nil {
		g.t.Fatal(err)
	}
	result, err := g.module.Invoke(g.ctx, modules.Call{Input: input, Task: &g.task})
	if err != nil {
		g.t.Fatal(err)
	}
	return result
}

func (g *realGuest) want(output string, request map[string]any) {
	g.t.Helper()
	if r := g.invoke(request); r.Failure != nil || string(r.Output) != output {
		g.t.Errorf("%v gives %s, %v; want %s", request, r.Output, r.Failure, output)
	}
}

func (g *realGuest) wantFailure(name, cause string, request map[string]any) {
	g.t.Helper()
	r := g.invoke(request)
	if r.Failure == nil || r.Failure.Error != name || !strings.Contains(r.Failure.Cause, cause) {
		g.t.Errorf("%v gives %s, %v; want %s: %s", request, r.Output, r.Failure, name, cause)
	}
}

func TestGuestOutputAndFailure(t *testing.T) {
	bothABIs(t, func(t *testing.T, g *realGuest) {
		g.want(`{"Do":"echo","Bucket":"","Key":"","Text":"<é> \" \u2028","Milliseconds":0}`,
			map[string]any{"Do": "echo", "Text": "<é> \" \u2028"})
		g.want("null", map[string]any{"Do": "nothing"})
		g.want(`{"a":1.0}`, map[string]any{"Do": "raw", "Text": `{"a":1.0}`})
		g.wantFailure("Custom", "why", map[string]any{"Do": "fail", "Key": "Custom", "Text": "why"})
		g.wantFailure("States.TaskFailed", "the task reported States.Timeout", map[string]any{"Do": "fail", "Key": "States.Timeout"})
		g.wantFailure("States.TaskFailed", "plain", map[string]any{"Do": "plain error", "Text": "plain"})
		g.wantFailure("Panic", "out of ideas", map[string]any{"Do": "panic", "Text": "out of ideas"})
		g.wantFailure("InvalidInput", "json: cannot unmarshal", map[string]any{"Do": 1})
		g.wantFailure(modules.ErrInvalidOutput, "not JSON", map[string]any{"Do": "raw", "Text": `{"a":`})
		g.wantFailure("States.TaskFailed", "7", map[string]any{"Do": "exit", "Milliseconds": 7})
		g.task.Limits.Output = 100
		g.wantFailure(modules.ErrOutputTooLarge, "100 bytes", map[string]any{"Do": "echo", "Text": strings.Repeat("x", 200)})
	})
}

func TestGuestKeepsNothingBetweenCalls(t *testing.T) {
	bothABIs(t, func(t *testing.T, g *realGuest) {
		for range 3 {
			g.want("[1,1,0]", map[string]any{"Do": "state"})
		}
	})
}

func TestGuestStorage(t *testing.T) {
	bothABIs(t, func(t *testing.T, g *realGuest) {
		large := strings.Repeat("0123456789", 10_000) // more than the SDK's first guess
		g.want("null", map[string]any{"Do": "put", "Bucket": "b", "Key": "dir/large", "Text": large})
		g.want(`"`+large+`"`, map[string]any{"Do": "get", "Bucket": "b", "Key": "dir/large"})
		for i := range 1100 {
			if _, err := g.task.Storage.Put(g.ctx, "b", fmt.Sprintf("many/%04d", i), nil, ""); err != nil {
				t.Fatal(err)
			}
		}
		r := g.invoke(map[string]any{"Do": "list", "Bucket": "b", "Key": "many/"})
		var keys []string
		if err := json.Unmarshal(r.Output, &keys); err != nil || len(keys) != 1100 || keys[1099] != "many/1099" {
			t.Errorf("a listing gives %d keys, %v", len(keys), r.Failure)
		}
		g.want("null", map[string]any{"Do": "delete", "Bucket": "b", "Key": "dir/large"})
		g.wantFailure("States.TaskFailed", "get b/dir/large: no such key", map[string]any{"Do": "get", "Bucket": "b", "Key": "dir/large"})
		g.wantFailure(modules.ErrDenied, `writing "k" in bucket "other" is not granted`, map[string]any{"Do": "put", "Bucket": "other", "Key": "k"})
		g.wantFailure("States.TaskFailed", "invalid name", map[string]any{"Do": "get", "Bucket": "b", "Key": "../x"})
	})
}

func TestGuestContextEnvironmentAndLog(t *testing.T) {
	bothABIs(t, func(t *testing.T, g *realGuest) {
		g.task.Context = func() []byte {
			return []byte(`{"Execution":{"Id":"arn","Name":"n","Input":{},"StartTime":"2024-01-02T03:04:05Z"},"State":{"Name":"S","RetryCount":2},"Map":{"Item":{"Index":3,"Value":1}}}`)
		}
		r := g.invoke(map[string]any{"Do": "context"})
		for _, part := range []string{`"Id":"arn"`, `"RetryCount":2`, `"Index":3`, `"Task":null`} {
			if !strings.Contains(string(r.Output), part) {
				t.Errorf("the context has no %s: %s, %v", part, r.Output, r.Failure)
			}
		}
		g.task.Grants.Env = map[string]string{"NAME": "value"}
		environment := `""` // a snapshot has none
		if strings.HasSuffix(t.Name(), "command") {
			environment = `"value"`
		}
		g.want(`["value",true,`+environment+`]`, map[string]any{"Do": "env", "Key": "NAME"})
		g.want(`["",false,""]`, map[string]any{"Do": "env", "Key": "OTHER"})
		g.want("null", map[string]any{"Do": "log", "Text": "line\x1b"})
		if got := strings.Join(g.log, "|"); got != `log: line\x1b|stderr: line\x1b` {
			t.Errorf("log %s", got)
		}
		g.wantFailure("States.TaskFailed", "/etc/passwd", map[string]any{"Do": "plain error", "Text": string(g.invoke(map[string]any{"Do": "files", "Key": "/etc/passwd"}).Output)})
	})
}

func TestGuestFetch(t *testing.T) {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		w.WriteHeader(202)
		_, _ = w.Write(append([]byte("got "), body...))
	}))
	defer server.Close()
	bothABIs(t, func(t *testing.T, g *realGuest) {
		g.wantFailure(modules.ErrDenied, "HTTP requests are not granted", map[string]any{"Do": "fetch", "Key": server.URL})
		client, err := hostfuncs.NewHTTPClient(hostfuncs.HTTPOptions{Hosts: []string{strings.TrimPrefix(server.URL, "http://")}})
		if err != nil {
			t.Fatal(err)
		}
		defer client.Close()
		g.task.Grants.HTTP = client
		g.want(`[202,"got it"]`, map[string]any{"Do": "fetch", "Key": server.URL, "Text": "it"})
	})
}

// Row 34 in a real guest, whose runtime has drawn its own numbers before.
func TestGuestClockAndRandomness(t *testing.T) {
	bothABIs(t, func(t *testing.T, g *realGuest) {
		output := func(do string) string {
			t.Helper()
			r := g.invoke(map[string]any{"Do": do})
			if r.Failure != nil {
				t.Fatal(r.Failure)
			}
			return string(r.Output)
		}
		g.task.Seed = "one"
		first := output("random")
		if again := output("random"); again != first {
			t.Errorf("one seed gives %s and %s", first, again)
		}
		if clock := output("clock"); clock != output("clock") || !strings.HasPrefix(clock, "[94668") {
			t.Errorf("the fixed clock shows %s, then %s", clock, output("clock"))
		}
		g.task.Seed = "two"
		if output("random") == first {
			t.Error("two seeds give the same numbers")
		}
		g.task.Grants.RealRandom, g.task.Grants.RealClock = true, true
		var one, two []string
		if err := json.Unmarshal([]byte(output("random")), &one); err != nil {
			t.Fatal(err)
		}
		if err := json.Unmarshal([]byte(output("random")), &two); err != nil {
			t.Fatal(err)
		}
		if one[0] == two[0] {
			t.Errorf("real random numbers repeat: %s", one)
		}
		var now []int64
		if err := json.Unmarshal([]byte(output("clock")), &now); err != nil || time.Since(time.Unix(0, now[0])).Abs() > time.Hour {
			t.Errorf("the real clock shows %v, %v", now, err)
		}
	})
}

func TestGuestSleeps(t *testing.T) {
	bothABIs(t, func(t *testing.T, g *realGuest) {
		for _, granted := range []bool{false, true} {
			g.task.Grants.RealClock = granted
			g.want("true", map[string]any{"Do": "sleep", "Milliseconds": 20})
		}
		ctx, cancel := context.WithCancel(context.Background())
		g.ctx = ctx
		asleep := make(chan modules.Result)
		go func() { asleep <- g.invoke(map[string]any{"Do": "sleep", "Milliseconds": 3_600_000}) }()
		cancel()
		if r := <-asleep; !r.Killed {
			t.Errorf("the sleeper ended with %s, %v", r.Output, r.Failure)
		}
	})
}

// A program that uses files through its language's library, which has learned of
// the folders when it was initialised: for a reactor that was before the snapshot.
func TestGuestFiles(t *testing.T) {
	host := t.TempDir()
	if err := os.WriteFile(filepath.Join(host, "file"), []byte("of the host"), 0o644); err != nil {
		t.Fatal(err)
	}
	for _, abi := range []string{"reactor", "command"} {
		t.Run(abi, func(t *testing.T) {
			written := t.TempDir()
			set, err := files.Open(files.Options{
				Mounts: []files.Mount{
					{Guest: "/read", Host: host, Mode: files.ModeRead},
					{Guest: "/write", Host: written, Mode: files.ModeReadWrite},
					{Guest: "/copy", Host: host, Mode: files.ModeCopy},
				},
				Scratch: "/tmp",
			})
			if err != nil {
				t.Fatal(err)
			}
			defer set.Close()
			if err := set.Load(); err != nil {
				t.Fatal(err)
			}
			g := newRealGuestWith(t, abi, &hostfuncs.Grants{Files: set, Args: []string{"an", "argument"}})
			g.want(`["task","an","argument"]`, map[string]any{"Do": "args"})
			for range 2 { // a pooled instance keeps no descriptor
				g.want(`"of the host"`, map[string]any{"Do": "read", "Key": "/read/file"})
				g.want(`"of the host"`, map[string]any{"Do": "read", "Key": "/copy/file"})
				g.wantFailure("States.TaskFailed", "", map[string]any{"Do": "read", "Key": "/read/../etc/passwd"})
				g.wantFailure("States.TaskFailed", "", map[string]any{"Do": "file system", "Key": "/read"})
				left := `". d---------","a d---------","a/link L---------","a/moved ----------"`
				g.want(`[[`+left+`],"text and",1000000000]`, map[string]any{"Do": "file system", "Key": "/tmp"})
				g.want(`[[`+left+`,"file ----------"],"text and",1000000000]`, map[string]any{"Do": "file system", "Key": "/copy"})
			}
			g.want(`[[". d---------","a d---------","a/link L---------","a/moved ----------"],"text and",1000000000]`,
				map[string]any{"Do": "file system", "Key": "/write"})
			if text, err := os.ReadFile(filepath.Join(written, "a/moved")); err != nil || string(text) != "text and" {
				t.Errorf("the folder has %q, %v", text, err)
			}
		})
	}
	if left, err := os.ReadDir(host); err != nil || len(left) != 1 {
		t.Errorf("the folder that is read has %v, %v", left, err)
	}
}

// Soft cancellation: the guest learns of it from its heartbeat, what it writes
// after is refused, and it ends by itself.
func TestGuestIsToldToStop(t *testing.T) {
	bothABIs(t, func(t *testing.T, g *realGuest) {
		g.task.Grants.RealClock = true
		stop := make(chan struct{})
		g.task.Stop = stop
		beats := 0
		g.task.Heartbeat = func() {
			if beats++; beats == 3 {
				close(stop)
			}
		}
		g.wantFailure("States.TaskFailed", "told to stop", map[string]any{"Do": "beat until stopped", "Bucket": "b"})
		if beats != 3 || g.log[0] != "log: stopped: true, late write: true" {
			t.Errorf("%d beats, log %q", beats, g.log)
		}
	})
}

// Row 36 on the real engine: the panic of a store ends one task.
type panickingStore struct{ storage.Store }

func (panickingStore) Get(context.Context, string, string) (storage.Object, error) {
	var none []int
	_ = none[len(none)] // a runtime error, as a bug would raise
	return storage.Object{}, nil
}

func TestGuestMeetsAPanickingHost(t *testing.T) {
	bothABIs(t, func(t *testing.T, g *realGuest) {
		good := g.task.Storage
		g.task.Storage = panickingStore{good}
		g.wantFailure("States.TaskFailed", "the host function wasl.storage_get failed: runtime error: index out of range", map[string]any{"Do": "get", "Bucket": "b", "Key": "k"})
		g.task.Storage = good
		g.want("[1,1,0]", map[string]any{"Do": "state"})
	})
}

func TestAGuestThatCannotBeInitialisedSaysWhy(t *testing.T) {
	dir, err := build()
	if err != nil {
		t.Fatal(err)
	}
	store, err := engine()
	if err != nil {
		t.Fatal(err)
	}
	_, err = store.Open(context.Background(), modules.Source{Path: filepath.Join(dir, "badinit.wasm")}, modules.Limits{})
	if err == nil || !strings.Contains(err.Error(), "assignment to entry in nil map") {
		t.Errorf("it says %v", err)
	}
}

func BenchmarkGuest(b *testing.B) {
	for _, abi := range []string{"reactor", "command"} {
		b.Run(abi, func(b *testing.B) {
			g := newRealGuest(b, abi)
			for b.Loop() {
				g.want(`{"Do":"echo","Bucket":"","Key":"","Text":"hello","Milliseconds":0}`, map[string]any{"Do": "echo", "Text": "hello"})
			}
		})
	}
}
