package teststate

import (
	"fmt"

	"github.com/waslrun/wasl/asl"
	"github.com/waslrun/wasl/asl/jsonvalue"
)

// contextFields are the fields that a given context object may have, and their
// kinds. Invalid: any kind.
var contextFields = map[string]map[string]jsonvalue.Kind{
	"Execution": {
		"Id": jsonvalue.String, "Input": jsonvalue.Invalid, "Name": jsonvalue.String, "RoleArn": jsonvalue.String,
		"StartTime": jsonvalue.String, "RedriveCount": jsonvalue.Number, "RedriveTime": jsonvalue.String,
	},
	"State":        {"Name": jsonvalue.String, "EnteredTime": jsonvalue.String, "RetryCount": jsonvalue.Number},
	"StateMachine": {"Id": jsonvalue.String, "Name": jsonvalue.String},
	"Task":         {"Token": jsonvalue.String},
}

// readContext reads and checks a context object that is given for a state.
func readContext(text string, state asl.State) (jsonvalue.Value, error) {
	v, err := jsonvalue.Parse(text)
	if err != nil || v.Kind() != jsonvalue.Object {
		return v, badContext("must be a valid JSON object")
	}
	for part, object := range v.Members() {
		switch {
		case part == "Map":
			return v, badContext("'Map' field is not supported when mocking a Context object")
		case part == "Task" && !getsTaskContext(state):
			return v, badContext("Context object contains 'Task' when state is not a Task state with a '.sync' or '.waitForTaskToken' service integration pattern")
		}
		fields, ok := contextFields[part]
		if !ok {
			return v, badContext("Field '%s' is not allowed", part)
		}
		if object.Kind() != jsonvalue.Object {
			return v, badContext("%s must be an object", part)
		}
		for name, value := range object.Members() {
			kind, ok := fields[name]
			switch {
			case !ok:
				return v, badContext("Field '%s' is not allowed", name)
			case kind != jsonvalue.Invalid && value.Kind() != kind:
				return v, badContext("%s.%s must be a %s", part, name, kind)
			}
		}
	}
	return v, nil
}

// getsTaskContext tells whether a state's context object has a Task.
func getsTaskContext(s asl.State) bool {
	task, ok := s.(*asl.Task)
	return ok && task.Resource.Pattern != asl.RequestResponse
}

func badContext(format string, args ...any) *Error {
	return invalid("Invalid Context object provided: " + fmt.Sprintf(format, args...))
}
