package runtime

import (
	"errors"
	"fmt"

	"github.com/waslrun/wasl/asl"
	"github.com/waslrun/wasl/runtime/integration"
)

// startChild starts the execution that a task asks for. With .sync the task
// waits for its end.
func (t *task) startChild(p *integration.Child) {
	e := t.x.engine
	child, refusal := e.startByARN(p)
	if refusal != nil {
		t.answer(p.Refused(refusal))
		return
	}
	accepted := p.Accepted(child.arn, child.started)
	if pattern := t.command.Resource.Pattern; pattern != asl.Sync && pattern != asl.Sync2 {
		t.settle(accepted)
		return
	}
	t.mu.Lock()
	t.child = child
	gone := t.phase == over
	t.mu.Unlock()
	if gone {
		child.stopAs("", "")
		return
	}
	t.submit(accepted)
	child.whenDone(func(i ExecutionInfo) { t.answer(p.Done(childInfo(i))) })
}

// startByARN starts an execution of the machine, version or alias of an ARN.
func (e *Engine) startByARN(p *integration.Child) (*Execution, *integration.ServiceError) {
	missing := &integration.ServiceError{
		Code: "StateMachineDoesNotExist", Message: fmt.Sprintf("State Machine Does Not Exist: '%s'", p.MachineARN),
	}
	if e.options.Registry == nil {
		return nil, missing
	}
	m, err := e.options.Registry.Resolve(p.MachineARN)
	if err != nil {
		return nil, missing
	}
	child, err := e.start(StartRequest{Machine: m, Name: p.Name, Input: p.Input, InputText: p.InputText}, nil)
	switch {
	case err == nil:
		return child, nil
	case errors.Is(err, ErrExecutionAlreadyExists):
		return nil, &integration.ServiceError{
			Code: "ExecutionAlreadyExists", Message: fmt.Sprintf("Execution Already Exists: '%s'", e.executionARN(m, p.Name)),
		}
	}
	return nil, &integration.ServiceError{Code: "InternalServerException", Message: err.Error(), Status: 500}
}

func childInfo(i ExecutionInfo) integration.ChildInfo {
	return integration.ChildInfo{
		ARN: i.ARN, MachineARN: i.Machine.ARN, Name: i.Name, Status: i.Status,
		Input: i.InputText, Output: i.Output.String(), Error: i.Error, Cause: i.Cause,
		Started: i.Started, Stopped: i.Stopped,
	}
}
