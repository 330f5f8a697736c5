package hostfuncs

import (
	"bytes"
	"context"
	"encoding/json"
	"net/http"
	"strings"
	"unicode/utf8"

	"github.com/tetratelabs/wazero/api"
)

var waslHTTP = []waslFunction{
	{"http_fetch", "ii", "I", httpFetch},
	{"http_read", "iii", "i", httpRead},
}

// fetchRequest is what a guest asks for. A body is text or base64, not both.
type fetchRequest struct {
	Method  string            `json:"method"` // empty: GET
	URL     string            `json:"url"`
	Headers map[string]string `json:"headers"`
	Body    string            `json:"body"`
	Bytes   []byte            `json:"bodyBase64"`
}

// fetchAnswer is what it gets. A body that is not UTF-8 comes as base64.
type fetchAnswer struct {
	Status  int                 `json:"status"`
	Headers map[string][]string `json:"headers"`
	Body    string              `json:"body"`
	Bytes   []byte              `json:"bodyBase64,omitempty"`
}

// body is the answer's body however it is encoded.
func (a *fetchAnswer) body() []byte {
	if a.Bytes != nil {
		return a.Bytes
	}
	return []byte(a.Body)
}

// httpFetch(ptr, len) makes a request, a JSON object, and gives the size of its
// answer, a JSON object, which http_read hands over.
func httpFetch(ctx context.Context, s *session, mod api.Module, a []uint64) (int64, error) {
	if err := s.mayFetch(); err != nil {
		return 0, err
	}
	client := s.grants.HTTP
	// Base64 and escapes make the JSON text of a body up to six times as long.
	text, ok := s.memory(mod).span(uint32(a[0]), uint32(a[1]))
	switch {
	case !ok:
		return 0, errFault
	case int64(len(text)) > 6*client.maxBody+64<<10:
		return 0, refuse(codeTooLarge, "the request is larger than %d bytes", client.maxBody)
	}
	var wanted fetchRequest
	if err := json.Unmarshal(text, &wanted); err != nil {
		return 0, refuse(codeInvalid, "the request is not a JSON object as described: %v", err)
	}
	answer, err := client.fetch(ctx, wanted)
	if err != nil {
		return 0, err
	}
	if s.fetched, err = json.Marshal(answer); err != nil {
		return 0, err
	}
	s.spend(unitsHTTPByte * int64(len(text)+len(s.fetched)))
	return int64(len(s.fetched)), nil
}

// mayFetch says why the guest may not make requests at all now.
func (s *session) mayFetch() error {
	switch {
	case s.initializing:
		return errUnavailable
	case s.grants.HTTP == nil:
		return refuse(codeDenied, "HTTP requests are not granted")
	case s.stopped():
		return errStopped
	}
	return nil
}

// httpRead(ptr, len, offset) copies the last answer from an offset on and gives
// the number of bytes copied.
func httpRead(_ context.Context, s *session, mod api.Module, a []uint64) (int64, error) {
	offset := uint64(uint32(a[2]))
	n, ok := s.memory(mod).fill(uint32(a[0]), uint32(a[1]), s.fetched[min(offset, uint64(len(s.fetched))):])
	if !ok {
		return 0, errFault
	}
	return int64(n), nil
}

func (c *HTTPClient) fetch(ctx context.Context, wanted fetchRequest) (*fetchAnswer, error) {
	u, err := c.checkURL(wanted.URL)
	if err != nil {
		return nil, err
	}
	body := wanted.Bytes
	if len(body) == 0 {
		body = []byte(wanted.Body)
	}
	if int64(len(body)) > c.maxBody {
		return nil, refuse(codeTooLarge, "the request's body is larger than %d bytes", c.maxBody)
	}
	r, err := http.NewRequestWithContext(ctx, strings.ToUpper(wanted.Method), u.String(), bytes.NewReader(body))
	if err != nil {
		return nil, refuse(codeInvalid, "%v", err)
	}
	for name, value := range wanted.Headers {
		if !guestHeader(name) {
			return nil, refuse(codeInvalid, "the header %.100q cannot be set", name)
		}
		r.Header.Set(name, value)
	}
	answer, data, err := c.do(ctx, r)
	if err != nil {
		return nil, err
	}
	out := &fetchAnswer{Status: answer.StatusCode, Headers: answer.Header}
	if utf8.Valid(data) {
		out.Body = string(data)
	} else {
		out.Bytes = data
	}
	return out, nil
}

// guestHeader reports whether a guest may set a header. Those that say where a
// request goes, how long it is and what becomes of the connection are the
// client's own.
func guestHeader(name string) bool {
	switch strings.ToLower(name) {
	case "", "host", "connection", "content-length", "transfer-encoding", "upgrade", "te", "trailer",
		"expect", "keep-alive", "proxy-connection", "proxy-authorization":
		return false
	}
	return true
}
