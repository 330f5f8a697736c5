package interp_test

import (
	"maps"
	"slices"
	"testing"
	"time"

	"github.com/waslrun/wasl/asl/history"
	"github.com/waslrun/wasl/asl/interp"
	"github.com/waslrun/wasl/asl/jsonvalue"
)

// FuzzApply gives executions events in any order, right ones and wrong ones.
// Whatever comes: nothing panics, ids have no gaps, parents come before their
// children, and the end is the end.
func FuzzApply(f *testing.F) {
	all := loadCases(f)
	var programs []*interp.Program
	var inputs []jsonvalue.Value
	for _, path := range slices.Sorted(maps.Keys(all)) {
		for i, c := range all[path] {
			run := c.run(f)
			programs, inputs = append(programs, run.Program), append(inputs, c.Input)
			f.Add([]byte{byte(len(programs) - 1), byte(i), 1, 2, 3, 4, 5, 6, 7, 8, 9})
		}
	}
	f.Fuzz(func(t *testing.T, script []byte) {
		if len(script) == 0 {
			return
		}
		which := int(script[0]) % len(programs)
		m := &monkey{t: t, x: interp.New(programs[which]), script: script[1:], now: time.Unix(1_700_000_000, 0)}
		m.run(inputs[which])
	})
}

// monkey drives an execution by a script of bytes.
type monkey struct {
	t      *testing.T
	x      *interp.Execution
	script []byte
	now    time.Time
	issued interp.ID
	events int64
	ended  bool
}

func (m *monkey) next() byte {
	if len(m.script) == 0 {
		return 0
	}
	b := m.script[0]
	m.script = m.script[1:]
	return b
}

func (m *monkey) run(input jsonvalue.Value) {
	if m.next()%8 == 7 {
		m.apply(m.event()) // before Started
	}
	started := interp.Started{At: interp.At(m.now), Input: input, Seed: uint64(m.next()), Limits: interp.Limits{Events: 200, Payload: 2000}}
	m.apply(started)
	for len(m.script) > 0 {
		m.now = m.now.Add(time.Duration(m.next()) * time.Second)
		if m.next()%4 == 0 {
			m.apply(m.event(), m.event(), m.event())
			continue
		}
		m.apply(m.event())
	}
}

// event makes some event for some command, one that was issued or not.
func (m *monkey) event() interp.Event {
	at := interp.At(m.now)
	id := interp.ID(0)
	if n := uint64(m.issued) + 2; n > 0 {
		id = interp.ID(uint64(m.next()) % n)
	}
	word := "E"
	value := jsonvalue.MustParse([]string{`{"a":1}`, `[1,2]`, `"x"`, `null`}[m.next()%4])
	switch m.next() % 11 {
	case 0, 1:
		return interp.TaskSucceeded{At: at, Task: id, Output: value}
	case 2:
		return interp.TaskFailed{At: at, Task: id, Error: &word, Cause: &word}
	case 3:
		return interp.TaskFailed{At: at, Task: id, Kind: interp.Rejected}
	case 4:
		return interp.TaskTimedOut{At: at, Task: id, Heartbeat: m.next()%2 == 0}
	case 5:
		return interp.TaskStarted{At: at, Task: id}
	case 6:
		return interp.TaskSubmitted{At: at, Task: id, Output: value}
	case 7:
		return interp.TimerFired{At: at, Timer: id}
	case 8:
		return interp.MapRunStarted{At: at, Run: id, MapRunARN: "arn"}
	case 9:
		return interp.MapRunSucceeded{At: at, Run: id, Output: value}
	}
	if m.next()%16 == 0 {
		return interp.Stopped{At: at, Error: word}
	}
	return interp.Continue{At: at}
}

func (m *monkey) apply(events ...interp.Event) {
	step := m.x.Apply(events...)
	if m.ended && (len(step.History) > 0 || len(step.Commands) > 0) {
		m.t.Fatalf("after the end: %v %v", step.History, step.Commands)
	}
	for _, e := range step.History {
		m.events++
		if e.ID != m.events || e.Previous < 0 || e.Previous >= e.ID {
			m.t.Fatalf("event %d has the parent %d after %d events", e.ID, e.Previous, m.events-1)
		}
		e.Value(history.Epoch)
	}
	if m.events > 200 {
		m.t.Fatalf("%d events where 200 are the limit", m.events)
	}
	for _, c := range step.Commands {
		switch c := c.(type) {
		case *interp.ScheduleTask:
			m.take(c.ID)
		case *interp.StartTimer:
			m.take(c.ID)
		case *interp.StartMapRun:
			m.take(c.ID)
		case *interp.Finish:
			m.ended = true
		}
	}
	if m.ended != m.x.Done() {
		m.t.Fatalf("the execution says done: %v, its commands: %v", m.x.Done(), m.ended)
	}
}

func (m *monkey) take(id interp.ID) {
	if id != m.issued+1 {
		m.t.Fatalf("command %d after %d", id, m.issued)
	}
	m.issued = id
}
