package api

import (
	"errors"
	"strconv"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/waslrun/wasl/asl/jsonvalue"
)

// TestErrorsAreBounded: what a client sends comes back in a message far enough
// to recognise it, and not whole.
func TestErrorsAreBounded(t *testing.T) {
	s := newTestServer(t)
	long := strings.Repeat("ä", 450_000)
	tags := `[` + strings.Repeat(`{"key":"`+strings.Repeat("k", 300)+`","value":""},`, 100) + `{"key":"","value":""}]`
	for name, c := range map[string]struct{ action, request string }{
		"a page token":           {"ListStateMachines", `{"nextToken":"$"}`},
		"an ARN":                 {"DescribeExecution", `{"executionArn":"$"}`},
		"a name":                 {"CreateActivity", `{"name":"$"}`},
		"a task token":           {"SendTaskHeartbeat", `{"taskToken":"$"}`},
		"an enumeration":         {"ListExecutions", `{"statusFilter":"$"}`},
		"many mistakes":          {"CreateActivity", `{"name":"a","tags":` + tags + `}`},
		"a definition's word":    {"CreateStateMachine", `{"name":"a","roleArn":"arn:aws:iam::1:role/r","definition":"$"}`},
		"a definition's field":   {"CreateStateMachine", `{"name":"a","roleArn":"arn:aws:iam::1:role/r","definition":"{\"$\":1}"}`},
		"a tested definition":    {"TestState", `{"definition":"{\"Type\":\"$\"}"}`},
		"an unknown operation":   {long, `{}`},
		"a stranger's role":      {"TestState", `{"definition":"{}","roleArn":"$"}`},
		"a number that is wrong": {"ListStateMachines", `{"maxResults":` + strings.Repeat("9", 900_000) + `}`},
	} {
		t.Run(name, func(t *testing.T) {
			request := jsonvalue.MustParse(strings.ReplaceAll(c.request, "$", long))
			_, err := s.Call(t.Context(), c.action, request)
			var refused *Error
			if !errors.As(err, &refused) {
				t.Fatalf("not refused, but %v", err)
			}
			if len(refused.Message) > maxMessage || !utf8.ValidString(refused.Message) {
				t.Errorf("%d bytes, valid: %t", len(refused.Message), utf8.ValidString(refused.Message))
			}
		})
	}
}

func TestPageTokensThatAreOneTooLongAreShownWhole(t *testing.T) { // recorded
	for action, limit := range map[string]int{"ListStateMachines": 1024, "ListExecutions": 3096} {
		token := strings.Repeat("A", limit+1)
		_, err := newTestServer(t).Call(t.Context(), action, jsonvalue.MustParse(`{"nextToken":"`+token+`"}`))
		want := "ValidationException: 1 validation error detected: Value '" + token +
			"' at 'nextToken' failed to satisfy constraint: Member must have length less than or equal to " + strconv.Itoa(limit)
		if err == nil || err.Error() != want {
			t.Error(err)
		}
	}
}

// TestPayloadsAreMeasuredInBytes: the model bounds what executions work on in
// bytes of UTF-8, and everything else in characters.
func TestPayloadsAreMeasuredInBytes(t *testing.T) {
	const limit = 262144
	s := newTestServer(t)
	fits := `"` + strings.Repeat("ä", limit/2-1) + `"`
	over := `"` + strings.Repeat("ä", limit/2) + `"`
	call := func(action string, members ...jsonvalue.Member) error {
		_, err := s.Call(t.Context(), action, jsonvalue.ObjectOf(members...))
		return err
	}
	text := func(key, value string) jsonvalue.Member {
		return jsonvalue.Member{Key: key, Value: jsonvalue.StringOf(value)}
	}
	for _, c := range []struct {
		action, key string
		with        jsonvalue.Member
	}{
		{"StartExecution", "input", text("stateMachineArn", "arn:aws:states:us-east-1:1:stateMachine:m")},
		{"StartSyncExecution", "input", text("stateMachineArn", "arn:aws:states:us-east-1:1:stateMachine:m")},
		{"SendTaskSuccess", "output", text("taskToken", "t")},
		{"TestState", "input", text("definition", `{"Type":"Succeed"}`)},
	} {
		const tooLong = "' failed to satisfy constraint: Member must have length less than or equal to 262144"
		want := "ValidationException: 1 validation error detected: Value at '" + c.key + tooLong
		if err := call(c.action, c.with, text(c.key, over)); err == nil || err.Error() != want {
			t.Errorf("%s: %v", c.action, err)
		}
		if err := call(c.action, c.with, text(c.key, fits)); err != nil && strings.Contains(err.Error(), tooLong) {
			t.Errorf("%s: %d bytes: %v", c.action, len(fits), err)
		}
	}
	name := strings.Repeat("ä", 80)
	if err := call("CreateActivity", text("name", name)); err != nil {
		t.Errorf("a name of 80 characters: %v", err)
	}
}
