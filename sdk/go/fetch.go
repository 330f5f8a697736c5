package wasl

import (
	"context"
	"encoding/json"
	"unicode/utf8"
)

// Request is an HTTP request.
type Request struct {
	Method  string // empty: GET
	URL     string
	Headers map[string]string
	Body    []byte
}

// Response is an HTTP response. Redirects are not followed.
type Response struct {
	Status  int
	Headers map[string][]string
	Body    []byte
}

// Fetch makes an HTTP request. The hosts that the task may ask are granted in
// the configuration.
func Fetch(ctx context.Context, r Request) (Response, error) {
	if err := context.Cause(ctx); err != nil {
		return Response{}, err
	}
	var wire struct {
		Method  string            `json:"method,omitempty"`
		URL     string            `json:"url"`
		Headers map[string]string `json:"headers,omitempty"`
		Body    string            `json:"body,omitempty"`
		Bytes   []byte            `json:"bodyBase64,omitempty"`
	}
	wire.Method, wire.URL, wire.Headers = r.Method, r.URL, r.Headers
	if utf8.Valid(r.Body) {
		wire.Body = string(r.Body)
	} else {
		wire.Bytes = r.Body
	}
	text, err := json.Marshal(wire)
	if err != nil {
		return Response{}, err
	}
	n := httpFetch(text)
	if n < 0 {
		return Response{}, failure("fetch", n)
	}
	text = make([]byte, n)
	httpRead(text)
	var answer struct {
		Status  int                 `json:"status"`
		Headers map[string][]string `json:"headers"`
		Body    string              `json:"body"`
		Bytes   []byte              `json:"bodyBase64"`
	}
	if err := json.Unmarshal(text, &answer); err != nil {
		return Response{}, err
	}
	if len(answer.Bytes) == 0 {
		answer.Bytes = []byte(answer.Body)
	}
	return Response{answer.Status, answer.Headers, answer.Bytes}, nil
}
