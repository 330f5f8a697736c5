package cli

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// invocation is one run of wasl and what must come of it.
type invocation struct {
	name  string
	args  []string // without the program's name; $DIR is a folder with the test's files
	stdin string
	code  int
	// out and err must match all of standard output and standard error.
	// They are regular expressions; $DIR is the folder again.
	out, err string
}

// files are written to each invocation's folder.
var files = map[string]string{
	"pass.json":     `{"StartAt":"A","States":{"A":{"Type":"Pass","Next":"B"},"B":{"Type":"Pass","End":true}}}`,
	"pass.yaml":     "StartAt: A\nStates:\n  A: {Type: Pass, Result: {x: 1.0}, End: true}\n",
	"fail.json":     `{"StartAt":"A","States":{"A":{"Type":"Fail","Error":"Custom","Cause":"for a reason"}}}`,
	"mute.json":     `{"StartAt":"A","States":{"A":{"Type":"Fail"}}}`,
	"twice.json":    `{"StartAt":"A","States":{"A":{"Type":"Pass","Result":[1,2],"Next":"Each"},` + "\n" + `"Each":{"Type":"Map","MaxConcurrency":1,"ItemProcessor":{"StartAt":"Work","States":{` + "\n" + `  "Work":{"Type":"Task","Resource":"arn:aws:states:::sns:publish","Parameters":{},"TimeoutSeconds":60,"Retry":[{"ErrorEquals":["States.ALL"],"MaxAttempts":1,"IntervalSeconds":1}],"End":true}}},"End":true}}}`,
	"children.json": `{"StartAt":"Each","States":{"Each":{"Type":"Map","Label":"L","ToleratedFailurePercentage":100,"MaxConcurrency":1,"ItemProcessor":{"ProcessorConfig":{"Mode":"DISTRIBUTED","ExecutionType":"STANDARD"},"StartAt":"Work","States":{` + "\n" + `  "Work":{"Type":"Fail","ErrorPath":"$"}}},"End":true}}}`,
	"slow.json":     `{"StartAt":"A","TimeoutSeconds":1,"States":{"A":{"Type":"Wait","Seconds":3600,"End":true}}}`,
	"task.json":     "{\"StartAt\":\"A\",\"States\":{\n  \"A\":{\"Type\":\"Task\",\n    \"Resource\":\"wasm:nowhere\",\"End\":true}}}",
	"bad-task.json": `{"StartAt":"A","States":{"A":{"Type":"Task","Resource":"arn:aws:lambda:us-east-1:000000000000:function:not:1","End":true}}}`,
	"computed.json": `{"StartAt":"A","States":{"A":{"Type":"Task","Resource":"arn:aws:states:::lambda:invoke","Parameters":{"FunctionName.$":"$.f"},"End":true}}}`,
	"here.toml":     "[wasm]\nmodule_dir = \".\"\n",
	"wide.toml":     "[server]\nlisten = \":9000\"\n[aws]\nregion = \"eu-west-1\"\n",
	"bound.toml":    "[resources]\n\"arn:aws:states:::sns:publish\" = \"module small\"\n[modules.small]\npath = \"small.wasm\"\n",
	"typo.toml":     "[wasm]\nmodule_dir = \".\"\n[modules.smal]\n[modules.small]\n",
	"plugin.wasm":   string(guest("plugin")),
	"plugin.toml":   "[wasm]\ncache_dir = \"\"\ncompile = \"in-process\"\n[modules.plugin]\npath = \"plugin.wasm\"\nentry = \"two\"\n",
	"escape.json":   `{"StartAt":"A","States":{"A":{"Type":"Fail","Error":"E\u001b]0;x\u0007","Cause":"one\ntwo\u202e\u009b1m\u0000"}}}`,
	"escape2.json":  `{"StartAt":"\u001b[2JZ","States":{"A":{"Type":"Pass","End":true}}}`,
	"open.json":     `{"StartAt":"A","States":{"A":{"Type":"Task","Resource":"${Pay}","End":true}}}`,
	"number.json":   "{\"StartAt\":\"A\",\"States\":{\"A\":{\"Type\":\"Pass\",\n           \"Result\": ${n},\"End\":true}}}",
	"text.json":     `{"StartAt":"A","States":{"A":{"Type":"Pass","Result":"${x}","End":true}}}`,
	"template.yaml": "Transform: AWS::Serverless-2016-10-31\nResources:\n  F: {Type: AWS::Serverless::StateMachine, Properties: {Role: !GetAtt R.Arn}}\n",
	"custom.json":   `{"StartAt":"A","States":{"A":{"Type":"Task","Resource":"arn:aws:x:::y","End":true}}}`,
	"custom.toml":   "[resources]\n\"arn:aws:x:::y\" = \"module pay\"\n",
	"broken.json":   "{\"StartAt\":\"A\",\n \"States\":{\"A\":{\"Type\":\"Pass\",\"Next\":\"B\"}}}",
	"cut.json":      `{"StartAt":`,
	"input.json":    `{"from":"file"}`,
	"bad.toml":      "[server]\nlisten = \"127.0.0.1:0\"\nlissten = 1\n",
	"not.wasm":      "this is no module",
	"small.wasm":    "\x00asm\x01\x00\x00\x00",
}

