package integration

import (
	"cmp"
	"encoding/base64"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/waslrun/wasl/asl/interp"
	"github.com/waslrun/wasl/asl/jsonvalue"
	"github.com/waslrun/wasl/modules"
)

// function plans the plain call of a module: the input goes in, its output
// comes out.
func (s *Set) function(module string, input jsonvalue.Value) Plan {
	return &Function{Module: module, Input: input.AppendJSON(nil), Answer: func(r modules.Result, _ []byte) Outcome {
		if r.Failure != nil {
			return failed(r.Failure, s.withRequestID(r.Failure.Cause))
		}
		return parseOutput(r.Output)
	}}
}

// parseOutput reads a module's output.
func parseOutput(output []byte) Outcome {
	v, err := jsonvalue.Parse(string(output))
	if err != nil {
		return Fail(modules.ErrInvalidOutput, "the output is not JSON: "+err.Error())
	}
	return Succeed(v)
}

// noFunction is what Lambda answers about a function that does not exist.
func (s *Set) noFunction(name, qualifier string) Outcome {
	return s.lambdaRefuses(http.StatusNotFound, "ResourceNotFoundException",
		"Function not found: "+s.Home.Function(name, cmp.Or(qualifier, "$LATEST")))
}

func (s *Set) lambdaRefuses(status int, code, message string) Outcome {
	return s.sdk1("Lambda", "AWSLambda", &ServiceError{Code: code, Status: status, Message: message})
}

// functionPattern is what Lambda's API model says of FunctionName.
const functionPattern = `(arn:(aws[a-zA-Z-]*)?:lambda:)?([a-z]{2}(-gov)?-[a-z]+-\d{1}:)?(\d{12}:)?(function:)?([a-zA-Z0-9-_\.]+)(:(\$LATEST|[a-zA-Z0-9-_]+))?`

// invoke plans lambda:invoke.
func (s *Set) invoke(t *interp.ScheduleTask) Plan {
	name := t.Input.Field("FunctionName").Text()
	f, module, ok := s.Resources.Function(name)
	if !ok {
		return &Answer{s.lambdaRefuses(http.StatusBadRequest, "ValidationException", fmt.Sprintf(
			"1 validation error detected: Value '%s' at 'functionName' failed to satisfy constraint: Member must satisfy regular expression pattern: %s",
			name, functionPattern))}
	}
	if given := t.Input.Field("Qualifier").Text(); given != "" {
		if f.Qualifier != "" && f.Qualifier != given {
			return &Answer{s.lambdaRefuses(http.StatusBadRequest, "InvalidParameterValueException",
				"The derived qualifier from the function name does not match the specified qualifier.")}
		}
		f.Qualifier = given
	}
	if !s.Modules.Exists(module) {
		return &Answer{s.noFunction(f.Name, f.Qualifier)}
	}
	tail := t.Input.Field("LogType").Text() == "Tail"
	invocationType := t.Input.Field("InvocationType").Text()
	return &Function{
		Module: module, Input: payload(t.Input.Field("Payload")), WantsLog: tail,
		Answer: func(r modules.Result, log []byte) Outcome {
			if r.Failure != nil {
				return failed(r.Failure, s.compactCause(r.Failure.Cause))
			}
			answer := &invocation{version: executedVersion(f.Qualifier), id: s.NewID(), at: s.Now(), length: len(r.Output), took: r.Usage.Wall}
			if tail {
				answer.log = answer.lambdaLog(log)
			}
			out := parseOutput(r.Output)
			if out.Failure == nil {
				out.Output = answer.envelope(out.Output, invocationType)
			}
			return out
		},
	}
}

// payload is what the function receives: a text as it is, anything else as
// JSON, and {} when there is nothing.
func payload(v jsonvalue.Value) []byte {
	switch v.Kind() {
	case jsonvalue.String:
		return []byte(v.Text())
	case jsonvalue.Invalid, jsonvalue.Null:
		return []byte("{}")
	case jsonvalue.Bool, jsonvalue.Number, jsonvalue.Array, jsonvalue.Object:
	}
	return v.AppendJSON(nil)
}

