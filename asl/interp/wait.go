package interp

import (
	"time"

	"github.com/waslrun/wasl/asl"
	"github.com/waslrun/wasl/asl/jsonvalue"
)

// waitState is the plan of a Wait state: one of the two quantities is set.
type waitState struct {
	common
	seconds   *quantity
	timestamp *quantity
}

func compileWait(l *linker, s *asl.Wait) (state, error) {
	c, err := compileCommon(l, waitKind, &s.Common)
	if err != nil {
		return nil, err
	}
	p := &waitState{common: c}
	p.linkNext(l, &s.Common)
	if s.Timestamp.IsSet() {
		p.timestamp, err = p.compileQuantity("Timestamp", s.Timestamp)
	} else {
		p.seconds, err = p.compileQuantity("Seconds", s.Seconds)
	}
	return p, err
}

func (p *waitState) begin(x *Execution, f *frame) *failure {
	s, err := p.look(x, f)
	if err != nil {
		return err
	}
	until, err := p.until(x, s)
	if err != nil {
		return err
	}
	if !until.After(x.now) {
		return p.finish(x, f)
	}
	x.pause(f, until, finish)
	return nil
}

func (p *waitState) finish(x *Execution, f *frame) *failure {
	s := x.see(f, f.input)
	if !p.jsonata {
		s.input = f.effective
	}
	return p.conclude(x, f, s, s.input, nil, p.next)
}

// until gives the time at which the state is over.
func (p *waitState) until(x *Execution, s *scene) (time.Time, *failure) {
	if p.timestamp != nil {
		return p.untilTimestamp(s)
	}
	n, err := p.pauseSeconds(s)
	if err != nil {
		return time.Time{}, err
	}
	return x.now.Add(seconds(n)), nil
}

func (p *waitState) pauseSeconds(s *scene) (int64, *failure) {
	q := p.seconds
	v, err := q.look(s)
	if err != nil {
		return 0, err
	}
	n, ok := v.Int64()
	switch {
	case ok && n >= 0:
		return n, nil
	case q.path != nil && !v.IsValid():
		return 0, runtimeError("The SecondsPath parameter does not reference an input value: %s", q.path.text)
	case q.path != nil && !ok:
		return 0, runtimeError("The SecondsPath parameter cannot be parsed as a long value: %s == %s", q.path.text, shown(v))
	case q.path != nil:
		return 0, runtimeError("The SecondsPath parameter references a negative value: %s == %d", q.path.text, n)
	case !ok:
		return 0, q.unexpected("number", v)
	}
	return 0, q.problem("The Seconds field cannot be negative: %d", n)
}

func (p *waitState) untilTimestamp(s *scene) (time.Time, *failure) {
	q := p.timestamp
	v, err := q.look(s)
	if err != nil {
		return time.Time{}, err
	}
	if v.Kind() == jsonvalue.String {
		if t, ok := parseTimestamp(v.Text()); ok {
			return t, nil
		}
	}
	switch {
	case q.path != nil && !v.IsValid():
		return time.Time{}, runtimeError("The TimestampPath parameter does not reference an input value: %s", q.path.text)
	case q.path != nil:
		return time.Time{}, runtimeError("The TimestampPath parameter does not reference a valid ISO-8601 extended offset date-time format string: %s == %s",
			q.path.text, shown(v))
	case q.expr != nil && v.Kind() != jsonvalue.String:
		return time.Time{}, q.unexpected("string", v)
	}
	return time.Time{}, q.problem("The Timestamp field cannot be parsed as an ISO-8601 extended offset date-time format string: %s", shown(v))
}
