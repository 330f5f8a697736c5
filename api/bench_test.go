package api

import (
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/waslrun/wasl/asl/jsonvalue"
)

// BenchmarkRequest is what the API costs around the engine: requests through
// the HTTP handler, without a network.
func BenchmarkRequest(b *testing.B) {
	s := newTestServer(b)
	for _, setup := range []string{
		`{"name":"x","type":"EXPRESS","roleArn":"arn:aws:iam::1:role/r","definition":"{\"StartAt\":\"A\",\"States\":{\"A\":{\"Type\":\"Pass\",\"End\":true}}}"}`,
		`{"name":"m","roleArn":"arn:aws:iam::1:role/r","definition":"{\"StartAt\":\"A\",\"States\":{\"A\":{\"Type\":\"Pass\",\"End\":true}}}"}`,
	} {
		if _, err := s.Call(b.Context(), "CreateStateMachine", jsonvalue.MustParse(setup)); err != nil {
			b.Fatal(err)
		}
	}
	const arn = `"arn:aws:states:us-east-1:111111111111:`
	if _, err := s.Call(b.Context(), "StartExecution", jsonvalue.MustParse(`{"stateMachineArn":`+arn+`stateMachine:m","name":"e"}`)); err != nil {
		b.Fatal(err)
	}
	for action, body := range map[string]string{
		"DescribeStateMachine": `{"stateMachineArn":` + arn + `stateMachine:m"}`,
		"GetExecutionHistory":  `{"executionArn":` + arn + `execution:m:e"}`,
		"StartSyncExecution":   `{"stateMachineArn":` + arn + `stateMachine:x","input":"{\"a\":[1,2,3]}"}`,
	} {
		b.Run(action, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				r := httptest.NewRequestWithContext(b.Context(), "POST", "/", strings.NewReader(body))
				r.Header.Set("X-Amz-Target", "AWSStepFunctions."+action)
				w := httptest.NewRecorder()
				if s.ServeHTTP(w, r); w.Code != 200 {
					b.Fatal(w.Body)
				}
			}
		})
	}
}
