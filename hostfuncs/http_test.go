package hostfuncs

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/waslrun/wasl/modules"
)

// fetch makes a request as a guest does.
func (g *guest) fetch(request any) (code int64, answer fetchAnswer) {
	g.t.Helper()
	text, isText := request.(string)
	if !isText {
		b, err := json.Marshal(request)
		if err != nil {
			g.t.Fatal(err)
		}
		text = string(b)
	}
	ptr, n := g.text(0, text)
	size := g.wasl("http_fetch", ptr, n)
	if size < 0 {
		return size, fetchAnswer{}
	}
	// In pieces, as a guest with a small buffer would.
	var got []byte
	for int64(len(got)) < size {
		n := g.wasl("http_read", 0, 1000, uint64(len(got)))
		if n <= 0 {
			g.t.Fatalf("http_read: %d after %d of %d bytes", n, len(got), size)
		}
		got = append(got, g.memory()[:n]...)
	}
	if err := json.Unmarshal(got, &answer); err != nil {
		g.t.Fatal(err)
	}
	return 0, answer
}

// newFetcher is a guest that may ask the given hosts.
func newFetcher(t *testing.T, o HTTPOptions) *guest {
	t.Helper()
	client, err := NewHTTPClient(o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(client.Close)
	return newGuest(t, Task{Grants: &Grants{HTTP: client}}, modules.ABIReactor, "")
}

// newServer is a server that counts what reaches it.
func newServer(t *testing.T, handle http.HandlerFunc) (server *httptest.Server, host string, hits *int) {
	hits = new(int)
	server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		*hits++
		handle(w, r)
	}))
	t.Cleanup(server.Close)
	u, err := url.Parse(server.URL)
	if err != nil {
		t.Fatal(err)
	}
	return server, u.Host, hits
}

func TestFetch(t *testing.T) {
	server, host, _ := newServer(t, func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		w.Header().Set("X-Seen", r.Method+" "+r.URL.Path+" "+r.Header.Get("X-Mine"))
		w.WriteHeader(201)
		_, _ = w.Write(body)
	})
	g := newFetcher(t, HTTPOptions{Hosts: []string{host}})
	for _, body := range []string{"text ü", "\xff\x00binary"} {
		code, answer := g.fetch(map[string]any{
			"method": "post", "url": server.URL + "/path", "headers": map[string]string{"X-Mine": "yes"}, "bodyBase64": []byte(body),
		})
		if code != 0 || answer.Status != 201 || string(answer.body()) != body || answer.Headers["X-Seen"][0] != "POST /path yes" {
			t.Errorf("%d %s: %+v", code, g.lastError(), answer)
		}
	}
	if _, answer := g.fetch(map[string]any{"method": "PUT", "url": server.URL, "body": "text"}); answer.Body != "text" {
		t.Errorf("a text body: %+v", answer)
	}
}

func TestExtismFetch(t *testing.T) {
	server, host, _ := newServer(t, func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		w.Header().Set("X-Method", r.Method)
		w.WriteHeader(203)
		_, _ = w.Write(append([]byte("got "), body...))
	})
	g := newFetcher(t, HTTPOptions{Hosts: []string{host}})
	answer := g.call("extism.http_request", g.block(`{"method":"POST","url":"`+server.URL+`"}`), g.block("it"))
	if got := g.blockText(answer); got != "got it" || g.call("extism.http_status_code") != 203 {
		t.Errorf("%q, status %d", got, g.call("extism.http_status_code"))
	}
	var headers map[string]string
	if err := json.Unmarshal([]byte(g.blockText(g.call("extism.http_headers"))), &headers); err != nil || headers["X-Method"] != "POST" {
		t.Errorf("headers %v, %v", headers, err)
	}
	g.call("extism.http_request", g.block("no JSON"), 0)
	g.wantFailure("States.TaskFailed", "invalid character")
}

