package jsonata_test

import (
	"bufio"
	"bytes"
	"cmp"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"maps"
	"os"
	"os/exec"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/waslrun/wasl/asl/jsonata"
	"github.com/waslrun/wasl/asl/jsonvalue"
)

var (
	programs = flag.Int("programs", 100_000, "how many programs TestAgainstReference makes")
	seed     = flag.Uint64("seed", 1, "of the programs of TestAgainstReference")
	update   = flag.Bool("update", false, "write testdata/differential.jsonl from what the reference answers")
)

const goldenPrograms = 2000

// reply is what the reference says to a program: JSON, one of the words
// undefined, function and endless, or an error.
type reply struct {
	Program string `json:"e"`
	Value   string `json:"v,omitempty"`
	Code    string `json:"c,omitempty"` // "js" for an error of JavaScript's own
	Message string `json:"m,omitempty"`

	// The error when the items of arrays and objects are evaluated one after
	// the other, if it is another one, or a value.
	InOrder *reply `json:"o,omitempty"`
}

// differentialScript answers a line for each line. What it cannot write, a
// half of a surrogate pair, becomes U+FFFD, as in wasl. The reference evaluates
// the items of arrays and objects concurrently; what fails is evaluated once
// more by a copy of it that does not.
const differentialScript = `
const fs = require('fs'), path = require('path'), Module = require('module');
const file = path.resolve(process.argv[1], 'jsonata.js'), text = process.argv[2];
const load = change => {
	const m = new Module(file);
	m._compile(change(fs.readFileSync(file, 'utf8')), file);
	return m.exports;
};
const jsonata = load(s => s), ordered = load(s => {
	const changed = s.replace(/Promise\.all\(expr\.expressions\s*\.map\(/, '(inOrder(expr.expressions, ')
		.replace('Promise.all(Object.keys(groups).map(', '(inOrder(Object.keys(groups), ');
	if (changed.split('inOrder(').length !== 3) throw new Error('not the source of jsonata 2.0.6');
	return 'const inOrder = async (a, f) => { const out = []; for (let i = 0; i < a.length; i++) out.push(await f(a[i], i)); return out };' + changed;
});
const holdsFunction = v => typeof v === 'function' || (v && (v._jsonata_lambda || v._jsonata_function)) ? true
	: v !== null && typeof v === 'object' && Object.values(v).some(holdsFunction);
const whole = s => s.replace(/\\ud[89a-f][0-9a-f]{2}/g, '\\ufffd');
const ask = async (jsonata, program) => {
	try {
		const v = await jsonata(program).evaluate(JSON.parse(text));
		return {v: v === undefined ? 'undefined' : holdsFunction(v) ? 'function' : whole(JSON.stringify(v))};
	} catch (e) {
		return {c: e.code || 'js', m: String(e.message)};
	}
};
// A function of the language keeps the name that it was last called by, from
// one program to the next. Here each one begins with its own.
const names = ['sum', 'count', 'max', 'min', 'average', 'string', 'substring', 'substringBefore', 'substringAfter', 'lowercase', 'uppercase',
	'length', 'trim', 'pad', 'match', 'contains', 'replace', 'split', 'join', 'formatNumber', 'formatBase', 'formatInteger', 'parseInteger',
	'number', 'floor', 'ceil', 'round', 'abs', 'sqrt', 'power', 'boolean', 'not', 'map', 'zip', 'filter', 'single', 'reduce', 'sift', 'keys',
	'lookup', 'append', 'exists', 'spread', 'merge', 'reverse', 'each', 'error', 'assert', 'type', 'sort', 'shuffle', 'distinct',
	'base64encode', 'base64decode', 'encodeUrlComponent', 'encodeUrl', 'decodeUrlComponent', 'decodeUrl', 'toMillis', 'fromMillis'];
(async () => {
	const builtins = [];
	for (const library of [jsonata, ordered]) for (const name of names) builtins.push([name, await library('$' + name).evaluate()]);
	for await (const line of require('readline').createInterface({input: process.stdin})) {
		for (const [name, builtin] of builtins) { builtin.token = name; delete builtin.position }
		const a = await ask(jsonata, JSON.parse(line));
		if (a.c) {
			const o = await ask(ordered, JSON.parse(line));
			if (JSON.stringify(o) !== JSON.stringify(a)) a.o = o;
		}
		console.log(JSON.stringify(a));
	}
})();`

// oracle is the reference in a process of node's.
type oracle struct {
	library string
	cmd     *exec.Cmd
	in      io.WriteCloser
	out     chan string
}

func (o *oracle) start(t *testing.T) {
	t.Helper()
	o.cmd = exec.Command("node", "-e", differentialScript, o.library, generatorDocument)
	o.cmd.Stderr = os.Stderr
	in, err := o.cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	out, err := o.cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := o.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	lines := make(chan string)
	go func() {
		defer close(lines)
		s := bufio.NewScanner(out)
		s.Buffer(nil, 16<<20)
		for s.Scan() {
			lines <- s.Text()
		}
	}()
	o.in, o.out = in, lines
}

func (o *oracle) stop() {
	_ = o.cmd.Process.Kill()
	for range o.out {
	}
	_ = o.cmd.Wait()
}

