package cli

import (
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
)

// The guests that the keys are tried with: one in Go that does what its input
// says, and some small ones for what a Go program does not do on demand.

// makeGuests gives a folder with the guests.
func makeGuests(t *testing.T) string {
	t.Helper()
	folder := t.TempDir()
	for name, g := range smallGuests {
		if err := os.WriteFile(filepath.Join(folder, name+".wasm"), g.encode(), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	build := exec.Command("go", "build", "-buildmode=c-shared", "-o", filepath.Join(folder, "guest.wasm"), "../../hostfuncs/testdata/guest")
	build.Env = append(os.Environ(), "GOOS=wasip1", "GOARCH=wasm", "CGO_ENABLED=0", "GOFLAGS=")
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	return filepath.ToSlash(folder)
}

// testCache is a folder that keeps compiled guests between test runs: a Go
// program takes seconds to compile.
func testCache() string {
	folder, err := os.UserCacheDir()
	if err != nil {
		folder = os.TempDir()
	}
	return filepath.ToSlash(filepath.Join(folder, "wasl-test"))
}

// smallGuest is a reactor without imports, with a page of memory and a table of
// one element. What it hands over is null, unless it fails.
type smallGuest struct {
	locals uint64 // of type i32
	body   []byte // of wasl_handle, function 0
}

var smallGuests = map[string]smallGuest{
	"quick": {},
	// grow asks for another MiB of memory and traps without.
	"grow": {body: slices.Concat(
		i32Const(16), []byte{0x40, 0x00}, // memory.grow
		trapIfRefused,
	)},
	// table asks for another 1,000 elements of its table and traps without.
	"table": {body: slices.Concat(
		[]byte{0xd0, 0x70}, i32Const(1000), []byte{0xfc, 0x0f, 0x00}, // ref.null func; table.grow 0
		trapIfRefused,
	)},
	// count counts down from a million.
	"count": {locals: 1, body: slices.Concat(
		i32Const(1_000_000), []byte{0x21, 0x00}, // local.set 0
		[]byte{0x03, 0x40, 0x20, 0x00}, i32Const(1), []byte{0x6b}, // loop; local.get 0; i32.sub
		[]byte{0x22, 0x00, 0x0d, 0x00, 0x0b}, // local.tee 0; br_if the loop; end
	)},
	// forever runs on.
	"forever": {body: []byte{0x03, 0x40, 0x0c, 0x00, 0x0b}}, // loop; br the loop; end
	// deep and deeper call themselves that many times.
	"deep":   {body: recursion(1_000)},
	"deeper": {body: recursion(10_000)},
	// wide has more locals than a compiler in this process is given.
	"wide": {locals: 20_000},
}

// trapIfRefused traps if what was asked for is -1.
var trapIfRefused = slices.Concat(i32Const(-1), []byte{0x46, 0x04, 0x40, 0x00, 0x0b}) // i32.eq; if; unreachable; end

// recursion counts the calls of function 0 in memory and calls it until there
// were n.
func recursion(n int32) []byte {
	load := append(i32Const(0), 0x28, 0x02, 0x00)
	return slices.Concat(
		i32Const(0), load, i32Const(1), []byte{0x6a, 0x36, 0x02, 0x00}, // i32.add; i32.store
		load, i32Const(n), []byte{0x49, 0x04, 0x40}, // i32.lt_u; if
		[]byte{0x10, 0x00, 0x1a, 0x0b}, // call 0; drop; end
	)
}

func i32Const(n int32) []byte {
	out := []byte{0x41}
	for ; n < -64 || n > 63; n >>= 7 {
		out = append(out, byte(n)|0x80)
	}
	return append(out, byte(n)&0x7f)
}

func (g smallGuest) encode() []byte {
	section := func(id byte, content ...byte) []byte {
		return append(binary.AppendUvarint([]byte{id}, uint64(len(content))), content...)
	}
	export := func(name string, kind byte) []byte {
		return append(append([]byte{byte(len(name))}, name...), kind, 0)
	}
	function := []byte{0}
	if g.locals > 0 {
		function = append(binary.AppendUvarint([]byte{1}, g.locals), 0x7f)
	}
	function = slices.Concat(function, g.body, i32Const(0), []byte{0x0b})
	return slices.Concat(
		[]byte("\x00asm\x01\x00\x00\x00"),
		section(1, 1, 0x60, 0, 1, 0x7f), // a type: () -> i32
		section(3, 1, 0),                // a function of that type
		section(4, 1, 0x70, 0, 1),       // a table
		section(5, 1, 0, 1),             // a memory
		section(7, slices.Concat([]byte{2}, export("memory", 2), export("wasl_handle", 0))...),
		section(10, slices.Concat([]byte{1}, binary.AppendUvarint(nil, uint64(len(function))), function)...),
	)
}

// digest is the SHA-256 of the guest's file.
func (g smallGuest) digest() [sha256.Size]byte { return sha256.Sum256(g.encode()) }

// peer is the HTTP server that guests ask. It answers /bytes/N with N bytes,
// /moved with a redirect, and /meet/N once N requests have been there at the
// same time.
type peer struct {
	*httptest.Server

	mu           sync.Mutex
	inside, most int
	meeting      sync.Once
	met          chan struct{}
}

func newPeer(t *testing.T) *peer {
	p := &peer{met: make(chan struct{})}
	mux := http.NewServeMux()
	mux.HandleFunc("/bytes/{n}", func(w http.ResponseWriter, r *http.Request) {
		n, _ := strconv.Atoi(r.PathValue("n"))
		_, _ = w.Write([]byte(strings.Repeat("x", n)))
	})
	mux.Handle("/moved", http.RedirectHandler("/bytes/1", http.StatusFound))
	mux.HandleFunc("/meet/{n}", func(_ http.ResponseWriter, r *http.Request) {
		n, _ := strconv.Atoi(r.PathValue("n"))
		p.meet(n)
	})
	p.Server = httptest.NewServer(mux)
	t.Cleanup(p.Close)
	return p
}

// meet waits for n requests to be there. Then it leaves another one, which
// should not come, the time of many requests in which to come.
func (p *peer) meet(n int) {
	p.mu.Lock()
	p.inside++
	if p.most = max(p.most, p.inside); p.inside == n {
		p.meeting.Do(func() { close(p.met) })
	}
	p.mu.Unlock()
	<-p.met
	for range 50 {
		if answer, err := p.Client().Get(p.URL + "/bytes/1"); err == nil {
			_, _ = io.Copy(io.Discard, answer.Body)
			_ = answer.Body.Close()
		}
	}
	p.mu.Lock()
	p.inside--
	p.mu.Unlock()
}

func (p *peer) address() string { return p.Listener.Addr().String() }

func (p *peer) port() string {
	_, port, _ := net.SplitHostPort(p.address())
	return port
}

// report tells how many requests to /meet were there at once.
func (p *peer) report() string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return fmt.Sprintf("%d met\n", p.most)
}
