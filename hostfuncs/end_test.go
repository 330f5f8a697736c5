package hostfuncs

import (
	"encoding/json"
	"errors"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/waslrun/wasl/asl/errname"
	"github.com/waslrun/wasl/internal/printable"
	"github.com/waslrun/wasl/modules"
)

// Row 31: what counts as output.
func TestOutput(t *testing.T) {
	deep := func(n int) string { return strings.Repeat("[", n) + strings.Repeat("]", n) }
	for _, c := range []struct{ output, want, problem string }{
		{`{"a": [1, 2.50, -0e-7]}`, `{"a": [1, 2.50, -0e-7]}`, ""}, // as it was sent
		{" 1\n", " 1\n", ""},
		{"", "null", ""},
		{" \r\n\t", "null", ""},
		{`{"a":1,"a":2}`, `{"a":1,"a":2}`, ""},
		{`"\ud800"`, `"\ud800"`, ""},
		{deep(1000), deep(1000), ""},
		{deep(1001), "", "nests deeper than 1000 levels"},
		{strings.Repeat(`{"a":`, 10_000), "", "nests deeper than 1000 levels"},
		{"NaN", "", "unexpected 'N' at byte 0"},
		{"Infinity", "", "unexpected 'I' at byte 0"},
		{"-Infinity", "", "unexpected 'I' at byte 1"},
		{"'a'", "", "unexpected '\\'' at byte 0"},
		{"\"a\xff\"", "", "not UTF-8"},
		{"\"\xed\xa0\x80\"", "", "not UTF-8"},
		{"\"\xc0\x80\"", "", "not UTF-8"},
		{"\ufeff1", "", "unexpected"},
		{`{"a":1`, "", "ends in the middle, after 6 bytes"},
		{`{"a":1} x`, "", "there is more after the value (at byte 8)"},
		{`01`, "", "there is more"},
		{`1.`, "", "ends in the middle"},
		{`[1,]`, "", "unexpected ']' at byte 3"},
		{`{"a":1,}`, "", "unexpected '}' at byte 7"},
		{`{a:1}`, "", "unexpected 'a' at byte 1"},
		{"\"a\nb\"", "", "unexpected '\\n' at byte 2"},
		{`"\x"`, "", "unexpected 'x' at byte 2"},
		{"hello", "", "unexpected 'h'"},
	} {
		got, failure := finish([]byte(c.output))
		switch {
		case c.problem == "" && (failure != nil || string(got) != c.want):
			t.Errorf("%.40q gives %.40q, %v", c.output, got, failure)
		case c.problem != "" && (failure == nil || failure.Error != modules.ErrInvalidOutput || !contains(failure.Cause, c.problem)):
			t.Errorf("%.40q gives %.40q, %v, want %s", c.output, got, failure, c.problem)
		}
	}
}

func FuzzCheckJSON(f *testing.F) {
	for _, text := range []string{
		`{"a":[1,-2.5e+3,true,false,null,"\u00e9\n"]}`, "[]", "{}", `[[],{}]`, `"`, "\"\xff\"", "1e", "-", `{"a"}`, " 0 ", "nul",
	} {
		f.Add([]byte(text))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		err := checkJSON(text)
		if err != nil && contains(err.Error(), "nests deeper") {
			return
		}
		if want := json.Valid(text) && utf8.Valid(text); want != (err == nil) {
			t.Errorf("%q: %v", text, err)
		}
	})
}

func BenchmarkCheckJSON(b *testing.B) {
	text := []byte(`{"taskName":"alpha","count":3,"sum":12.5,"key":"batch/alpha.json","list":[` +
		strings.Repeat(`{"id":12345,"name":"some text of a usual length"},`, 100) + `null]}`)
	b.SetBytes(int64(len(text)))
	for b.Loop() {
		if err := checkJSON(text); err != nil {
			b.Fatal(err)
		}
	}
}

