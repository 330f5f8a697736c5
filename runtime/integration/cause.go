package integration

import (
	"strings"

	"github.com/waslrun/wasl/asl/jsonvalue"
)

// Lambda's error object, in the order in which lambda:invoke shows it.
var errorMembers = []string{"errorMessage", "errorType", "requestId", "stackTrace"}

// errorObject reads a cause that is a function's error object.
func errorObject(cause string) (jsonvalue.Value, bool) {
	if !strings.HasPrefix(cause, "{") {
		return jsonvalue.Value{}, false
	}
	v, err := jsonvalue.Parse(cause)
	if err != nil || !v.Field("errorType").IsValid() {
		return jsonvalue.Value{}, false
	}
	return v, true
}

// compactCause adds the request's id to a function's error object and writes
// it anew, as lambda:invoke does. Any other cause stays as it is.
func (s *Set) compactCause(cause string) string {
	v, ok := errorObject(cause)
	if !ok {
		return cause
	}
	if !v.Field("requestId").IsValid() {
		v = v.With("requestId", jsonvalue.StringOf(s.NewID()))
	}
	b := jsonvalue.NewObject(v.Len())
	for _, key := range errorMembers {
		if x, ok := v.Get(key); ok {
			b.Set(key, x)
		}
	}
	for key, x := range v.Members() {
		b.Set(key, x)
	}
	return b.Value().String()
}

// withRequestID adds the request's id to the text of a function's error object
// and leaves that as it is otherwise, as the plain ARN of a function does.
// Lambda writes the id before the stack trace.
func (s *Set) withRequestID(cause string) string {
	v, ok := errorObject(cause)
	if !ok || v.Field("requestId").IsValid() {
		return cause
	}
	colon, comma := ":", ","
	if strings.Contains(cause, `": `) {
		colon, comma = ": ", ", "
	}
	member := `"requestId"` + colon + `"` + s.NewID() + `"`
	before, after, found := strings.Cut(cause, `"stackTrace"`)
	if found && strings.HasSuffix(strings.TrimRight(before, " "), ",") {
		// The key may be one of an inner object: then the id is not where it belongs.
		text := before + member + comma + `"stackTrace"` + after
		if v, err := jsonvalue.Parse(text); err == nil && v.Field("requestId").IsValid() {
			return text
		}
	}
	end := strings.LastIndexByte(cause, '}')
	return cause[:end] + comma + member + cause[end:]
}
