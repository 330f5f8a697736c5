package cli

import (
	"encoding/binary"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
)

// guest gives a binary of testdata/guests.
func guest(name string) []byte {
	binary, err := os.ReadFile(filepath.Join("testdata", "guests", name+".wasm"))
	if err != nil {
		panic(err)
	}
	return binary
}

// makeGuests gives a folder with the guests of testdata and one more.
func makeGuests(t *testing.T) string {
	folder := t.TempDir()
	if err := os.CopyFS(folder, os.DirFS("testdata/guests")); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(folder, "wide.wasm"), wide(), 0o600); err != nil {
		t.Fatal(err)
	}
	return filepath.ToSlash(folder)
}

// wide is a guest that has more locals than a compiler in this process is given.
func wide() []byte {
	locals := binary.AppendUvarint([]byte{1}, 20_000) // in one group
	body := append(locals, 0x7f, 0x41, 0, 0x0b)       // of type i32; i32.const 0; end
	return slices.Concat(
		[]byte("\x00asm\x01\x00\x00\x00"),
		[]byte{1, 5, 1, 0x60, 0, 1, 0x7f}, // a type: () -> i32
		[]byte{3, 2, 1, 0},                // a function of that type
		[]byte{7, 15, 1, 11}, []byte("wasl_handle"), []byte{0, 0},
		[]byte{10, byte(len(body) + 2), 1, byte(len(body))}, body,
	)
}

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