// patience is how long the reference may take for a program: some of its
// functions never end.
const patience = 5 * time.Second

func (o *oracle) ask(t *testing.T, program string) reply {
	t.Helper()
	question, err := json.Marshal(program)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := o.in.Write(append(question, '\n')); err != nil {
		t.Fatal(err)
	}
	r := reply{Program: program}
	select {
	case line, ok := <-o.out:
		if !ok {
			t.Fatalf("the reference ended over %s", program)
		}
		if err := json.Unmarshal([]byte(line), &r); err != nil {
			t.Fatal(err)
		}
	case <-time.After(patience):
		o.stop()
		o.start(t)
		r.Value = "endless"
	}
	return r
}

// TestAgainstReference compares with the npm package, jsonata 2.0.6, whose
// folder JSONATA_NPM names: make jsonata-diff installs it and runs this.
func TestAgainstReference(t *testing.T) {
	library := os.Getenv("JSONATA_NPM")
	if library == "" {
		t.Skip("JSONATA_NPM names no folder of the npm package: run make jsonata-diff. TestDifferential compares with recorded answers")
	}
	o := &oracle{library: library}
	o.start(t)
	defer o.stop()
	g, d := newGenerator(*seed), newDifferences()
	var golden bytes.Buffer
	for i := range *programs {
		want := o.ask(t, g.program())
		d.compare(want)
		if i < goldenPrograms {
			line, err := json.Marshal(want)
			if err != nil {
				t.Fatal(err)
			}
			golden.Write(append(line, '\n'))
		}
	}
	d.report(t)
	if *update {
		if err := os.WriteFile("testdata/differential.jsonl", golden.Bytes(), 0o644); err != nil {
			t.Fatal(err)
		}
	}
}

// TestDifferential compares with what the reference answered to the first of
// the generated programs (make jsonata-diff records them).
func TestDifferential(t *testing.T) {
	d, g := newDifferences(), newGenerator(1)
	for _, want := range readLines[reply](t, "testdata/differential.jsonl") {
		if g.program() != want.Program {
			t.Fatal("testdata/differential.jsonl holds other programs than the generator makes: run make jsonata-diff")
		}
		d.compare(want)
	}
	d.report(t)
}

// differences counts how programs differ, by kind.
type differences struct {
	programs, values, failures int

	ordered int // that fail with another of their errors, the one that comes first

	kinds map[string][]string
}

func newDifferences() *differences { return &differences{kinds: map[string][]string{}} }

func (d *differences) compare(want reply) {
	d.programs++
	e, err := jsonata.Compile(want.Program)
	got := answer(e, err, jsonata.Input{Data: jsonvalue.MustParse(generatorDocument), Now: time.Now()})
	if want.Code != "" {
		d.failures++
	} else {
		d.values++
	}
	kind := differs(got, want)
	if kind != "" && want.InOrder != nil && differs(got, *want.InOrder) == "" {
		d.ordered++
		return
	}
	if kind != "" {
		d.kinds[kind] = append(d.kinds[kind], fmt.Sprintf("%s\n  gives %.300s\n  want  %.300s%.200s %s", want.Program, got, want.Value, want.Code, want.Message))
	}
}

// differs tells how an answer differs from the reference's, "" if it does not.
func differs(got string, want reply) string {
	failure, failed := strings.CutPrefix(got, "! ")
	switch {
	case want.Value == "endless":
		return "" // what never ends there ends here
	case want.Code == "" && failed:
		code, _, _ := strings.Cut(failure, ":")
		return "an error " + code + ", not a value"
	case want.Code == "":
		if sameValue(got, want.Value) {
			return ""
		}
		return "another value"
	case !failed:
		return "a value, not an error " + want.Code
	case want.Code == "js":
		return "" // an error without a code
	}
	code, message, _ := strings.Cut(failure, ": ")
	switch {
	case code != want.Code:
		return "an error " + code + ", not " + want.Code
	case message != want.Message && code != "D3137" && code != "D3141":
		return "another message of " + code
	}
	return ""
}

func sameValue(got, want string) bool {
	if want == "undefined" || want == "function" {
		return got == "("+want+")"
	}
	a, errA := jsonvalue.Parse(got)
	b, errB := jsonvalue.Parse(want)
	return errors.Join(errA, errB) == nil && jsonvalue.Equal(a, b) && sameOrder(b, a)
}

// tolerated is how many of 100,000 programs may differ: docs/LIMITS.md says how.
const tolerated = 20

func (d *differences) report(t *testing.T) {
	t.Helper()
	total := 0
	for _, kind := range slices.SortedFunc(maps.Keys(d.kinds), func(a, b string) int { return cmp.Compare(len(d.kinds[b]), len(d.kinds[a])) }) {
		examples := d.kinds[kind]
		total += len(examples)
		t.Logf("%d give %s", len(examples), kind)
		for _, example := range examples[:min(4, len(examples))] {
			t.Logf("  %s", example)
		}
	}
	t.Logf("%d programs, %d give values and %d errors; %d differ, %d fail with the first of their errors where the reference has another", d.programs, d.values, d.failures, total, d.ordered)
	if total*100_000 > tolerated*max(d.programs, 100_000/tolerated) {
		t.Errorf("%d of %d programs differ", total, d.programs)
	}
}