// How a command names its error.
func TestTheLastLineOfStderrNamesTheError(t *testing.T) {
	const lambda = `{"errorType":"CustomException","errorMessage":"","stackTrace":["  File \"x\", line 9\n"], "n": 1.0}`
	for _, c := range []struct{ stderr, wantError, wantCause string }{
		{"log\n" + lambda + "\n\n", "CustomException", lambda},
		{`{"errorType": "States.Timeout", "errorMessage": "m"}`, "States.TaskFailed", `{"errorType": "States.Timeout", "errorMessage": "m"}`},
		{`{"errorType": ""}`, "States.TaskFailed", `{"errorType": ""}`},
		{`{"Error":"Custom","Cause":"why"}`, "Custom", "why"},
		{`{"Error":"Custom"}`, "Custom", ""},
		{`{"Error":"Custom","Cause":{"a": 1}}`, "Custom", `{"a": 1}`},
		{`{"Error":"Custom","Cause":"why","errorType":"Other"}`, "Custom", "why"},
		{`{"errorType": "Wasm.Trap"}`, "States.TaskFailed", `{"errorType": "Wasm.Trap"}`},
		{`{"Error":"Wasm.BadModule","Cause":"why"}`, "States.TaskFailed", "the task reported Wasm.BadModule, a reserved name: why"},
		{`{"Error":"States.Runtime","Cause":"why"}`, "States.TaskFailed", "the task reported States.Runtime, a reserved name: why"},
		{`{"error":"Custom","cause":"why"}`, "States.TaskFailed", "exit code 1\n" + `{"error":"Custom","cause":"why"}`},
		{`{"Error":1}`, "States.TaskFailed", "exit code 1\n" + `{"Error":1}`},
		{`{"Error":"Custom"} x`, "States.TaskFailed", "exit code 1\n" + `{"Error":"Custom"} x`},
		{lambda + "\nanother line", "States.TaskFailed", "exit code 1\n" + lambda + "\nanother line"},
		{"", "States.TaskFailed", "exit code 1"},
		{"  \n", "States.TaskFailed", "exit code 1"},
		{"oh: \xff\n", "States.TaskFailed", "exit code 1\noh: \uFFFD"},
		// A panic's own text comes first, whatever was written before.
		{"panic: \xff\n", "States.TaskFailed", "panic: \uFFFD\nexit code 1"},
		{"log\npanic: boom\n\ngoroutine 1 [running]:\n", "States.TaskFailed", "panic: boom\n\ngoroutine 1 [running]:\nexit code 1"},
		{"panic: one\nlog\nfatal error: two", "States.TaskFailed", "fatal error: two\nexit code 1"},
		{"no panic: at all", "States.TaskFailed", "exit code 1\nno panic: at all"},
	} {
		g := newGuest(t, Task{}, modules.ABICommand, "")
		g.write(stdout, `"ignored"`)
		if c.stderr != "" {
			g.write(stderr, c.stderr)
		}
		g.call("wasi.proc_exit", 1)
		if _, failure := g.end(); failure == nil || failure.Error != c.wantError || failure.Cause != c.wantCause {
			t.Errorf("%q gives %v", c.stderr, failure)
		}
	}
}

// Whatever a guest writes and however it ends, its failure keeps to the rules.
func FuzzFailures(f *testing.F) {
	for _, text := range []string{`{"Error":"States.Timeout","Cause":1}`, `{"errorType":"","errorMessage":"\u0000"}`, "\xff\n \n", `{"Error":"` + strings.Repeat("é", 300) + `"}`} {
		f.Add([]byte(text), uint32(1))
	}
	f.Fuzz(func(t *testing.T, text []byte, code uint32) {
		for _, reported := range []bool{false, true} {
			g := newGuest(t, Task{}, modules.ABICommand, "")
			if reported {
				g.fake.mem.data = text
				half := uint64(len(text) / 2)
				g.wasl("fail", 0, half, half, uint64(len(text))-half)
			} else {
				g.session.stream(stderr, text)
			}
			g.ended = &modules.ProcExit{Code: code | 1}
			_, failure := g.end()
			switch {
			case failure == nil:
				t.Fatal("no failure")
			case strings.TrimSpace(failure.Error) == "" || utf8.RuneCountInString(failure.Error) > MaxErrorChars,
				utf8.RuneCountInString(failure.Cause) > MaxCauseChars,
				!utf8.ValidString(failure.Error) || !utf8.ValidString(failure.Cause),
				errname.Reserved(failure.Error) && failure.Error != errname.TaskFailed:
				t.Fatalf("%+v", failure)
			}
			for _, line := range g.lines {
				if printable.Text(line.Text) != line.Text {
					t.Fatalf("the log has %q", line.Text)
				}
			}
		}
	})
}

