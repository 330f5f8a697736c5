package conformance

import (
	"fmt"
	"strings"

	"github.com/waslrun/wasl/asl/jsonvalue"
)

// differences compares what came of a case with what it expects. None: passed.
func differences(e Expect, o *Outcome) []string {
	d := &differ{}
	if e.Invalid != nil {
		d.refusal(*e.Invalid, o)
		return d.found
	}
	if o.Refused {
		d.add("the definition was refused: %s", o.Message)
		return d.found
	}
	if o.Status != e.Status {
		d.add("status: %s, want %s%s", o.Status, e.Status, o.failure())
	}
	if e.Output.IsValid() && !jsonvalue.Equal(o.Output, e.Output) {
		d.add("output: %s, want %s", shown(o.Output), shown(e.Output))
	}
	if e.OutputText != "" && o.Output.String() != e.OutputText {
		d.add("output text: %s, want %s", o.Output, e.OutputText)
	}
	d.errors(e, o)
	if e.Seconds != nil && o.Timed && o.Seconds != *e.Seconds {
		d.add("it took %g s, want %g s", o.Seconds, *e.Seconds)
	}
	d.taskInputs(e, o)
	if e.History != nil && o.History != nil {
		d.history(e.History, o.History)
	}
	return d.found
}

type differ struct{ found []string }

func (d *differ) add(format string, args ...any) {
	d.found = append(d.found, fmt.Sprintf(format, args...))
}

func (d *differ) refusal(want Refusal, o *Outcome) {
	if !o.Refused {
		d.add("the definition was accepted, but must be refused (status %s)", o.Status)
		return
	}
	if want.Code == "" && want.Location == "" || o.Diagnostics == nil {
		return
	}
	for _, got := range o.Diagnostics {
		if (want.Code == "" || got.Code == want.Code) && (want.Location == "" || got.Location == want.Location) {
			return
		}
	}
	d.add("no diagnostic %s at %s among %v", want.Code, want.Location, o.Diagnostics)
}

func (d *differ) errors(e Expect, o *Outcome) {
	text := func(p *string) string {
		if p == nil {
			return "none"
		}
		return fmt.Sprintf("%q", *p)
	}
	if e.Error != "" && (o.Error == nil || *o.Error != e.Error) {
		d.add("error: %s, want %q%s", text(o.Error), e.Error, o.failure())
	}
	if e.Cause != "" && (o.Cause == nil || *o.Cause != e.Cause) {
		d.add("cause: %s, want %q", text(o.Cause), e.Cause)
	}
	if e.CauseContains != "" && (o.Cause == nil || !strings.Contains(*o.Cause, e.CauseContains)) {
		d.add("cause: %s, want one with %q", text(o.Cause), e.CauseContains)
	}
	if e.NoError && o.Error != nil {
		d.add("error: %s, want none", text(o.Error))
	}
	if e.NoCause && o.Cause != nil {
		d.add("cause: %s, want none", text(o.Cause))
	}
}

func (d *differ) taskInputs(e Expect, o *Outcome) {
	if o.TaskInputs == nil {
		return // the target cannot tell
	}
	for state, want := range e.TaskInputs {
		got := o.TaskInputs[state]
		if len(got) != len(want) {
			d.add("the tasks of %s: %d, want %d", state, len(got), len(want))
			continue
		}
		for i := range want {
			if !jsonvalue.Equal(got[i], want[i]) {
				d.add("the input of task %d of %s: %s, want %s", i, state, shown(got[i]), shown(want[i]))
			}
		}
	}
}

// history compares events one by one.
func (d *differ) history(want, got []jsonvalue.Value) {
	for i := range max(len(want), len(got)) {
		switch {
		case i >= len(got):
			d.add("history: event %d is missing, want %s", i+1, want[i])
			return
		case i >= len(want):
			d.add("history: event %d is too many: %s", i+1, summary(got[i]))
			return
		case want[i].Kind() == jsonvalue.String:
			if s := summary(got[i]); s != want[i].Text() && typeOf(got[i]) != want[i].Text() {
				d.add("history: event %d is %q, want %q", i+1, s, want[i].Text())
				return
			}
		case !contains(got[i], want[i]):
			d.add("history: event %d is %s, want one with %s", i+1, got[i], want[i])
			return
		}
	}
}

func typeOf(event jsonvalue.Value) string { return event.Field("type").Text() }

// summary is TYPE, and NAME where the event names a state.
func summary(event jsonvalue.Value) string {
	for _, v := range event.Elems() {
		if name := v.Field("name"); name.IsValid() {
			return typeOf(event) + " " + name.Text()
		}
	}
	return typeOf(event)
}

// contains tells whether an event has all that a wanted object has. Texts that
// hold JSON objects or arrays compare as JSON.
func contains(got, want jsonvalue.Value) bool {
	switch want.Kind() {
	case jsonvalue.Object:
		for k, w := range want.Members() {
			g, ok := got.Get(k)
			if !ok || !contains(g, w) {
				return false
			}
		}
		return got.Kind() == jsonvalue.Object
	case jsonvalue.String:
		if got.Kind() != jsonvalue.String {
			return false
		}
		w, err1 := jsonvalue.Parse(want.Text())
		g, err2 := jsonvalue.Parse(got.Text())
		if err1 == nil && err2 == nil {
			return jsonvalue.Equal(g, w)
		}
		return got.Text() == want.Text()
	}
	return jsonvalue.Equal(got, want)
}

// shown is a value for a report, not too long.
func shown(v jsonvalue.Value) string {
	const most = 400
	if !v.IsValid() {
		return "none"
	}
	s := v.String()
	if len(s) > most {
		return s[:most] + "…"
	}
	return s
}
