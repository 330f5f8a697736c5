package cli

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// served runs wasl serve and gives its URL and, once stop was called, its log.
func served(t *testing.T, args ...string) (url string, stop func() string) {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	log := &signalWriter{want: "serving the Step Functions API on "}
	ready, ended := make(chan struct{}), make(chan int, 1)
	log.f = func() { close(ready); log.f = nil }
	go func() {
		args := append([]string{"wasl", "serve", "--listen", "127.0.0.1:0"}, args...)
		ended <- run(ctx, args, streams{in: strings.NewReader(""), out: io.Discard, err: log})
	}()
	<-ready
	url = regexp.MustCompile(`http://[0-9.:]+`).FindString(log.text.String())
	return url, func() string {
		cancel()
		if code := <-ended; code != 0 {
			t.Errorf("exit code %d", code)
		}
		return log.text.String()
	}
}

// call does one operation and gives the answer.
func call(t *testing.T, url, operation, body string) string {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, url, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("X-Amz-Target", "AWSStepFunctions."+operation)
	answer, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = answer.Body.Close() }()
	text, err := io.ReadAll(answer.Body)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

const failing = `{"name":"m","roleArn":"arn:aws:iam::000000000000:role/r","type":"EXPRESS","definition":"{\"StartAt\":\"A\",\"States\":{\"A\":{\"Type\":\"Fail\",\"Error\":\"E\\u001b\",\"Cause\":\"why\"}}}"}`

func TestServeLogsExecutions(t *testing.T) {
	url, stop := served(t, "--log-format", "json")
	call(t, url, "CreateStateMachine", failing)
	call(t, url, "StartSyncExecution", `{"stateMachineArn":"arn:aws:states:us-east-1:000000000000:stateMachine:m"}`)
	var messages []string
	for line := range strings.Lines(stop()) {
		var record map[string]any
		if err := json.Unmarshal([]byte(line), &record); err != nil {
			t.Fatalf("%s: %v", line, err)
		}
		if record["time"] == nil || record["level"] == nil {
			t.Errorf("no time or level: %s", line)
		}
		messages = append(messages, record["level"].(string)+" "+record["msg"].(string))
		if record["msg"] == "execution ended" && (record["state"] != "A" || record["error"] != "E\x1b" || record["cause"] != "why" ||
			record["status"] != "FAILED" || record["attempt"] != 0.0 || !strings.Contains(record["execution"].(string), ":express:m:")) {
			t.Errorf("%s", line)
		}
	}
	want := []string{"INFO serving the Step Functions API on " + url, "INFO execution started", "WARN execution ended"}
	if strings.Join(messages, "\n") != strings.Join(want, "\n") {
		t.Errorf("got %q, want %q", messages, want)
	}
}

func TestServeLogsRequestsAtDebug(t *testing.T) {
	url, stop := served(t, "--log-level", "debug")
	call(t, url, "ListStateMachines", "{}")
	call(t, url, "Fly", "{}")
	answer, err := http.Get(url + "/health")
	if err != nil {
		t.Fatal(err)
	}
	body, _ := io.ReadAll(answer.Body)
	_ = answer.Body.Close()
	if answer.StatusCode != http.StatusOK || string(body) != "{\"status\":\"ok\"}\n" {
		t.Errorf("health: %d %q", answer.StatusCode, body)
	}
	log := stop()
	for _, want := range []string{
		`level=DEBUG msg=request method=POST path=/ operation=ListStateMachines status=200 took=`,
		`operation=Fly status=400 took=`, `method=GET path=/health operation="" status=200`,
	} {
		if !strings.Contains(log, want) {
			t.Errorf("no %q in\n%s", want, log)
		}
	}
}

func TestLogFlagsAreChecked(t *testing.T) {
	for _, c := range [][2]string{{"--log-level", "loud"}, {"--log-level", "info+1"}, {"--log-format", "xml"}} {
		var errs bytes.Buffer
		code := run(t.Context(), []string{"wasl", "serve", c[0], c[1]}, streams{in: strings.NewReader(""), out: io.Discard, err: &errs})
		if code != exitUsage || !strings.HasPrefix(errs.String(), "wasl: "+c[0]+": ") {
			t.Errorf("%q: exit code %d, %q", c, code, errs.String())
		}
	}
}

// What a guest logs has its execution, state and attempt.
func TestServeLogsTasks(t *testing.T) {
	dir := t.TempDir()
	config := filepath.Join(dir, "wasl.toml")
	if err := os.WriteFile(config, []byte("[wasm]\nmodule_dir = \""+makeGuests(t)+"\"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	url, stop := served(t, "--config", config, "--log-level", "debug")
	definition := `{\"StartAt\":\"A\",\"States\":{\"A\":{\"Type\":\"Task\",\"Resource\":\"wasm:quick\",\"End\":true}}}`
	call(t, url, "CreateStateMachine", `{"name":"m","roleArn":"arn:aws:iam::000000000000:role/r","type":"EXPRESS","definition":"`+definition+`"}`)
	call(t, url, "StartSyncExecution", `{"stateMachineArn":"arn:aws:states:us-east-1:000000000000:stateMachine:m"}`)
	want := regexp.MustCompile(`(?m)^time=\S+ level=DEBUG msg="task done" execution=\S+:express:m:\S+ state=A attempt=0 module=quick `)
	if log := stop(); !want.MatchString(log) {
		t.Error(log)
	}
}