func TestInvocations(t *testing.T) {
	for _, c := range []invocation{
		{name: "help", args: []string{"--help"}, out: `(?s)NAME:\n   wasl - .*COMMANDS:.*run.*validate.*serve.*`},
		{name: "help of a command", args: []string{"help", "module", "inspect"}, out: `(?s)NAME:\n   wasl module inspect - .*OPTIONS:.*`},
		{name: "help of no command", args: []string{"help", "vaildate"}, code: 2, err: `wasl: no command "vaildate", did you mean validate\? [^\n]+\n`},
		{name: "completion", args: []string{"completion", "zsh"}, out: `(?s)#compdef wasl.*`},
		{name: "completion of no shell", args: []string{"completion", "csh"}, code: 2, err: `wasl: completion: name the shell: bash, zsh or fish\n`},
		{name: "nothing", out: `(?s)NAME:\n   wasl.*`},
		{name: "version", args: []string{"version"}, out: `wasl \S+ go\S+ \w+/\w+\n`},
		{name: "version flag", args: []string{"--version"}, out: `wasl \S+ go\S+ \w+/\w+\n`},
		{name: "no such command", args: []string{"rum"}, code: 2, err: `wasl: no command "rum", did you mean run\? \(wasl help lists them\)\n`},
		{name: "no such flag", args: []string{"run", "$DIR/pass.json", "--inputs", "1"}, code: 2, err: `wasl: no flag --inputs, did you mean --input\?\n`},
		{name: "flag without value", args: []string{"run", "$DIR/pass.json", "--input"}, code: 2, err: `wasl: flag needs a value: --input\n`},

		{name: "run", args: []string{"run", "$DIR/pass.json", "--input", `{"a": 1.0}`}, out: `\{"a":1\.0\}\n`},
		{name: "run without input", args: []string{"run", "$DIR/pass.json"}, out: `\{\}\n`},
		{name: "run YAML", args: []string{"run", "$DIR/pass.yaml"}, out: `\{"x":1\.0\}\n`},
		{name: "input from a file", args: []string{"run", "--input", "@$DIR/input.json", "$DIR/pass.json"}, out: `\{"from":"file"\}\n`},
		{name: "input from standard input", args: []string{"run", "$DIR/pass.json", "-i", "-"}, stdin: "[1]", out: `\[1\]\n`},
		{name: "definition from standard input", args: []string{"run", "-"}, stdin: files["pass.json"], out: `\{\}\n`},
		{name: "input is not JSON", args: []string{"run", "$DIR/pass.json", "--input", "{"}, code: 2, err: `wasl: --input: not JSON: [^\n]+\n`},
		{name: "input that is a file's name", args: []string{"run", "$DIR/pass.json", "--input", "$DIR/input.json"}, code: 2, err: `wasl: --input: not JSON: [^\n]+; is @$DIR/input.json meant, the file\?\n`},
		{name: "input that looks like a file's name", args: []string{"run", "$DIR/pass.json", "--input", "none.json"}, code: 2, err: `wasl: --input: not JSON: [^\n]+; is @none.json meant, the file\?\n`},
		{name: "query", args: []string{"run", "$DIR/pass.json", "--input", `{"a":[1.50,2]}`, "--query", "$.a[0]"}, out: `1\.5\n`},
		{name: "query of events", args: []string{"run", "$DIR/pass.json", "--json", "--query", "$.stateEnteredEventDetails.name"}, out: `"A"\n"B"\n`},
		{name: "a query that is none", args: []string{"run", "$DIR/pass.json", "--query", "$.["}, code: 2, err: `wasl: --query \$\.\[: [^\n]+\n`},
		{name: "a query that finds nothing", args: []string{"run", "$DIR/pass.json", "--query", "$.none"}, code: 2, err: `wasl: --query \$\.none: unknown key none\n`},
		{name: "query of diagnostics", args: []string{"validate", "$DIR/broken.json", "--json", "--query", "$.line"}, code: 3, out: `2\n2\n`},
		{name: "query of a test", args: []string{"test", "$DIR/pass.yaml", "--state", "A", "--query", "$.status"}, out: `"SUCCEEDED"\n`},
		{name: "quiet", args: []string{"run", "$DIR/pass.json", "-q", "--config", "$DIR/typo.toml"}, out: `\{\}\n`},
		{name: "quiet says how it failed", args: []string{"run", "$DIR/fail.json", "-q"}, code: 1, err: `wasl: execution FAILED[^\n]+\n`},
		{name: "a machine to test without its state", args: []string{"test", "$DIR/pass.json"}, code: 2, err: `wasl: $DIR/pass.json is a state machine: say with --state which state to test[^\n]+A[^\n]+\n`},
		{name: "env", args: []string{"env"}, out: `(?s).*export AWS_ENDPOINT_URL_SFN=http://127\.0\.0\.1:8083\n.*export AWS_REGION=us-east-1\n.*`},
		{name: "env by a configuration", args: []string{"env", "--config", "$DIR/wide.toml"}, out: `(?s).*export AWS_ENDPOINT_URL_SFN=http://127\.0\.0\.1:9000\n.*export AWS_REGION=eu-west-1\n.*`},
		{name: "input file is missing", args: []string{"run", "$DIR/pass.json", "--input", "@$DIR/none"}, code: 2, err: `wasl: $DIR/none: no such file or directory\n`},
		{name: "input file without a name", args: []string{"run", "$DIR/pass.json", "--input", "@"}, code: 2, err: `wasl: --input: the name of a file is missing after @\n`},
		{name: "standard input is empty", args: []string{"run", "$DIR/pass.json", "--input", "-"}, code: 2, err: `wasl: standard input: not JSON: [^\n]+\n`},
		{name: "input is too large", args: []string{"run", "$DIR/pass.json", "--input", "-"}, stdin: `"` + strings.Repeat("x", 256<<10) + `"`, code: 2, err: `wasl: the input has 262146 bytes; \[limits\] payload of the configuration allows 262144\n`},
		{name: "a name that is none", args: []string{"run", "$DIR/pass.json", "--name", "a b"}, code: 2, err: `wasl: --name: [^\n]*Invalid Name: 'a b'\n`},
		{name: "no file", args: []string{"run"}, code: 2, err: `wasl: run: a FILE is missing\n`},
		{name: "two files", args: []string{"run", "a", "b"}, code: 2, err: `wasl: run: one FILE is wanted, not \["a" "b"\]\n`},
		{name: "file is missing", args: []string{"run", "$DIR/none.json"}, code: 2, err: `wasl: $DIR/none.json: no such file or directory\n`},
		{name: "file is a folder", args: []string{"run", "$DIR"}, code: 2, err: `wasl: $DIR: is a directory\n`},
		{
			name: "events", args: []string{"run", "$DIR/mute.json", "--json"}, code: 1,
			out: `(?s)\{"timestamp":"[^"]+","type":"ExecutionStarted".*\}\n\{.*"type":"FailStateEntered".*\}\n\{.*"type":"ExecutionFailed"[^\n]*\}\n\{"type":"Usage","total":\{"calls":0,[^\n]*\},"modules":\[\]\}\n`,
			err: `wasl: execution FAILED in state A \($DIR/mute.json:1:\d+\)\n`,
		},
		{name: "FAILED", args: []string{"run", "$DIR/fail.json"}, code: 1, err: `wasl: execution FAILED in state A \($DIR/fail.json:1:\d+\): Custom: for a reason\n`},
		{
			name: "FAILED in an iteration, twice", args: []string{"run", "$DIR/twice.json", "--allow-missing"}, code: 1,
			err: `wasl: execution FAILED in state Work, item 0 \($DIR/twice.json:3:3\), attempt 2: States.TaskFailed: [^\n]+\n`,
		},
		{
			name: "failed children of a Distributed Map", args: []string{"run", "$DIR/children.json", "-i", `["a","b","c","d","e"]`}, out: `\[\]\n`,
			err: `Each, item 0: FAILED in state Work \($DIR/children.json:2:3\): a\nEach, item 1: FAILED in state Work [^\n]+: b\nEach, item 2: FAILED [^\n]+: c\nEach: 2 more failed\n`,
		},
		{name: "a failure's words are escaped", args: []string{"run", "$DIR/escape.json"}, code: 1, err: `wasl: execution FAILED in state A [^\n]+: E\\x1b\]0;x\\x07: one\\ntwo\\u\{202e\}\\x9b1m\\x00\n`},
		{name: "a definition's words are escaped", args: []string{"validate", "$DIR/escape2.json"}, code: 3, out: `(?s)[^\x1b]*\\x1b\[2JZ[^\x1b]*`},
		{name: "TIMED_OUT", args: []string{"run", "$DIR/slow.json"}, code: 4, err: `wasl: execution TIMED_OUT in state A \($DIR/slow.json:1:\d+\): after 1(\.\d+)? s\n`},
		{name: "invalid definition", args: []string{"run", "$DIR/broken.json"}, code: 3, err: `(?s)$DIR/broken.json:2:\d+: error MISSING_TRANSITION_TARGET: [^\n]+\n.*`},
		{name: "not a definition", args: []string{"run", "$DIR/cut.json"}, code: 3, err: `(?s)$DIR/cut.json:1:\d+: error INVALID_JSON_DESCRIPTION: [^\n]+\n.*`},
		{
			name: "no such module", args: []string{"run", "$DIR/task.json"}, code: 6,
			err: `wasl: $DIR/task.json:3:5: state A: there is no module "nowhere" \(neither \[modules.nowhere\] in the configuration nor [^\n]+\)\nnothing was run [^\n]+\n`,
		},
		{
			name: "nothing does the work", args: []string{"run", "$DIR/twice.json"}, code: 6,
			err: `wasl: $DIR/twice.json:3:25: state Work: nothing here does the work of arn:aws:states:::sns:publish. Bind it [^\n]+ "arn:aws:states:::sns:publish" = "module NAME".\nnothing was run [^\n]+\n`,
		},
		{
			name: "validate by a configuration", args: []string{"validate", "$DIR/twice.json", "$DIR/task.json", "--config", "$DIR/here.toml"}, code: 6,
			out: `$DIR/twice.json:3:25: error MISSING_RESOURCE: Nothing here does [^\n]+\n$DIR/task.json:3:5: error MISSING_RESOURCE: There is no module "nowhere" [^\n]+\n`,
		},
		{name: "validate by a configuration that binds it", args: []string{"validate", "$DIR/twice.json", "--config", "$DIR/bound.toml"}},
		{name: "validate by a configuration that is missing", args: []string{"validate", "$DIR/twice.json", "--config", "$DIR/none.toml"}, code: 2, err: `wasl: $DIR/none.toml: no such file or directory\n`},
		{
			name: "a module that is none", args: []string{"run", "$DIR/bad-task.json", "--config", "$DIR/here.toml"}, code: 6,
			err: `wasl: $DIR/bad-task.json:1:\d+: state A: Wasm.BadModule: module not: [^\n]+\n`,
		},
		{
			name: "a computed function name is not checked", args: []string{"run", "$DIR/computed.json", "-i", `{"f":"none"}`}, code: 1,
			err: `wasl: execution FAILED in state A [^\n]+: Lambda.ResourceNotFoundException: [^\n]+\n`,
		},
		{name: "unknown configuration key", args: []string{"run", "$DIR/pass.json", "--config", "$DIR/bad.toml"}, code: 2, err: `wasl: [^\n]*bad.toml[^\n]*lissten[^\n]*\n`},
		{name: "a section for no module", args: []string{"run", "$DIR/pass.json", "--config", "$DIR/typo.toml"}, out: `\{\}\n`, err: `WARN: \[modules.smal\] is for a file that is not there path="$DIR/smal.wasm"\n`},
		{name: "configuration is missing", args: []string{"run", "$DIR/pass.json", "--config", "$DIR/none.toml"}, code: 2, err: `wasl: [^\n]*none.toml[^\n]*no such file or directory[^\n]*\n`},
		{name: "history cannot be written", args: []string{"run", "$DIR/pass.json", "--history", "$DIR/no/h.json"}, code: 2, err: `wasl: $DIR/no/h.json: no such file or directory\n`},
		{name: "usage cannot be written", args: []string{"run", "$DIR/pass.json", "--usage", "$DIR/no/u", "--history", "$DIR/h.json"}, code: 2, err: `wasl: $DIR/no/u: no such file or directory\n`},

		{name: "valid", args: []string{"validate", "$DIR/pass.json", "$DIR/pass.yaml"}},
		{
			name: "invalid", args: []string{"validate", "$DIR/pass.json", "$DIR/broken.json"}, code: 3,
			out: `(?s)$DIR/broken.json:2:\d+: error MISSING_TRANSITION_TARGET: Missing 'Next' target: B\n    hint: [^\n]+\n$DIR/broken.json:2:2: error MISSING_END_STATE: [^\n]+\n    hint: [^\n]+\n`,
		},
		{
			name: "invalid as JSON", args: []string{"validate", "--json", "$DIR/broken.json"}, code: 3,
			out: `\{"file":"$DIR/broken.json","line":2,"column":\d+,"severity":"ERROR","code":"MISSING_TRANSITION_TARGET","message":"[^\n]+","location":"/States/A/Next"[^\n]*\}\n\{[^\n]*"code":"MISSING_END_STATE","message":"Workflow has no terminal state","hint":"[^\n]+"\}\n`,
		},
		{
			name: "nobody filled it in", args: []string{"validate", "$DIR/open.json"},
			out: `$DIR/open.json:1:\d+: warning UNFILLED_SUBSTITUTION: Nothing gives a value to \$\{Pay\}\n    hint: --set Pay=VALUE [^\n]+\n`,
		},
		{name: "filled in", args: []string{"validate", "--set", "Pay=wasm:echo", "$DIR/open.json"}},
		{
			name: "filled in with what is wrong there", args: []string{"validate", "$DIR/open.json", "--set", "Pay=x\ny"}, code: 3,
			out: `$DIR/open.json:1:45: error SCHEMA_VALIDATION_FAILED: Value is not a valid resource ARN\n    hint: [^\n]+\n`,
		},
		{
			name: "no number before it is filled in", args: []string{"validate", "$DIR/number.json"}, code: 3,
			out: `$DIR/number.json:2:22: error UNFILLED_SUBSTITUTION: Nothing gives a value to \$\{n\}, [^\n]+\n    hint: --set n=VALUE [^\n]+\n`,
		},
		{name: "run with what was filled in", args: []string{"run", "$DIR/number.json", "--set", "n=[1, 2]"}, out: `\[1,2\]\n`},
		{name: "test with what was filled in", args: []string{"test", "$DIR/number.json", "--state", "A", "--set", "n=3"}, out: `\{"output":"3","status":"SUCCEEDED"\}\n`},
		{name: "a run that lacks a value", args: []string{"run", "$DIR/text.json"}, out: `"\$\{x\}"\n`, err: `$DIR/text.json:1:\d+: warning UNFILLED_SUBSTITUTION: [^\n]+\n    hint: [^\n]+\n`},
		{name: "a value without a name", args: []string{"run", "$DIR/text.json", "--set", "a b=1"}, code: 2, err: `wasl: --set: write NAME=VALUE [^\n]+\n`},
		{
			name: "a template", args: []string{"validate", "$DIR/template.yaml"}, code: 3,
			out: `$DIR/template.yaml:1:1: error NOT_A_DEFINITION: This is an AWS SAM template, not the definition of a state machine\n    hint: [^\n]+\n`,
		},
		{
			name: "an ARN that AWS does not know", args: []string{"validate", "$DIR/custom.json"}, code: 3,
			out: `$DIR/custom.json:1:\d+: error SCHEMA_VALIDATION_FAILED: The resource provided arn:aws:x:::y is not recognized\.[^\n]+\n    hint: [^\n]+\n`,
		},
		{name: "an ARN that the configuration binds", args: []string{"validate", "$DIR/custom.json", "--config", "$DIR/custom.toml"}, code: 6, out: `$DIR/custom.json:1:\d+: error MISSING_RESOURCE: [^\n]*"pay"[^\n]*\n`},
		{name: "nothing to validate", args: []string{"validate"}, code: 2, err: `wasl: validate: a FILE is missing\n`},
		{name: "validate a missing file", args: []string{"validate", "$DIR/none.json"}, code: 2, err: `wasl: $DIR/none.json: no such file or directory\n`},

		{name: "serve with arguments", args: []string{"serve", "x"}, code: 2, err: `wasl: serve: takes no arguments, not \["x"\]\n`},
		{name: "serve on a bad address", args: []string{"serve", "--listen", "nonsense"}, code: 2, err: `wasl: cannot listen on nonsense: [^\n]+\n`},
		{name: "serve with a bad configuration", args: []string{"serve", "--config", "$DIR/bad.toml"}, code: 2, err: `wasl: [^\n]*lissten[^\n]*\n`},

		{name: "test a state", args: []string{"test", "$DIR/pass.yaml", "--state", "A", "-i", "[]"}, out: `\{"output":"\{\\"x\\":1\.0\}","status":"SUCCEEDED"\}\n`},
		{
			name: "test with a mock", args: []string{"test", "$DIR/task.json", "-s", "A", "--mock-error", "Custom:why", "--inspect", "debug"}, code: 1,
			out: `\{"error":"Custom","cause":"why","inspectionData":\{.*\},"status":"FAILED"\}\n`,
		},
		{name: "test a state that is not there", args: []string{"test", "$DIR/pass.json", "--state", "Z"}, code: 2, err: `wasl: $DIR/pass.json: [^\n]+\n`},
		{name: "test with a bad mock", args: []string{"test", "$DIR/task.json", "-s", "A", "--mock", "{"}, code: 2, err: `wasl: --mock: not JSON: [^\n]+\n`},
		{name: "test a machine without a state", args: []string{"test", "$DIR/pass.json"}, code: 2, err: `wasl: $DIR/pass\.json is a state machine: say with --state which state to test \(it has "A", "B"\)\n`},
		{name: "test what is no JSON", args: []string{"test", "$DIR/cut.json"}, code: 3, err: `$DIR/cut.json:1:\d+: error INVALID_JSON_DESCRIPTION: [^\n]+\n([^\n]+\n)?`},

		{name: "module without a command", args: []string{"module"}, out: `(?s)NAME:\n.*inspect.*`},
		{name: "module with a wrong command", args: []string{"module", "look"}, code: 2, err: `wasl: no command "look" \(wasl help lists them\)\n`},
		{name: "inspect", args: []string{"module", "inspect", "$DIR/small.wasm"}, code: 6, out: `(?s)ABI        unknown\n.*`, err: `wasl: $DIR/small.wasm would not be run: [^\n]+\n`},
		{name: "inspect what is no module", args: []string{"module", "inspect", "$DIR/not.wasm", "--json"}, code: 6, out: `\{"abi":"unknown".*\}\n`, err: `wasl: $DIR/not.wasm would not be run: [^\n]+\n`},
		{name: "inspect with an entry", args: []string{"module", "inspect", "$DIR/plugin.wasm", "--config", "$DIR/plugin.toml"}, out: `(?s)ABI        extism\nentry      two\n.*`},
		{name: "inspect nothing", args: []string{"module", "inspect"}, code: 2, err: `wasl: [^\n]*a FILE is missing\n`},

		{name: "conformance of nothing", args: []string{"conformance", "--only", "no-such-case"}, code: 2, err: `wasl: conformance: no case matches \["no-such-case"\]\n`},
	} {
		t.Run(c.name, func(t *testing.T) { c.check(t) })
	}
}

