package cli

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"regexp"
	"strings"
	"testing"
)

// lines hands on what is written to it, a line at a time.
type lines chan string

func (l lines) Write(p []byte) (int, error) {
	for line := range strings.Lines(string(p)) {
		l <- strings.TrimSuffix(line, "\n")
	}
	return len(p), nil
}

func TestServe(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	var out bytes.Buffer
	said, ended := make(lines, 10), make(chan int, 1)
	go func() {
		ended <- run(ctx, []string{"wasl", "serve", "--listen", "127.0.0.1:0"}, streams{in: strings.NewReader(""), out: &out, err: said})
	}()
	address := regexp.MustCompile(`^wasl: serving the Step Functions API on (http://127\.0\.0\.1:\d+)$`).FindStringSubmatch(<-said)
	if address == nil {
		t.Fatal("no address")
	}
	r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, address[1], strings.NewReader("{}"))
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("X-Amz-Target", "AWSStepFunctions.ListStateMachines")
	answer, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	body, err := io.ReadAll(answer.Body)
	_ = answer.Body.Close()
	if err != nil || string(body) != `{"stateMachines":[]}` || answer.Header.Get("Content-Type") != "application/x-amz-json-1.0" {
		t.Errorf("%s, %v, %v", body, answer.Header, err)
	}
	cancel()
	if code := <-ended; code != 0 || out.Len() > 0 {
		t.Errorf("exit code %d, output %q", code, out.String())
	}
}

func TestServeOnAPortInUse(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = l.Close() }()
	var errs bytes.Buffer
	code := run(t.Context(), []string{"wasl", "serve", "--listen", l.Addr().String()}, streams{in: strings.NewReader(""), out: io.Discard, err: &errs})
	want := regexp.MustCompile(fmt.Sprintf(`^wasl: cannot listen on %s: [^\n]*in use[^\n]*\n$`, regexp.QuoteMeta(l.Addr().String())))
	if code != exitUsage || !want.MatchString(errs.String()) {
		t.Errorf("exit code %d, %q", code, errs.String())
	}
}
