package runtime

import (
	"fmt"
	"slices"

	"github.com/waslrun/wasl/asl/errname"
	"github.com/waslrun/wasl/asl/interp"
	"github.com/waslrun/wasl/asl/jsonvalue"
)

// results takes in what the children of a Map Run gave.
type results interface {
	// add takes in one child that has ended.
	add(c childEnd) error
	// finish gives the Map state's result.
	finish() (jsonvalue.Value, error)
}

// newResults makes the collection that the plan asks for.
func (r *mapRun) newResults() (results, error) {
	w := r.plan.Writer
	if w == nil {
		w = &interp.WriterPlan{}
	}
	how, err := newTransformation(w)
	if err != nil {
		return nil, err
	}
	if w.Resource == nil {
		return &collected{limit: r.engine.options.Limits.Payload, how: how, state: r.state}, nil
	}
	return r.newWriter(how)
}

// transformation says what of a child goes into the results.
type transformation uint8

const (
	asExecution transformation = iota // NONE: the execution, its input and output in it
	asOutput                          // COMPACT: the output
	asElements                        // FLATTEN: the elements of the output
)

// newTransformation reads WriterConfig. The results of a state without a
// ResultWriter are outputs, those that go to storage are executions.
func newTransformation(w *interp.WriterPlan) (transformation, error) {
	switch name := w.Config.Field("Transformation").Text(); name {
	case "":
		if w.Resource == nil {
			return asOutput, nil
		}
		return asExecution, nil
	case "NONE":
		return asExecution, nil
	case "COMPACT":
		return asOutput, nil
	case "FLATTEN":
		return asElements, nil
	default:
		return 0, &runError{errname.ResultWriterFailed, fmt.Sprintf("Transformation %q is not known: NONE, COMPACT and FLATTEN are", name)}
	}
}

// of gives what a child adds to the results.
func (t transformation) of(c childEnd) []jsonvalue.Value {
	switch {
	case t == asExecution || c.info.Status != interp.Succeeded:
		return []jsonvalue.Value{describeChild(c.info)}
	case t == asElements && c.info.Output.Kind() == jsonvalue.Array:
		return c.info.Output.Elems()
	}
	return []jsonvalue.Value{c.info.Output}
}

// collected are results that stay in the state's output, in the order of the
// items. Once they are too large for it, they are dropped.
type collected struct {
	limit int // bytes; 0: none
	state string
	how   transformation
	size  int
	list  [][]jsonvalue.Value
}

func (c *collected) add(end childEnd) error {
	if end.info.Status != interp.Succeeded && c.how != asExecution {
		return nil // a failure that is tolerated leaves nothing
	}
	if c.limit > 0 && c.size > c.limit {
		return nil
	}
	values := c.how.of(end)
	for _, v := range values {
		c.size += v.EncodedLen() + 1
	}
	if c.limit > 0 && c.size > c.limit {
		c.list = nil
		return nil
	}
	if missing := int(end.index) + 1 - len(c.list); missing > 0 {
		c.list = slices.Grow(c.list, missing)[:int(end.index)+1]
	}
	c.list[end.index] = values
	return nil
}

func (c *collected) finish() (jsonvalue.Value, error) {
	if c.limit > 0 && c.size > c.limit {
		return jsonvalue.Value{}, &runError{errname.DataLimitExceeded, fmt.Sprintf(
			"The state/task '%s' returned a result with a size exceeding the maximum number of bytes service limit.", c.state)}
	}
	return jsonvalue.ArrayOf(slices.Concat(c.list...)...), nil
}

// describeChild writes a child as a ResultWriter shows it.
func describeChild(i ExecutionInfo) jsonvalue.Value {
	included := jsonvalue.ObjectOf(jsonvalue.Member{Key: "Included", Value: jsonvalue.True})
	b := jsonvalue.NewObject(14)
	text := func(key, s string) { b.Set(key, jsonvalue.StringOf(s)) }
	if i.Cause != nil {
		text("Cause", *i.Cause)
	}
	if i.Error != nil {
		text("Error", *i.Error)
	}
	text("ExecutionArn", i.ARN)
	text("Input", i.Input.String())
	b.Set("InputDetails", included)
	text("Name", i.Name)
	if i.Status == interp.Succeeded {
		text("Output", i.Output.String())
		b.Set("OutputDetails", included)
	}
	b.Set("RedriveCount", jsonvalue.IntOf(0))
	if i.Status == interp.Succeeded {
		text("RedriveStatus", "NOT_REDRIVABLE")
		text("RedriveStatusReason", "Execution is SUCCEEDED and cannot be redriven")
	} else {
		text("RedriveStatus", "REDRIVABLE")
	}
	text("StartDate", isoTime(i.Started))
	text("StateMachineArn", i.Machine.ARN)
	text("Status", string(i.Status))
	text("StopDate", isoTime(i.Stopped))
	return b.Value()
}
