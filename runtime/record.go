package runtime

import (
	"strings"

	"github.com/waslrun/wasl/modules"

	"github.com/waslrun/wasl/asl/interp"
	"github.com/waslrun/wasl/asl/jsonvalue"
	"github.com/waslrun/wasl/runtime/archive"
	"github.com/waslrun/wasl/runtime/registry"
)

// outcome is what an execution ended with.
type outcome struct {
	output       jsonvalue.Value
	error, cause *string
}

// leavesRecord tells whether the execution is on record beyond its end.
func (x *Execution) leavesRecord() bool { return x.machine.Type != registry.Express }

func (x *Execution) keepsHistory() bool { return x.leavesRecord() && !x.request.DiscardHistory }

// open begins the record of an execution that is about to start. Texts that
// were cut from a request would keep all of it in memory.
func (x *Execution) open() {
	if !x.leavesRecord() {
		return
	}
	x.writer = archive.NewWriter()
	x.request.Name = x.arn[len(x.arn)-len(x.request.Name):]
	x.request.TraceHeader = strings.Clone(x.request.TraceHeader)
}

// record writes down the history of a step and passes it on. Only the driver
// calls it.
func (x *Execution) record(step interp.Step) {
	keeps := x.keepsHistory()
	if keeps {
		x.writer.Events(step.History)
	}
	x.mu.Lock()
	x.more = step.More
	x.events += int64(len(step.History))
	if keeps {
		x.book = x.writer.Book()
	}
	x.mu.Unlock()
	if s := x.request.Sink; s != nil && len(step.History) > 0 {
		s.Record(step.History)
	}
}

// seal ends the record: the input and the outcome go into the book, and nothing
// else holds them any more. The caller holds x.mu.
func (x *Execution) seal() {
	if x.writer == nil {
		return
	}
	input := x.request.Input
	x.end = x.writer.Value(jsonvalue.ArrayOf(input, x.outcome.output, optionalText(x.outcome.error), optionalText(x.outcome.cause)))
	x.book = x.writer.Close()
	if len(x.request.InputText) == input.EncodedLen() && x.request.InputText == input.String() {
		x.request.InputText = ""
	}
	x.request.InputText = strings.Clone(x.request.InputText)
	x.request.Input, x.outcome, x.writer = jsonvalue.Value{}, outcome{}, nil
}

// optionalText is absent for nil.
func optionalText(s *string) jsonvalue.Value {
	if s == nil {
		return jsonvalue.Value{}
	}
	return jsonvalue.StringOf(*s)
}

// Info tells how the execution stands.
func (x *Execution) Info() ExecutionInfo {
	x.mu.Lock()
	i, book, end := x.info(), x.book, x.end
	x.mu.Unlock()
	if end > 0 {
		sealed := book.Value(end)
		i.Input, i.Output = sealed.At(0), sealed.At(1)
		i.Error, i.Cause = textOf(sealed.At(2)), textOf(sealed.At(3))
	}
	if i.InputText == "" {
		i.InputText = i.Input.String()
	}
	return i
}

// textOf is nil for an absent value.
func textOf(v jsonvalue.Value) *string {
	if !v.IsValid() {
		return nil
	}
	s := v.Text()
	return &s
}

// info is Info without the text of an input that is its value's, and without
// what is in the book alone. The caller holds x.mu.
func (x *Execution) info() ExecutionInfo {
	i := x.summary()
	i.Input, i.InputText = x.request.Input, x.request.InputText
	i.Output, i.Error, i.Cause = x.outcome.output, x.outcome.error, x.outcome.cause
	i.Unusable = i.Error != nil && *i.Error == modules.ErrBadModule && x.unusable.Load()
	return i
}

// summary is Info without input and outcome, which may be large. The caller
// holds x.mu.
func (x *Execution) summary() ExecutionInfo {
	i := ExecutionInfo{
		ARN: x.arn, Name: x.request.Name, Machine: x.machine, Status: x.status,
		Started: x.started, Stopped: x.stopped, Origin: x.origin, TraceHeader: x.request.TraceHeader, Events: x.events,
	}
	if x.parent != nil {
		i.MapRunARN, i.Items = x.parent.arn, x.request.Items
	}
	return i
}