func (c invocation) check(t *testing.T) {
	dir := t.TempDir()
	for name, text := range files {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	args := []string{"wasl"}
	for _, a := range c.args {
		args = append(args, strings.ReplaceAll(a, "$DIR", dir))
	}
	var out, errs bytes.Buffer
	code := Main(args, strings.NewReader(c.stdin), &out, &errs)
	if code != c.code {
		t.Errorf("exit code %d, want %d", code, c.code)
	}
	for _, s := range []struct{ name, got, want string }{{"output", out.String(), c.out}, {"errors", errs.String(), c.err}} {
		want := regexp.MustCompile(`^(?:` + strings.ReplaceAll(s.want, "$DIR", regexp.QuoteMeta(dir)) + `)$`)
		if !want.MatchString(s.got) {
			t.Errorf("standard %s:\n got %q\nwant %q", s.name, s.got, s.want)
		}
	}
}

func TestHistoryFile(t *testing.T) {
	dir := t.TempDir()
	definition, history := filepath.Join(dir, "m.json"), filepath.Join(dir, "h.json")
	if err := os.WriteFile(definition, []byte(files["pass.json"]), 0o644); err != nil {
		t.Fatal(err)
	}
	var out, errs bytes.Buffer
	if code := Main([]string{"wasl", "run", definition, "--history", history}, nil, &out, &errs); code != 0 {
		t.Fatal(code, errs.String())
	}
	text, err := os.ReadFile(history)
	if err != nil {
		t.Fatal(err)
	}
	want := regexp.MustCompile(`(?s)^\{"events":\[\n\{.*"type":"ExecutionStarted".*\},\n.*\{.*"type":"ExecutionSucceeded".*\}\n\]\}\n$`)
	if !want.Match(text) {
		t.Errorf("%s", text)
	}
}

func TestInterrupt(t *testing.T) {
	dir := t.TempDir()
	definition := filepath.Join(dir, "m.json")
	text := `{"StartAt":"A","States":{"A":{"Type":"Wait","Seconds":3600,"End":true}}}`
	if err := os.WriteFile(definition, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	entered := &signalWriter{want: "WaitStateEntered", f: cancel}
	var errs bytes.Buffer
	code := run(ctx, []string{"wasl", "run", definition, "--json"}, streams{in: strings.NewReader(""), out: entered, err: &errs})
	if code != exitInterrupt || errs.String() != "wasl: interrupted\n" {
		t.Errorf("exit code %d, errors %q", code, errs.String())
	}
	if !strings.Contains(entered.text.String(), "ExecutionAborted") {
		t.Errorf("the execution was not stopped: %s", entered.text.String())
	}
}

// signalWriter calls f once it has seen a text.
type signalWriter struct {
	text bytes.Buffer
	want string
	f    func()
}

func (w *signalWriter) Write(p []byte) (int, error) {
	w.text.Write(p)
	if w.f != nil && strings.Contains(w.text.String(), w.want) {
		w.f()
		w.f = nil
	}
	return len(p), nil
}
