package interp

import (
	"github.com/waslrun/wasl/asl/errname"
	"github.com/waslrun/wasl/asl/history"
	"github.com/waslrun/wasl/asl/jsonvalue"
)

// Inspection is what a state made of its data, step by step, as TestState shows
// it. Values are absent where the state did not come to them or has no such step.
type Inspection struct {
	Input               jsonvalue.Value
	AfterInputPath      jsonvalue.Value // JSONPath
	AfterParameters     jsonvalue.Value // JSONPath
	AfterArguments      jsonvalue.Value // JSONata
	AfterItemsPath      jsonvalue.Value // JSONPath
	AfterItemsPointer   jsonvalue.Value // an array of what an ItemReader selects
	AfterItemSelector   jsonvalue.Value // an array with the input of every iteration
	AfterItemBatcher    jsonvalue.Value // an array with the input of every batch
	Result              jsonvalue.Value
	AfterResultSelector jsonvalue.Value // JSONPath
	AfterResultPath     jsonvalue.Value // JSONPath
	// Variables are those after the state; absent when there are none.
	Variables jsonvalue.Value
	// The quantities of a Map state; nil when it did not come to them, and for
	// the tolerances when they are not given.
	MaxConcurrency      *int64
	ToleratedCount      *int64
	ToleratedPercentage *float64
	// The handler of the state's error; nil when there was none.
	RetryIndex   *int
	RetryBackoff *float64 // seconds
	CatchIndex   *int
}

// inspector follows a state that runs on its own. A nil inspector, the one of
// every real execution, sees nothing.
type inspector struct {
	Inspection
	items    jsonvalue.Value // of a Map
	working  bool            // the work of a Map or Parallel state has begun
	left     bool            // the state was left
	failed   *failure        // or failed
	output   jsonvalue.Value
	next     state
	attempts int64 // how often the matching Retrier has been used
}

func (i *inspector) afterInputPath(c *common, v jsonvalue.Value) {
	if i != nil && c.kind != parallelKind {
		i.AfterInputPath = v
	}
}

func (i *inspector) afterArguments(c *common, v jsonvalue.Value) {
	switch {
	case i == nil || c.kind == parallelKind:
	case c.jsonata:
		i.AfterArguments = v
	default:
		i.AfterParameters = v
	}
}

// literalResult notes the Result of a Pass state, which needs no input.
func (i *inspector) literalResult(v jsonvalue.Value) {
	if i != nil {
		i.Result = v
		i.AfterInputPath, i.AfterParameters = jsonvalue.Value{}, jsonvalue.Value{}
	}
}

func (i *inspector) itemsSelected(c *common, items jsonvalue.Value) {
	if i == nil {
		return
	}
	i.items = items
	if !c.jsonata {
		i.AfterItemsPath = items
	}
}

func (i *inspector) result(c *common, v jsonvalue.Value) {
	if i != nil && c.kind == taskKind {
		i.Result = v
	}
}

func (i *inspector) afterResultSelector(c *common, v jsonvalue.Value) {
	if i != nil && hasResult(c) {
		i.AfterResultSelector = v
	}
}

func (i *inspector) afterResultPath(c *common, v jsonvalue.Value) {
	if i != nil && hasResult(c) {
		i.AfterResultPath = v
	}
}

// hasResult tells whether states of this type have a ResultPath.
func hasResult(c *common) bool { return c.kind == passKind || c.handling != nil }

func (i *inspector) concurrency(n int64) {
	if i != nil {
		i.MaxConcurrency = &n
	}
}

func (i *inspector) tolerance(count int64, percentage float64) {
	if i == nil {
		return
	}
	if count >= 0 {
		i.ToleratedCount = &count
	}
	if percentage >= 0 {
		i.ToleratedPercentage = &percentage
	}
}

// stopsBefore tells whether the state's children are not to be started.
func (i *inspector) stopsBefore() bool {
	if i == nil {
		return false
	}
	i.working = true
	return true
}

// leaves notes that the state was left, and tells whether that ends the run.
func (i *inspector) leaves(f *frame, output jsonvalue.Value, to state) bool {
	if i == nil {
		return false
	}
	f.todo = over
	i.left, i.output, i.next = true, output, to
	i.Variables = f.scope.object()
	return true
}

// object gives the variables of a scope as an object; absent when there are none.
func (s *scope) object() jsonvalue.Value {
	if len(s.vars) == 0 {
		return jsonvalue.Value{}
	}
	b := jsonvalue.NewObject(len(s.vars))
	for _, v := range s.vars {
		b.Set(v.Name, v.Value)
	}
	return b.Value()
}

// inspectFailure deals with a failure as stateFailed does, but says what would
// happen instead of doing it.
func (x *Execution) inspectFailure(f *frame, err *failure) {
	i := x.inspector
	h := f.plan.base().handling
	err.situated = false
	f.todo = over
	i.failed = err
	i.Variables = f.scope.object()
	if h == nil || err.is(errname.Runtime) {
		return
	}
	if n := h.retrierOf(err); n >= 0 && i.attempts < h.retriers[n].MaxAttempts {
		pause := backoff(&h.retriers[n], i.attempts).Seconds()
		i.RetryIndex, i.RetryBackoff = &n, &pause
		return
	}
	n := h.catcherOf(err)
	if n < 0 {
		return
	}
	if worse := x.catch(f, &h.catchers[n], err); worse != nil {
		worse.situated = false
		i.failed = worse
		return
	}
	i.CatchIndex = &n
}

// assigned makes variables of the members of an object.
func assigned(v jsonvalue.Value) []history.Variable {
	var vars []history.Variable
	for name, value := range v.Members() {
		vars = append(vars, history.Variable{Name: name, Value: value})
	}
	return vars
}
