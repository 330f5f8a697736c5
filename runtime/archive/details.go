package archive

import (
	"fmt"
	"reflect"

	"github.com/waslrun/wasl/asl/history"
	"github.com/waslrun/wasl/asl/jsonvalue"
)

// fields takes the fields of an event's details, one after the other: the
// Writer reads them, a reader fills them in.
type fields interface {
	text(*string)
	optional(**string)
	value(*jsonvalue.Value)
	number(*int64)
	variables(*[]history.Variable)
}

// shape is what is known of a type of details.
type shape struct {
	empty func() history.Details
	// visit shows all fields, always in the same order.
	visit func(history.Details, fields)
}

func shapeOf[T any, D interface {
	*T
	history.Details
}](visit func(D, fields)) shape {
	return shape{
		empty: func() history.Details { return D(new(T)) },
		visit: func(d history.Details, f fields) { visit(d.(D), f) },
	}
}

// noDetails stands for details that are nil. The others are known by their
// index among shapes.
const noDetails = 0

var shapes = []shape{
	noDetails: {},
	shapeOf(func(d *history.StateEntered, f fields) {
		f.text(&d.Name)
		f.value(&d.Input)
	}),
	shapeOf(func(d *history.StateExited, f fields) {
		f.text(&d.Name)
		f.value(&d.Output)
		f.variables(&d.Assigned)
	}),
	shapeOf(func(d *history.ExecutionStart, f fields) {
		f.value(&d.Input)
		f.text(&d.RoleARN)
		f.text(&d.AliasARN)
		f.text(&d.VersionARN)
	}),
	shapeOf(func(d *history.Output, f fields) { f.value(&d.Output) }),
	shapeOf(func(d *history.Failure, f fields) {
		f.optional(&d.Error)
		f.optional(&d.Cause)
	}),
	shapeOf(func(d *history.EvaluationFailure, f fields) {
		f.text(&d.Error)
		f.text(&d.Cause)
		f.text(&d.Location)
		f.text(&d.State)
	}),
	shapeOf(func(d *history.FunctionSchedule, f fields) {
		f.text(&d.Resource)
		f.value(&d.Input)
		f.number(&d.Timeout)
		f.text(&d.RoleARN)
	}),
	shapeOf(func(d *history.ActivitySchedule, f fields) {
		f.text(&d.Resource)
		f.value(&d.Input)
		f.number(&d.Timeout)
		f.number(&d.Heartbeat)
	}),
	shapeOf(func(d *history.ActivityStart, f fields) { f.text(&d.WorkerName) }),
	shapeOf(func(d *history.TaskSchedule, f fields) {
		f.text(&d.ResourceType)
		f.text(&d.Resource)
		f.text(&d.Region)
		f.value(&d.Parameters)
		f.number(&d.Timeout)
		f.number(&d.Heartbeat)
		f.text(&d.RoleARN)
	}),
	shapeOf(func(d *history.TaskStart, f fields) {
		f.text(&d.ResourceType)
		f.text(&d.Resource)
	}),
	shapeOf(func(d *history.TaskOutput, f fields) {
		f.text(&d.ResourceType)
		f.text(&d.Resource)
		f.value(&d.Output)
	}),
	shapeOf(func(d *history.TaskFailure, f fields) {
		f.text(&d.ResourceType)
		f.text(&d.Resource)
		f.optional(&d.Error)
		f.optional(&d.Cause)
	}),
	shapeOf(func(d *history.MapStart, f fields) { f.number(&d.Length) }),
	shapeOf(func(d *history.MapIteration, f fields) {
		f.text(&d.Name)
		f.number(&d.Index)
	}),
	shapeOf(func(d *history.MapRunStart, f fields) { f.text(&d.MapRunARN) }),
	shapeOf(func(d *history.MapRunRedrive, f fields) {
		f.text(&d.MapRunARN)
		f.number(&d.Count)
	}),
	shapeOf(func(d *history.ExecutionRedrive, f fields) { f.number(&d.Count) }),
}

// shapeNumbers has the index of each type of details among shapes.
var shapeNumbers = func() map[reflect.Type]byte {
	numbers := map[reflect.Type]byte{}
	for i, s := range shapes[noDetails+1:] {
		numbers[reflect.TypeOf(s.empty())] = byte(i + 1)
	}
	return numbers
}()

// shapeNumber gives the index of an event's details among shapes.
func shapeNumber(d history.Details) byte {
	if d == nil {
		return noDetails
	}
	n, ok := shapeNumbers[reflect.TypeOf(d)]
	if !ok {
		panic(fmt.Sprintf("archive: unknown details %T", d))
	}
	return n
}

// typeNumbers has the number of each type of events, from 1.
var typeNumbers = func() map[history.Type]byte {
	numbers := make(map[history.Type]byte, len(history.Types))
	for i, t := range history.Types {
		numbers[t] = byte(i + 1)
	}
	return numbers
}()

// typeNumber gives the number of a type of events.
func typeNumber(t history.Type) byte {
	n, ok := typeNumbers[t]
	if !ok {
		panic(fmt.Sprintf("archive: unknown type of event %q", t))
	}
	return n
}
