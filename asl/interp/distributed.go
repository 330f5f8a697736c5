package interp

import (
	"context"
	"fmt"
	"strings"

	"github.com/waslrun/wasl/asl"
	"github.com/waslrun/wasl/asl/bounds"
	"github.com/waslrun/wasl/asl/errname"
	"github.com/waslrun/wasl/asl/history"
	"github.com/waslrun/wasl/asl/jsonvalue"
)

// distributed is what a Distributed Map has beyond an inline one.
type distributed struct {
	program *Program
	express bool
	label   string
	reader  *reader
	batcher *batcher
	writer  *writer
}

type reader struct {
	resource  asl.Resource
	arguments template
	config    jsonvalue.Value
	maxItems  *quantity
}

type batcher struct {
	input              template // nil: none
	maxItems, maxBytes *quantity
}

type writer struct {
	resource  *asl.Resource
	arguments template
	config    jsonvalue.Value
}

func (m *mapState) compileDistributed(s *asl.Map) (*distributed, error) {
	d := &distributed{program: &Program{root: m.processor, processor: s}, express: s.Express, label: s.Label}
	var err error
	if r := s.Reader; r != nil {
		d.reader = &reader{resource: r.Resource, config: r.Config}
		if d.reader.arguments, err = m.compileFields("ItemReader", r.Parameters, r.Arguments); err != nil {
			return nil, err
		}
		if d.reader.maxItems, err = m.compileQuantity("MaxItems", r.MaxItems); err != nil {
			return nil, err
		}
	}
	if b := s.Batcher; b != nil {
		d.batcher = &batcher{}
		if d.batcher.input, err = m.compileTemplate("ItemBatcher/BatchInput", b.BatchInput); err != nil {
			return nil, err
		}
		if d.batcher.maxItems, err = m.compileQuantity("MaxItemsPerBatch", b.MaxItems); err != nil {
			return nil, err
		}
		if d.batcher.maxBytes, err = m.compileQuantity("MaxInputBytesPerBatch", b.MaxBytes); err != nil {
			return nil, err
		}
	}
	if w := s.Writer; w != nil {
		d.writer = &writer{config: w.Config}
		if w.HasResource {
			d.writer.resource = &w.Resource
		}
		if d.writer.arguments, err = m.compileFields("ResultWriter", w.Parameters, w.Arguments); err != nil {
			return nil, err
		}
	}
	return d, nil
}

// compileFields compiles the Parameters or Arguments of a part of the state.
func (m *mapState) compileFields(part string, parameters, arguments jsonvalue.Value) (template, error) {
	if m.jsonata {
		return m.compileTemplate(part+"/Arguments", arguments)
	}
	return m.compileTemplate(part+"/Parameters", parameters)
}

// startRun evaluates all that a Map Run needs and asks for it.
func (m *mapState) startRun(x *Execution, f *frame, s *scene, items jsonvalue.Value, limit, count int64, percentage float64) *failure {
	d := m.distributed
	plan := &MapPlan{
		Program: d.program, Express: d.express, Label: d.label, Items: items,
		MaxConcurrency: limit, ToleratedCount: count, ToleratedPercentage: percentage,
	}
	var err *failure
	if plan.Reader, err = d.reader.plan(s); err != nil {
		return err
	}
	if plan.Batcher, err = d.batcher.plan(s); err != nil {
		return err
	}
	if plan.Writer, err = d.writer.plan(s); err != nil {
		return err
	}
	plan.Item = m.inputs(x, f, s)
	order := &StartMapRun{ID: x.issue(f), State: m.name, Plan: plan}
	x.command(order)
	return nil
}

func (r *reader) plan(s *scene) (*ReaderPlan, *failure) {
	if r == nil {
		return nil, nil
	}
	p := &ReaderPlan{Resource: r.resource, Config: r.config}
	var err *failure
	if p.Input, err = evalOptional(r.arguments, s); err != nil {
		return nil, err
	}
	p.MaxItems, err = r.maxItems.whole(s)
	return p, err
}

func (b *batcher) plan(s *scene) (*BatcherPlan, *failure) {
	if b == nil {
		return nil, nil
	}
	p := &BatcherPlan{}
	var err *failure
	if p.Input, err = evalOptional(b.input, s); err != nil {
		return nil, err
	}
	if p.MaxItems, err = b.maxItems.count(s); err != nil {
		return nil, err
	}
	p.MaxBytes, err = b.maxBytes.count(s)
	return p, err
}