// invocation is one answer of the Lambda service.
type invocation struct {
	// version is the function's version that ran.
	version string
	id      string
	at      time.Time
	length  int // bytes of the function's output
	took    time.Duration
	log     string // base64; "" without LogType Tail
}

// executedVersion is the version that an answer names. Modules have no versions:
// a number is taken at its word, and an alias leads to the only one there is.
func executedVersion(qualifier string) string {
	if _, err := strconv.ParseUint(qualifier, 10, 64); err == nil {
		return qualifier
	}
	return "$LATEST"
}

// lambdaLog wraps the end of a function's log in the lines that Lambda writes.
func (i *invocation) lambdaLog(log []byte) string {
	text := fmt.Sprintf("START RequestId: %s Version: %s\n%sEND RequestId: %s\nREPORT RequestId: %s\tDuration: %.2f ms\n",
		i.id, i.version, log, i.id, i.id, float64(i.took.Microseconds())/1000)
	return base64.StdEncoding.EncodeToString([]byte(text))
}

// envelope wraps a function's output as lambda:invoke answers it.
func (i *invocation) envelope(output jsonvalue.Value, invocationType string) jsonvalue.Value {
	status := int64(http.StatusOK)
	if invocationType == "Event" {
		status = http.StatusAccepted
	}
	b := jsonvalue.NewObject(7)
	b.Set("ExecutedVersion", jsonvalue.StringOf(i.version))
	if i.log != "" {
		b.Set("LogResult", jsonvalue.StringOf(i.log))
	}
	b.Set("Payload", output)
	headers := []header{
		{"Connection", "keep-alive"},
		{"Content-Length", strconv.Itoa(i.length)},
		{"Content-Type", "application/json"},
		{"Date", httpDate(i.at)},
		{"X-Amz-Executed-Version", i.version},
	}
	if i.log != "" {
		headers = append(headers, header{"X-Amz-Log-Result", i.log})
	}
	headers = append(headers,
		header{"x-amzn-Remapped-Content-Length", "0"},
		header{"x-amzn-RequestId", i.id},
		header{"X-Amzn-Trace-Id", fmt.Sprintf("root=1-%08x-%s;parent=%s;sampled=0", i.at.Unix(), hexDigits(i.id, 24), hexDigits(i.id, 16))},
	)
	metadata(b, headers, status, i.id)
	b.Set("StatusCode", jsonvalue.IntOf(status))
	return b.Value()
}

// hexDigits gives the first n hexadecimal digits of a UUID.
func hexDigits(id string, n int) string { return strings.ReplaceAll(id, "-", "")[:n] }

// header is one HTTP header of an answer.
type header struct{ name, value string }

func httpDate(t time.Time) string { return t.UTC().Format(http.TimeFormat) }

// metadata adds what optimised integrations show of the HTTP answer.
func metadata(b jsonvalue.ObjectBuilder, headers []header, status int64, requestID string) {
	all, first := jsonvalue.NewObject(len(headers)), jsonvalue.NewObject(len(headers))
	for _, h := range headers {
		v := jsonvalue.StringOf(h.value)
		all.Set(h.name, jsonvalue.ArrayOf(v))
		first.Set(h.name, v)
	}
	b.Set("SdkHttpMetadata", jsonvalue.ObjectOf(
		jsonvalue.Member{Key: "AllHttpHeaders", Value: all.Value()},
		jsonvalue.Member{Key: "HttpHeaders", Value: first.Value()},
		jsonvalue.Member{Key: "HttpStatusCode", Value: jsonvalue.IntOf(status)},
	))
	b.Set("SdkResponseMetadata", jsonvalue.ObjectOf(
		jsonvalue.Member{Key: "RequestId", Value: jsonvalue.StringOf(requestID)},
	))
}
