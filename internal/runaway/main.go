// Runaway runs expressions that try to run away and measures what they do to
// their surroundings: in `wasl run`, and in `wasl serve` beside an execution that
// behaves. It exits with 1 when one of them takes longer or more memory than it
// should.
//
//	go run ./internal/runaway [-wasl PATH] [-calls N] [-run=false] [-only TEXT] [FILE …]
//
// A FILE has lines of JSON with a member expr; the expressions in expressions.txt
// are always there.
package main

import (
	_ "embed"
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"slices"
	"strings"
	"time"
)

//go:embed expressions.txt
var builtin string

// What no expression may do: each runs under TimeoutSeconds 2.
const (
	timeout    = 2
	mostTime   = 3 * time.Second
	mostMemory = 400 // MiB, of the process
	mostSlower = 2   // times the median of the calls beside it
)

func main() {
	wasl := flag.String("wasl", "bin/wasl", "the binary")
	calls := flag.Int("calls", 1000, "calls of the execution that behaves")
	run := flag.Bool("run", true, "run each in wasl run, too")
	only := flag.String("only", "", "only expressions that contain this")
	flag.Parse()
	expressions, err := read(flag.Args())
	if err != nil {
		fatal(err)
	}
	expressions = slices.DeleteFunc(expressions, func(e string) bool { return !strings.Contains(e, *only) })
	bad := 0
	if *run {
		bad = inRun(*wasl, expressions)
	}
	beside, err := inServe(*wasl, expressions, *calls)
	if err != nil {
		fatal(err)
	}
	if bad+beside > 0 {
		os.Exit(1)
	}
}

func fatal(err error) {
	fmt.Fprintln(os.Stderr, "runaway:", err)
	os.Exit(2)
}

// read gives the expressions of expressions.txt and of files.
func read(files []string) ([]string, error) {
	var all []string
	for line := range strings.Lines(builtin) {
		if line = strings.TrimSpace(line); line != "" && !strings.HasPrefix(line, "#") {
			all = append(all, line)
		}
	}
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			return nil, err
		}
		for d := json.NewDecoder(strings.NewReader(string(text))); d.More(); {
			var c struct{ Expr string }
			if err := d.Decode(&c); err != nil {
				return nil, fmt.Errorf("%s: %w", file, err)
			}
			all = append(all, c.Expr)
		}
	}
	return all, nil
}

// definition is a machine whose one state evaluates an expression.
func definition(expression string) string {
	text, _ := json.Marshal(map[string]any{
		"QueryLanguage": "JSONata", "TimeoutSeconds": timeout, "StartAt": "E",
		"States": map[string]any{"E": map[string]any{"Type": "Pass", "Output": "{% " + expression + " %}", "End": true}},
	})
	return string(text)
}

// short writes an expression on one line of a table.
func short(expression string) string {
	if len(expression) > 60 {
		return expression[:57] + "..."
	}
	return expression
}

func median(times []time.Duration) time.Duration {
	if len(times) == 0 {
		return 0
	}
	slices.Sort(times)
	return times[len(times)/2]
}
