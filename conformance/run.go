package conformance

import (
	"context"
	"errors"
	"fmt"
	"io"
	"path"
	"sync"
)

// Options say which cases Run runs, and how.
type Options struct {
	// Only are patterns (path.Match) of case IDs or file names; none: all.
	Only []string
	// Concurrency is how many cases run at a time; 0: one.
	Concurrency int
	// Progress is told of each result as it comes; may be nil. It is called by
	// one goroutine at a time.
	Progress func(Result)
}

// Verdict is how a case ended.
type Verdict string

// The verdicts.
const (
	Passed  Verdict = "passed"
	Failed  Verdict = "failed"
	Skipped Verdict = "skipped"
)

// Result is a case and how it ended.
type Result struct {
	Case    Case
	Verdict Verdict
	// Differences are what a failed case got wrong; Reason is why a skipped
	// one could not run.
	Differences []string
	Reason      string
}

// Report is the result of a run.
type Report struct {
	Target  string
	Results []Result // in the order of the cases
}

// Run runs cases on a target. It ends early, with an error, when the context does.
func Run(ctx context.Context, target Target, cases []Case, o Options) (Report, error) {
	var chosen []Case
	for _, c := range cases {
		ok, err := o.wants(c)
		if err != nil {
			return Report{}, err
		}
		if ok {
			chosen = append(chosen, c)
		}
	}
	report := Report{Target: target.Name(), Results: make([]Result, len(chosen))}
	var (
		workers sync.WaitGroup
		told    sync.Mutex
		next    = make(chan int)
	)
	for range max(1, o.Concurrency) {
		workers.Go(func() {
			for i := range next {
				r := runCase(ctx, target, chosen[i])
				told.Lock()
				report.Results[i] = r
				if o.Progress != nil {
					o.Progress(r)
				}
				told.Unlock()
			}
		})
	}
	for i := range chosen {
		if ctx.Err() != nil {
			break
		}
		next <- i
	}
	close(next)
	workers.Wait()
	return report, ctx.Err()
}

func (o Options) wants(c Case) (bool, error) {
	for _, pattern := range o.Only {
		for _, name := range []string{c.ID(), c.File, c.Name} {
			ok, err := path.Match(pattern, name)
			if err != nil {
				return false, fmt.Errorf("pattern %q: %w", pattern, err)
			}
			if ok {
				return true, nil
			}
		}
	}
	return len(o.Only) == 0, nil
}

func runCase(ctx context.Context, target Target, c Case) Result {
	r := Result{Case: c, Verdict: Passed}
	outcome, err := target.Run(ctx, c)
	var skip Skip
	switch {
	case errors.As(err, &skip):
		r.Verdict, r.Reason = Skipped, string(skip)
	case err != nil:
		r.Verdict, r.Differences = Failed, []string{err.Error()}
	default:
		if r.Differences = differences(c.Expect, outcome); len(r.Differences) > 0 {
			r.Verdict = Failed
		}
	}
	return r
}

// Count gives how many cases ended in a way.
func (r Report) Count(v Verdict) int {
	n := 0
	for _, x := range r.Results {
		if x.Verdict == v {
			n++
		}
	}
	return n
}

// Write writes the failed cases and a summary by file.
func (r Report) Write(w io.Writer) error {
	var err error
	print := func(format string, args ...any) {
		if err == nil {
			_, err = fmt.Fprintf(w, format, args...)
		}
	}
	type tally struct{ passed, failed, skipped int }
	var files []string
	byFile := map[string]*tally{}
	for _, x := range r.Results {
		t := byFile[x.Case.File]
		if t == nil {
			t = &tally{}
			byFile[x.Case.File] = t
			files = append(files, x.Case.File)
		}
		switch x.Verdict {
		case Passed:
			t.passed++
		case Skipped:
			t.skipped++
		case Failed:
			t.failed++
			print("FAIL %s (%s)\n", x.Case.ID(), x.Case.Spec)
			for _, d := range x.Differences {
				print("     %s\n", d)
			}
		}
	}
	print("%-24s %7s %7s %7s\n", r.Target, "passed", "failed", "skipped")
	for _, f := range files {
		t := byFile[f]
		print("  %-22s %7d %7d %7d\n", f, t.passed, t.failed, t.skipped)
	}
	print("  %-22s %7d %7d %7d\n", "all", r.Count(Passed), r.Count(Failed), r.Count(Skipped))
	return err
}
