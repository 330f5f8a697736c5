package api

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"strings"
	"time"

	"github.com/waslrun/wasl/asl/jsonvalue"
	"github.com/waslrun/wasl/internal/uuid"
)

const (
	// maxBody is AWS's bound on a request, in bytes. Larger payloads raise it.
	maxBody = 1 << 20
	// targetPrefix is what X-Amz-Target has before the operation's name.
	targetPrefix = "AWSStepFunctions."
	contentType  = "application/x-amz-json-1.0"
	// healthPath answers whoever watches over the server, while it serves.
	healthPath = "/health"
)

// ServeHTTP answers one request: POST / with the operation in X-Amz-Target.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if !s.log.Enabled(r.Context(), slog.LevelDebug) {
		s.serve(w, r)
		return
	}
	begin := time.Now()
	seen := &answerWatch{ResponseWriter: w, status: http.StatusOK}
	s.serve(seen, r)
	s.log.Debug("request", "method", r.Method, "path", cut(r.URL.Path, maxShown),
		"operation", cut(strings.TrimPrefix(r.Header.Get("X-Amz-Target"), targetPrefix), maxShown),
		"status", seen.status, "took", time.Since(begin))
}

// answerWatch sees the status of an answer.
type answerWatch struct {
	http.ResponseWriter
	status int
}

// WriteHeader implements http.ResponseWriter.
func (a *answerWatch) WriteHeader(status int) {
	a.status = status
	a.ResponseWriter.WriteHeader(status)
}

func (s *Server) serve(w http.ResponseWriter, r *http.Request) {
	if r.Method == http.MethodGet && r.URL.Path == healthPath {
		w.Header().Set("Content-Type", "application/json")
		_, _ = io.WriteString(w, `{"status":"ok"}`+"\n") // the client may be gone
		return
	}
	if r.Method != http.MethodPost || r.URL.Path != "/" {
		http.Error(w, "wasl: the Step Functions API takes POST / with X-Amz-Target", http.StatusNotFound)
		return
	}
	if r.Header.Get("Origin") != "" {
		// No SDK sends one, every browser does: a page that somebody looks at
		// must not reach a server that only listens on this machine.
		http.Error(w, "wasl: requests from browsers are refused", http.StatusForbidden)
		return
	}
	bound := s.bodyBound()
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, bound))
	if tooLarge := (*http.MaxBytesError)(nil); errors.As(err, &tooLarge) {
		s.refuse(w, http.StatusRequestEntityTooLarge,
			fail("RequestEntityTooLargeException", "Request is larger than %d bytes", bound))
		return
	}
	if err != nil {
		return // the client went away
	}
	s.foreign.note(r, s.home.Region, s.log)
	action, ok := strings.CutPrefix(r.Header.Get("X-Amz-Target"), targetPrefix)
	if !ok {
		s.refuse(w, http.StatusBadRequest, noTarget(r.Header.Get("X-Amz-Target")))
		return
	}
	request, err := parseBody(body)
	if err == nil {
		var answer jsonvalue.Value
		if answer, err = s.Call(r.Context(), action, request); err == nil {
			s.answer(w, http.StatusOK, answer)
			return
		}
	}
	if r.Context().Err() != nil {
		return // nobody listens any more
	}
	if known := (*Error)(nil); errors.As(err, &known) {
		s.refuse(w, http.StatusBadRequest, known)
		return
	}
	s.log.Error("request failed", "action", action, "error", err)
	s.refuse(w, http.StatusInternalServerError, fail("InternalFailure", "%s", err))
}

// bodyBound is how many bytes a request may have: payloads are texts within
// it, which escapes make longer.
func (s *Server) bodyBound() int64 { return max(maxBody, 2*int64(s.payload)) }

func parseBody(body []byte) (jsonvalue.Value, error) {
	if len(body) == 0 {
		return jsonvalue.EmptyObject, nil
	}
	v, err := jsonvalue.Parse(string(body))
	if err != nil {
		return v, fail("SerializationException", "%s", err)
	}
	return v, nil
}

func (s *Server) refuse(w http.ResponseWriter, status int, e *Error) {
	b := jsonvalue.NewObject(3)
	b.Set("__type", jsonvalue.StringOf(e.Type))
	b.Set("message", jsonvalue.StringOf(e.Message))
	if e.Reason != "" {
		b.Set("reason", jsonvalue.StringOf(e.Reason))
	}
	s.answer(w, status, b.Value())
}

func (s *Server) answer(w http.ResponseWriter, status int, body jsonvalue.Value) {
	w.Header().Set("Content-Type", contentType)
	w.Header().Set("X-Amzn-Requestid", uuid.New())
	w.WriteHeader(status)
	_, _ = w.Write(body.AppendJSON(make([]byte, 0, body.EncodedLen()))) // the client may be gone
}

// NewHTTPServer makes the http.Server that serves s, with its timeouts set. A
// request that waits on purpose (GetActivityTask for 60 s, StartSyncExecution
// for 5 minutes) fits into them.
func (s *Server) NewHTTPServer() *http.Server {
	return &http.Server{
		Handler:           s,
		ReadHeaderTimeout: 10 * time.Second,
		ReadTimeout:       30 * time.Second,
		WriteTimeout:      6 * time.Minute,
		IdleTimeout:       2 * time.Minute,
		MaxHeaderBytes:    64 << 10,
	}
}

// Call does one operation of the API without HTTP: action is its name,
// request its input as JSON. Errors are *Error, the context's, or internal.
func (s *Server) Call(ctx context.Context, action string, request jsonvalue.Value) (jsonvalue.Value, error) {
	op, ok := operations[action]
	if !ok {
		return jsonvalue.Value{}, unknownOperation(action)
	}
	if request.Kind() != jsonvalue.Object {
		return jsonvalue.Value{}, fail("SerializationException", "Start of structure or map expected")
	}
	if err := s.check(action+"Input", request); err != nil {
		return jsonvalue.Value{}, err
	}
	answer, err := op.run(s, ctx, request)
	if err != nil {
		return jsonvalue.Value{}, fmt.Errorf("%s: %w", action, err)
	}
	return answer, nil
}