func (w *writer) plan(s *scene) (*WriterPlan, *failure) {
	if w == nil {
		return nil, nil
	}
	input, err := evalOptional(w.arguments, s)
	return &WriterPlan{Resource: w.resource, Input: input, Config: w.config}, err
}

func evalOptional(t template, s *scene) (jsonvalue.Value, *failure) {
	if t == nil {
		return jsonvalue.Value{}, nil
	}
	return t.eval(s)
}

// count gives a quantity that is a number of things, 0 when it is not given.
func (q *quantity) count(s *scene) (int64, *failure) {
	n, err := q.whole(s)
	if err == nil && n < 0 {
		return 0, q.problem("%s cannot be negative.", q.field)
	}
	return n, err
}

// whole gives a quantity that is a whole number, 0 when it is not given.
func (q *quantity) whole(s *scene) (int64, *failure) {
	v, err := q.value(s)
	if err != nil || !v.IsValid() {
		return 0, err
	}
	n, ok := integer(v)
	switch {
	case !ok && q.path != nil:
		return 0, runtimeError("The %sPath field refers to value \"%s\" which is not a valid integer: %s", q.field, shown(v), q.path.text)
	case !ok:
		return 0, q.unexpected("number", v)
	}
	return n, nil
}

// inputs gives the function that the executor calls for each item, from any
// goroutine and long after this Apply: it works on a copy of what the state saw,
// and draws what is random from a source of the item's own.
func (m *mapState) inputs(x *Execution, f *frame, s *scene) func(context.Context, int64, Item) (jsonvalue.Value, error) {
	seen := *s
	seen.object = s.context()
	seen.vars = f.scope.flat()
	seen.execution, seen.frame = nil, nil
	seed := x.random.Uint64()
	prefix := situation(m.name, f.entered)
	limits := x.limits.Expressions
	return func(ctx context.Context, index int64, i Item) (made jsonvalue.Value, err error) {
		if m.selector == nil {
			return i.Value, nil
		}
		defer itemInterrupted(ctx, &err)
		s := seen
		s.account = bounds.New(limits, func(int64, int64) error {
			if ctx.Err() != nil {
				return errInterrupted
			}
			return nil
		})
		s.random = newRandom(seed + uint64(index))
		s.object = seen.object.With("Map", (&mapItem{index, i}).context())
		return settle(m.selector.eval(&s))(prefix)
	}
}

// itemInterrupted, deferred, gives the cause of a context that ended while an
// item's input was made.
func itemInterrupted(ctx context.Context, err *error) {
	switch p := recover().(type) {
	case nil:
	case interruption:
		*err = context.Cause(ctx)
	default:
		panic(p)
	}
}

// settle turns a failure into an error that stands on its own.
func settle(v jsonvalue.Value, err *failure) func(prefix string) (jsonvalue.Value, error) {
	return func(prefix string) (jsonvalue.Value, error) {
		if err == nil {
			return v, nil
		}
		return v, &ItemError{Name: *err.name, Cause: prefix + *err.cause}
	}
}

// ItemError is why no input could be made of an item, as an ASL error.
type ItemError struct{ Name, Cause string }

func (e *ItemError) Error() string { return fmt.Sprintf("%s: %s", e.Name, e.Cause) }

// runSucceeded takes the result of a Map Run. Since autumn 2024 AWS hangs
// MapStateExited on MapRunStarted; before, as here, it hung on MapRunSucceeded
// like everything else that follows an event.
func (m *mapState) runSucceeded(x *Execution, f *frame, output jsonvalue.Value) {
	x.record(f, history.MapRunSucceeded, nil)
	f.value = output
	x.wake(f, finish)
}

// runFailed takes the error of a Map Run.
func (m *mapState) runFailed(x *Execution, f *frame, e MapRunFailed) {
	err := &failure{name: text(e.Error), cause: text(e.Cause)}
	switch e.Error {
	case errname.Runtime, errname.QueryEvaluationError:
		err.situated = !strings.HasPrefix(e.Cause, situation(m.name, f.entered))
	}
	x.record(f, history.MapRunFailed, &history.Failure{Error: err.name, Cause: err.cause})
	f.failure = err
	x.wake(f, fail)
}
