package integration

import (
	"fmt"
	"strconv"
	"time"

	"github.com/waslrun/wasl/asl"
	"github.com/waslrun/wasl/asl/errname"
	"github.com/waslrun/wasl/asl/interp"
	"github.com/waslrun/wasl/asl/jsonpath"
	"github.com/waslrun/wasl/asl/jsonvalue"
)

// ChildInfo is what is known of a child execution that has ended.
type ChildInfo struct {
	ARN        string
	MachineARN string
	Name       string
	Status     interp.Status
	Input      string // JSON text
	Output     string // JSON text; "" unless it succeeded
	Error      *string
	Cause      *string
	Started    time.Time
	Stopped    time.Time
}

// startExecution plans states:startExecution.
func (s *Set) startExecution(t *interp.ScheduleTask) Plan {
	arn := t.Input.Field("StateMachineArn").Text()
	refused := func(e *ServiceError) Outcome { return s.sdk1("StepFunctions", "AWSStepFunctions", e) }
	text := string(payload(t.Input.Field("Input")))
	input, err := jsonvalue.Parse(text)
	if err != nil {
		return &Answer{refused(&ServiceError{
			Code: "InvalidExecutionInput", Message: fmt.Sprintf("Invalid State Machine Execution Input: '%s'", err),
		})}
	}
	return &Child{
		MachineARN: arn, Name: t.Input.Field("Name").Text(), Input: input, InputText: text,
		Accepted: s.accepted, Refused: refused,
		Done: func(i ChildInfo) Outcome { return i.outcome(t.Resource.Pattern) },
	}
}

// accepted is what StartExecution answers, as optimised integrations show it.
func (s *Set) accepted(arn string, started time.Time) Outcome {
	id := s.NewID()
	body := fmt.Sprintf(`{"executionArn":%q,"startDate":%s}`, arn, jsonpath.JavaDouble(float64(started.UnixMilli())/1000))
	b := jsonvalue.NewObject(4)
	b.Set("ExecutionArn", jsonvalue.StringOf(arn))
	metadata(b, []header{
		{"connection", "keep-alive"},
		{"Content-Length", strconv.Itoa(len(body))},
		{"Content-Type", "application/x-amz-json-1.0"},
		{"Date", httpDate(s.Now())},
		{"x-amzn-RequestId", id},
	}, 200, id)
	b.Set("StartDate", millis(started))
	return Succeed(b.Value())
}

// millis writes a time as version 1 of the SDK does.
func millis(t time.Time) jsonvalue.Value { return jsonvalue.IntOf(t.UnixMilli()) }

// outcome is what a child that was waited for means for its parent.
func (i ChildInfo) outcome(p asl.Pattern) Outcome {
	description := i.describe(p)
	if i.Status == interp.Succeeded {
		return Succeed(description)
	}
	return Fail(errname.TaskFailed, description.String())
}

// describe writes the answer of DescribeExecution in the SDK's names. The
// pattern decides whether payloads appear as text or as JSON.
func (i ChildInfo) describe(p asl.Pattern) jsonvalue.Value {
	b := jsonvalue.NewObject(14)
	optional := func(key string, text *string) {
		if text != nil {
			b.Set(key, jsonvalue.StringOf(*text))
		}
	}
	payload := func(key, text string) {
		v := jsonvalue.StringOf(text)
		if p == asl.Sync2 {
			if parsed, err := jsonvalue.Parse(text); err == nil {
				v = parsed
			}
		}
		b.Set(key, v)
		b.Set(key+"Details", jsonvalue.ObjectOf(jsonvalue.Member{Key: "Included", Value: jsonvalue.True}))
	}
	optional("Cause", i.Cause)
	optional("Error", i.Error)
	b.Set("ExecutionArn", jsonvalue.StringOf(i.ARN))
	payload("Input", i.Input)
	b.Set("Name", jsonvalue.StringOf(i.Name))
	if i.Status == interp.Succeeded {
		payload("Output", i.Output)
	}
	b.Set("RedriveCount", jsonvalue.IntOf(0))
	if i.Status == interp.Succeeded {
		b.Set("RedriveStatus", jsonvalue.StringOf("NOT_REDRIVABLE"))
		b.Set("RedriveStatusReason", jsonvalue.StringOf("Execution is SUCCEEDED and cannot be redriven"))
	} else {
		b.Set("RedriveStatus", jsonvalue.StringOf("REDRIVABLE"))
	}
	b.Set("StartDate", millis(i.Started))
	b.Set("StateMachineArn", jsonvalue.StringOf(i.MachineARN))
	b.Set("Status", jsonvalue.StringOf(string(i.Status)))
	b.Set("StopDate", millis(i.Stopped))
	return b.Value()
}