// Row 28: what never leaves the host.
func TestFetchRefusals(t *testing.T) {
	server, host, hits := newServer(t, func(http.ResponseWriter, *http.Request) {})
	_, port, _ := strings.Cut(host, ":")
	allowed := HTTPOptions{Hosts: []string{"localhost:" + port, "*.example.invalid", "plain.invalid"}}
	for name, c := range map[string]struct {
		options HTTPOptions
		request any
		code    code
		text    string
	}{
		"no such grant":         {HTTPOptions{}, map[string]any{"url": server.URL}, codeDenied, `requests to "127.0.0.1:` + port + `" are not granted`},
		"a name that is local":  {allowed, map[string]any{"url": "http://localhost:" + port}, codeDenied, "is not public"},
		"its address":           {allowed, map[string]any{"url": server.URL}, codeDenied, "are not granted"},
		"another port":          {allowed, map[string]any{"url": "http://plain.invalid:8080"}, codeDenied, "are not granted"},
		"the wildcard's base":   {allowed, map[string]any{"url": "https://example.invalid"}, codeDenied, "are not granted"},
		"a name that ends so":   {allowed, map[string]any{"url": "https://badexample.invalid"}, codeDenied, "are not granted"},
		"user@host":             {allowed, map[string]any{"url": "https://plain.invalid@other.invalid/"}, codeInvalid, "holds a user name"},
		"a backslash":           {allowed, map[string]any{"url": `https://other.invalid\@plain.invalid/`}, codeInvalid, "malformed"},
		"another scheme":        {allowed, map[string]any{"url": "file:///etc/passwd"}, codeInvalid, "neither http nor https"},
		"no host":               {allowed, map[string]any{"url": "https:plain.invalid"}, codeInvalid, "no host"},
		"no URL":                {allowed, `{}`, codeInvalid, "neither http nor https"},
		"no JSON":               {allowed, `{`, codeInvalid, "not a JSON object"},
		"the Host header":       {allowed, map[string]any{"url": "https://plain.invalid", "headers": map[string]string{"host": "x"}}, codeInvalid, `the header "host"`},
		"a smuggled length":     {allowed, map[string]any{"url": "https://plain.invalid", "headers": map[string]string{"Content-Length": "0"}}, codeInvalid, "cannot be set"},
		"a header in a header":  {HTTPOptions{Hosts: []string{host}}, map[string]any{"url": server.URL, "headers": map[string]string{"A": "b\r\nC: d"}}, codeIO, "invalid header field value"},
		"a method in two lines": {HTTPOptions{Hosts: []string{host}}, map[string]any{"url": server.URL, "method": "GET / HTTP/1.1\r\nA"}, codeInvalid, "invalid method"},
		"too large a body":      {HTTPOptions{Hosts: []string{host}, MaxBody: 5}, map[string]any{"url": server.URL, "body": "123456"}, codeTooLarge, "larger than 5 bytes"},
	} {
		g := newFetcher(t, c.options)
		if got, _ := g.fetch(c.request); code(got) != c.code || !contains(g.lastError(), c.text) {
			t.Errorf("%s: %d, %s; want %d, %s", name, got, g.lastError(), c.code, c.text)
		}
	}
	if *hits != 0 {
		t.Errorf("%d requests reached the server", *hits)
	}
}

func TestRedirectsAreNotFollowed(t *testing.T) {
	other, _, otherHits := newServer(t, func(http.ResponseWriter, *http.Request) {})
	server, host, _ := newServer(t, func(w http.ResponseWriter, r *http.Request) {
		http.Redirect(w, r, other.URL+"/secret", http.StatusFound)
	})
	g := newFetcher(t, HTTPOptions{Hosts: []string{host}})
	code, answer := g.fetch(map[string]any{"url": server.URL})
	if code != 0 || answer.Status != 302 || answer.Headers["Location"][0] != other.URL+"/secret" {
		t.Errorf("%d %+v", code, answer)
	}
	if code, _ := g.fetch(map[string]any{"url": other.URL}); code != int64(codeDenied) || *otherHits != 0 {
		t.Errorf("the other host: %d, %d requests", code, *otherHits)
	}
}

