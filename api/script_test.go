package api

import (
	"bufio"
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/waslrun/wasl/asl/jsonvalue"
	"github.com/waslrun/wasl/modules"
	"github.com/waslrun/wasl/runtime"
	"github.com/waslrun/wasl/runtime/registry"
)

const (
	testRegion  = "us-east-1"
	testAccount = "111111111111"
)

// fakeModules has one module, f. It gives its input back; the input "fail" fails,
// and "hang" never ends.
type fakeModules struct{}

func (fakeModules) Exists(name string) bool { return name == "f" }

func (fakeModules) Concurrency(string) int { return 0 }

func (fakeModules) Prepare(string, func()) bool { return true }

func (fakeModules) Invoke(ctx context.Context, _ string, w runtime.Work) modules.Result {
	switch string(w.Input) {
	case `"fail"`:
		return modules.Result{Failure: &modules.Failure{Error: "Broken", Cause: "as asked"}}
	case `"hang"`:
		<-ctx.Done()
		return modules.Result{Killed: true}
	}
	return modules.Result{Output: w.Input}
}

// newTestServer makes a server over an engine of its own.
func newTestServer(t testing.TB) *Server {
	t.Helper()
	machines := registry.New(registry.Options{Region: testRegion, Account: testAccount})
	engine := runtime.New(runtime.Options{
		Region: testRegion, Account: testAccount, Registry: machines, Limits: runtime.AWSLimits, Modules: fakeModules{},
	})
	t.Cleanup(func() { _ = engine.Close() })
	return New(Options{Engine: engine, Registry: machines, Region: testRegion, Account: testAccount})
}

// TestScripts plays the conversations in testdata. A line is one of
//
//	# a comment
//	let NAME TEXT          $NAME stands for TEXT, in JSON strings for its escaped form;
//	                       ${DOLLAR} is a dollar where a name could follow
//	Operation {request}    a call
//	=> {answer}            what it must answer; "*" is any value, "*NAME" keeps it as $NAME
//	!> Type: message       how it must be refused
//	wait ARN               until the execution is over
//	idle                   until nothing goes on but waiting
//
// Answers are held against the API's model, and the scripts together must show
// all that it has, see answerModel.
func TestScripts(t *testing.T) {
	files, err := filepath.Glob("testdata/*.txt")
	if err != nil || len(files) == 0 {
		t.Fatal("no scripts", err)
	}
	model := newAnswerModel(t)
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".txt"), func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) { play(t, file, model) })
		})
	}
	// Unless somebody runs one script alone.
	if run := flag.Lookup("test.run"); run == nil || !strings.Contains(run.Value.String(), "/") {
		model.checkCoverage(t)
	}
}

// play plays one script, in a bubble of time: what waits costs nothing.
func play(t *testing.T, file string, model *answerModel) {
	t.Helper()
	f, err := os.Open(file)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = f.Close() }()
	s := script{t: t, server: newTestServer(t), model: model, names: map[string]string{"DOLLAR": "$"}}
	lines := bufio.NewScanner(f)
	for n := 1; lines.Scan(); n++ {
		s.at = fmt.Sprintf("%s:%d", file, n)
		s.line(strings.TrimSpace(lines.Text()))
	}
	s.settle()
}

type script struct {
	t      *testing.T
	at     string
	server *Server
	model  *answerModel
	names  map[string]string
	answer jsonvalue.Value
	err    error
	open   string // the call whose outcome no line has looked at
}

func (s *script) line(line string) {
	s.t.Helper()
	if line == "" || line[0] == '#' {
		return
	}
	word, rest, _ := strings.Cut(line, " ")
	switch word {
	case "let":
		name, text, _ := strings.Cut(rest, " ")
		s.names[name] = s.expand(text)
	case "=>":
		s.open = ""
		if s.err != nil {
			s.t.Errorf("%s: refused: %v", s.at, s.err)
		} else if d := s.compare("", jsonvalue.MustParse(s.expandJSON(rest)), s.answer); d != "" {
			s.t.Errorf("%s: %s\nin %s", s.at, d, s.answer)
		}
	case "!>":
		s.open = ""
		var known *Error
		if !errors.As(s.err, &known) || known.Error() != s.expand(rest) {
			s.t.Errorf("%s: got %v, want %s (answer: %s)", s.at, s.err, s.expand(rest), s.answer)
		}
	case "idle":
		s.settle()
		synctest.Wait()
	case "wait":
		s.settle()
		s.wait(s.expand(rest))
	default:
		s.settle()
		s.open = s.at
		time.Sleep(time.Millisecond) // so that lists by time have an order
		s.answer, s.err = s.server.Call(context.Background(), word, jsonvalue.MustParse(s.expandJSON(rest)))
		if s.err == nil {
			for _, problem := range s.model.check(word+"Output", word, s.answer) {
				s.t.Errorf("%s: %s", s.at, problem)
			}
		}
	}
}

// settle fails a call that was refused while no line said so.
func (s *script) settle() {
	s.t.Helper()
	if s.open != "" && s.err != nil {
		s.t.Errorf("%s: refused: %v", s.open, s.err)
	}
	s.open = ""
}

func (s *script) expand(text string) string {
	return os.Expand(text, func(name string) string { return s.names[name] })
}

func (s *script) expandJSON(text string) string {
	return os.Expand(text, func(name string) string {
		quoted := string(jsonvalue.AppendQuoted(nil, s.names[name]))
		return quoted[1 : len(quoted)-1]
	})
}

// wait waits for the end of an execution: starting it again gives the one
// that runs, and is refused when it is over.
func (s *script) wait(arn string) {
	s.t.Helper()
	info, err := s.server.engine.Describe(arn)
	if err != nil {
		s.t.Fatalf("%s: %v", s.at, err)
	}
	x, err := s.server.engine.Start(s.t.Context(), runtime.StartRequest{
		Machine: info.Machine, Name: info.Name, Input: info.Input, InputText: info.InputText,
	})
	if errors.Is(err, runtime.ErrExecutionAlreadyExists) {
		return
	}
	if err != nil {
		s.t.Fatalf("%s: %v", s.at, err)
	}
	if _, err := x.Wait(s.t.Context()); err != nil {
		s.t.Fatalf("%s: %v", s.at, err)
	}
}

// compare gives the first difference, or "".
func (s *script) compare(path string, want, got jsonvalue.Value) string {
	if name, any := strings.CutPrefix(want.Text(), "*"); any && want.Kind() == jsonvalue.String && got.IsValid() {
		if name != "" {
			s.names[name] = got.Text()
		}
		return ""
	}
	if want.Kind() != got.Kind() || want.Len() != got.Len() {
		return fmt.Sprintf("%s: want %s, got %s", path, want, got)
	}
	switch want.Kind() {
	case jsonvalue.Object:
		for key, w := range want.Members() {
			if d := s.compare(path+"/"+key, w, got.Field(key)); d != "" {
				return d
			}
		}
	case jsonvalue.Array:
		for i, w := range want.Elems() {
			if d := s.compare(fmt.Sprintf("%s/%d", path, i), w, got.At(i)); d != "" {
				return d
			}
		}
	default:
		if !jsonvalue.Equal(want, got) {
			return fmt.Sprintf("%s: want %s, got %s", path, want, got)
		}
	}
	return ""
}