func TestALongLastLineIsWhole(t *testing.T) {
	line := `{"errorType":"Custom","errorMessage":"` + strings.Repeat("é", 30_000) + `"}`
	g := newGuest(t, Task{Limits: Limits{Log: 1}}, modules.ABICommand, "")
	g.write(stderr, strings.Repeat("noise\n", 100_000)+line+"\n")
	g.call("wasi.proc_exit", 1)
	if _, failure := g.end(); failure == nil || failure.Error != "Custom" || failure.Cause != line {
		t.Errorf("%.100v", failure)
	}
}

func TestOnlyTheEndOfALongStderrIsShown(t *testing.T) {
	g := newGuest(t, Task{}, modules.ABICommand, "")
	g.write(stderr, "the beginning\n"+strings.Repeat("line\n", 10_000)+"the end")
	g.call("wasi.proc_exit", 2)
	_, failure := g.end()
	if failure == nil || !strings.HasPrefix(failure.Cause, "exit code 2\n…line\n") || !strings.HasSuffix(failure.Cause, "line\nthe end") || len(failure.Cause) > maxExcerpt+20 {
		t.Errorf("%.100v", failure)
	}
}

func TestEndsThatAreNoReturn(t *testing.T) {
	trap := modules.Exit{Kind: modules.ExitTrap, Err: errors.New("unreachable")}
	end := func(exit modules.Exit, prepare func(g *guest)) *modules.Failure {
		g := newGuest(t, Task{Limits: Limits{Output: 10}}, modules.ABIReactor, "")
		g.call("wasl.output_write", 0, 1)
		prepare(g)
		output, failure, _ := g.session.End(exit)
		if output != nil {
			t.Errorf("%v has the output %q", exit, output)
		}
		return failure
	}
	nothing := func(*guest) {}
	for _, kind := range []modules.ExitKind{modules.ExitTrap, modules.ExitFuel, modules.ExitMemory, modules.ExitKilled} {
		if f := end(modules.Exit{Kind: kind}, nothing); f != nil {
			t.Errorf("an end of kind %d: %v, which the sandbox should name", kind, f)
		}
	}
	trap.Frames = []string{"divide", "wasl_handle"}
	const where = "\nunreachable\nat divide, at wasl_handle"
	for written, text := range map[string]string{
		"why\n": "why",
		"log\nthread 'main' panicked at src/main.rs:3:5:\nboom\n":    "thread 'main' panicked at src/main.rs:3:5:\nboom",
		"log\nthread '<unnamed>' (1) panicked at src/main.rs:3:5:\n": "thread '<unnamed>' (1) panicked at src/main.rs:3:5:",
		"log\nabort: why in assembly/index.ts:1:2\n":                 "abort: why in assembly/index.ts:1:2",
		"panic: boom\n" + strings.Repeat("\tframe\n", maxExcerpt):    "panic: boom\n" + strings.Repeat("\tframe\n", maxExcerpt)[:maxExcerpt-len("panic: boom\n")] + "…",
	} {
		panicked := func(g *guest) { g.write(stderr, written) }
		if f := end(trap, panicked); f == nil || *f != (modules.Failure{Error: modules.ErrTrap, Cause: text + where}) {
			t.Errorf("a trap after %.80q: %v", written, f)
		}
	}
	reported := func(g *guest) {
		ptr, n := g.text(0, "Custom")
		g.call("wasl.fail", ptr, n, 0, 0)
	}
	if f := end(trap, reported); f == nil || f.Error != "Custom" {
		t.Errorf("a trap after fail: %v", f)
	}
	if f := end(modules.Exit{Kind: modules.ExitKilled}, reported); f != nil {
		t.Errorf("killed after fail: %v", f)
	}
	tooMuch := func(g *guest) { reported(g); g.call("wasl.output_write", 0, 100) }
	if f := end(modules.Exit{Kind: modules.ExitReturned, Code: abortCode}, tooMuch); f == nil || f.Error != modules.ErrOutputTooLarge {
		t.Errorf("too much output: %v", f)
	}
	if f := end(modules.Exit{Kind: modules.ExitReturned, Code: 7}, nothing); f == nil || f.Cause != "the handler returned 7" {
		t.Errorf("a handler that returns 7: %v", f)
	}
}