func TestBodiesAreBounded(t *testing.T) {
	var bomb bytes.Buffer
	z := gzip.NewWriter(&bomb)
	if _, err := z.Write(make([]byte, 10<<20)); err != nil {
		t.Fatal(err)
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	server, host, _ := newServer(t, func(w http.ResponseWriter, r *http.Request) {
		switch r.URL.Path {
		case "/bomb":
			w.Header().Set("Content-Encoding", "gzip")
			_, _ = w.Write(bomb.Bytes())
		case "/endless":
			for {
				if _, err := w.Write(make([]byte, 1<<16)); err != nil {
					return
				}
			}
		case "/headers":
			w.Header().Set("X-Large", strings.Repeat("x", 128<<10))
		}
	})
	g := newFetcher(t, HTTPOptions{Hosts: []string{host}, MaxBody: 1 << 20})
	if code, answer := g.fetch(map[string]any{"url": server.URL + "/bomb"}); code != 0 || !bytes.Equal(answer.Bytes, bomb.Bytes()) {
		t.Errorf("the bomb went off: %d, %d bytes of %d", code, len(answer.body()), bomb.Len())
	}
	if code, _ := g.fetch(map[string]any{"url": server.URL + "/endless"}); code != int64(codeTooLarge) {
		t.Errorf("an endless body: %d %s", code, g.lastError())
	}
	if code, _ := g.fetch(map[string]any{"url": server.URL + "/headers"}); code != int64(codeIO) {
		t.Errorf("huge headers: %d %s", code, g.lastError())
	}
}

func TestAServerThatDoesNotAnswer(t *testing.T) {
	release := make(chan struct{})
	server, host, _ := newServer(t, func(http.ResponseWriter, *http.Request) { <-release })
	defer close(release)
	g := newFetcher(t, HTTPOptions{Hosts: []string{host}, Timeout: time.Millisecond})
	if code, _ := g.fetch(map[string]any{"url": server.URL}); code != int64(codeIO) || !contains(g.lastError(), "deadline exceeded") {
		t.Errorf("%d %s", code, g.lastError())
	}
}

func TestAddresses(t *testing.T) {
	for text, want := range map[string]bool{
		"93.184.215.14": true, "2606:2800:220:1::1": true,
		"127.0.0.1": false, "::1": false, "0.0.0.0": false, "::": false, "10.1.2.3": false, "172.16.0.1": false,
		"192.168.1.1": false, "169.254.169.254": false, "fe80::1": false, "fc00::1": false, "fd00:ec2::254": false,
		"100.64.0.1": false, "224.0.0.1": false, "ff02::1": false, "255.255.255.255": false, "198.18.0.1": false,
		"::ffff:127.0.0.1": false, "64:ff9b::7f00:1": false, "2002:7f00:1::": false, "::7f00:1": false, "2001::1": false,
		"192.0.2.1": false, "2001:db8::1": false,
	} {
		if got := isPublic(netip.MustParseAddr(text).Unmap()); got != want {
			t.Errorf("isPublic(%s) = %v", text, got)
		}
	}
	client, err := NewHTTPClient(HTTPOptions{Hosts: []string{"[::1]:80", "10.0.0.9"}, Private: []string{"192.168.0.0/16", "172.16.0.1"}})
	if err != nil {
		t.Fatal(err)
	}
	for address, want := range map[string]bool{
		"[::1]:80": true, "10.0.0.9:443": true, "192.168.3.4:80": true, "172.16.0.1:80": true, "[::ffff:192.168.3.4]:80": true,
		"172.16.0.2:80": false, "127.0.0.1:80": false, "10.0.0.8:80": false, "[fe80::1%eth0]:80": false, "nonsense": false,
	} {
		if err := client.checkAddress("tcp", address); (err == nil) != want {
			t.Errorf("%s: %v", address, err)
		}
	}
	if client.checkAddress("unix", "10.0.0.9:443") == nil {
		t.Error("a unix socket")
	}
}

func TestHosts(t *testing.T) {
	for _, c := range []struct {
		host, url string
		want      bool
	}{
		{"example.com", "https://example.com/x", true},
		{"example.com", "http://example.com:80/x", true},
		{"example.com", "https://EXAMPLE.com./", true},
		{"Example.com.", "https://example.com/", true},
		{"example.com", "https://example.com:8443/", false},
		{"example.com:8443", "https://example.com:8443/", true},
		{"example.com:8443", "https://example.com/", false},
		{"example.com", "https://api.example.com/", false},
		{"*.example.com", "https://api.v1.example.com/", true},
		{"*.example.com", "https://example.com/", false},
		{"*.example.com", "https://badexample.com/", false},
		{"[2001:DB8::1]", "https://[2001:db8:0::1]/", true},
		{"93.184.215.14", "https://[::ffff:93.184.215.14]/", true},
	} {
		client, err := NewHTTPClient(HTTPOptions{Hosts: []string{c.host}})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := client.checkURL(c.url); (err == nil) != c.want {
			t.Errorf("%s for the host %s: %v", c.url, c.host, err)
		}
	}
}

func TestHTTPOptionsThatMakeNoSense(t *testing.T) {
	for _, o := range []HTTPOptions{
		{Hosts: []string{""}},
		{Hosts: []string{"https://example.com"}},
		{Hosts: []string{"*"}},
		{Hosts: []string{"a*b.com"}},
		{Hosts: []string{"user@example.com"}},
		{Private: []string{"example.com"}},
		{Private: []string{"10.0.0.0/99"}},
	} {
		if _, err := NewHTTPClient(o); err == nil {
			t.Errorf("%+v was taken", o)
		}
	}
}

// Row 47: a grant for ADDRESS:PORT opens that port, whichever name leads there,
// and no name that is granted with another port opens that one.
func TestAGrantedAddressOpensItsOwnPort(t *testing.T) {
	for name, c := range map[string]struct {
		hosts, private []string
		address        string
		allowed        bool
	}{
		"its port":                        {[]string{"127.0.0.1:81"}, nil, "127.0.0.1:81", true},
		"its port, by a name":             {[]string{"127.0.0.1:81", "localhost:81"}, nil, "127.0.0.1:81", true},
		"another port, by a name":         {[]string{"127.0.0.1:81", "localhost:82"}, nil, "127.0.0.1:82", false},
		"another address":                 {[]string{"127.0.0.1:81"}, nil, "127.0.0.2:81", false},
		"without a port, HTTP's":          {[]string{"10.1.2.3"}, nil, "10.1.2.3:80", true},
		"without a port, HTTPS's":         {[]string{"10.1.2.3"}, nil, "10.1.2.3:443", true},
		"without a port, another":         {[]string{"10.1.2.3", "intern:8080"}, nil, "10.1.2.3:8080", false},
		"twice, two ports":                {[]string{"10.1.2.3:1", "10.1.2.3:2"}, nil, "10.1.2.3:2", true},
		"twice, a third":                  {[]string{"10.1.2.3:1", "10.1.2.3:2"}, nil, "10.1.2.3:3", false},
		"mapped, as granted":              {[]string{"[::ffff:127.0.0.1]:81"}, nil, "127.0.0.1:81", true},
		"mapped, as dialled":              {[]string{"127.0.0.1:81"}, nil, "[::ffff:127.0.0.1]:81", true},
		"mapped, another port":            {[]string{"127.0.0.1:81"}, nil, "[::ffff:127.0.0.1]:82", false},
		"IPv6":                            {[]string{"[::1]:81"}, nil, "[::1]:81", true},
		"IPv6 spelled long":               {[]string{"[0:0:0:0:0:0:0:1]:81"}, nil, "[::1]:81", true},
		"IPv6, another port":              {[]string{"[::1]:81", "localhost:82"}, nil, "[::1]:82", false},
		"IPv6 is not IPv4":                {[]string{"[::1]:81"}, nil, "127.0.0.1:81", false},
		"a zone":                          {[]string{"[fe80::1%eth0]:81"}, nil, "[fe80::1%eth0]:81", true},
		"a zone, another port":            {[]string{"[fe80::1%eth0]:81", "n:82"}, nil, "[fe80::1%eth0]:82", false},
		"leading zeros in a port":         {[]string{"127.0.0.1:081"}, nil, "127.0.0.1:81", true},
		"a range opens the names' ports":  {[]string{"localhost:82"}, []string{"127.0.0.0/8"}, "127.0.0.1:82", true},
		"a range beside an address":       {[]string{"10.0.0.1:81", "n:82"}, []string{"10.1.0.0/16"}, "10.0.0.1:82", false},
		"a mapped range":                  {[]string{"n:82"}, []string{"::ffff:10.0.0.0/104"}, "10.9.9.9:82", true},
		"a mapped range is no more":       {[]string{"n:82"}, []string{"::ffff:10.0.0.0/104"}, "11.0.0.1:82", true}, // public
		"a mapped range, another private": {[]string{"n:82"}, []string{"::ffff:10.0.0.0/104"}, "192.168.0.1:82", false},
		"public":                          {[]string{"n:82"}, nil, "8.8.8.8:82", true},
		"not TCP's text":                  {[]string{"127.0.0.1:81"}, nil, "127.0.0.1", false},
	} {
		client, err := NewHTTPClient(HTTPOptions{Hosts: c.hosts, Private: c.private})
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		if err := client.checkAddress("tcp", c.address); (err == nil) != c.allowed {
			t.Errorf("%s: %s with %q and %q: %v", name, c.address, c.hosts, c.private, err)
		}
	}
}

// The same through requests: names, spellings and redirects.
func TestNoNameOpensAnotherPort(t *testing.T) {
	_, granted, _ := newServer(t, func(http.ResponseWriter, *http.Request) {})
	_, other, hits := newServer(t, func(http.ResponseWriter, *http.Request) {})
	_, port, _ := strings.Cut(other, ":")
	g := newFetcher(t, HTTPOptions{Hosts: []string{granted, "localhost:" + port, "*.localhost:" + port}})
	if got, _ := g.fetch(map[string]any{"url": "http://" + granted}); got != 0 {
		t.Errorf("what is granted: %d, %s", got, g.lastError())
	}
	for _, host := range []string{
		"localhost", "LOCALHOST", "localhost.", "a.localhost", "127.0.0.1", "127.1", "2130706433", "0x7f000001",
		"[::1]", "[::ffff:127.0.0.1]", "[::ffff:7f00:1]", "0", "0.0.0.0", "%6cocalhost", "①27.0.0.1",
	} {
		if got, _ := g.fetch(map[string]any{"url": "http://" + host + ":" + port}); got >= 0 || *hits != 0 {
			t.Fatalf("%s:%s answered: %d, %s, %d requests", host, port, got, g.lastError(), *hits)
		}
	}
}
