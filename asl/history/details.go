package history

import "github.com/waslrun/wasl/asl/jsonvalue"

// Details is the sealed set of the detail types. Nil error and cause texts, empty
// names and zero durations are left out of the AWS form.
type Details interface{ fill(members) }

// StateEntered belongs to every …StateEntered event.
type StateEntered struct {
	Name  string
	Input jsonvalue.Value
}

// StateExited belongs to every …StateExited event.
type StateExited struct {
	Name     string
	Output   jsonvalue.Value
	Assigned []Variable // in the order of their names' first appearance
}

// Variable is a variable that a state assigned.
type Variable struct {
	Name  string
	Value jsonvalue.Value
}

// ExecutionStart belongs to ExecutionStarted.
type ExecutionStart struct {
	Input      jsonvalue.Value
	RoleARN    string
	AliasARN   string
	VersionARN string
}

// Output belongs to ExecutionSucceeded, LambdaFunctionSucceeded and ActivitySucceeded.
type Output struct{ Output jsonvalue.Value }

// Failure belongs to ExecutionFailed, ExecutionAborted, ExecutionTimedOut,
// MapRunFailed and the failures and timeouts of functions and activities.
type Failure struct{ Error, Cause *string }

// FunctionSchedule belongs to LambdaFunctionScheduled.
type FunctionSchedule struct {
	Resource string // the whole ARN
	Input    jsonvalue.Value
	Timeout  int64 // seconds
	RoleARN  string
}

// ActivitySchedule belongs to ActivityScheduled.
type ActivitySchedule struct {
	Resource           string // the whole ARN
	Input              jsonvalue.Value
	Timeout, Heartbeat int64 // seconds
}

// ActivityStart belongs to ActivityStarted.
type ActivityStart struct{ WorkerName string }

// TaskSchedule belongs to TaskScheduled.
type TaskSchedule struct {
	ResourceType, Resource string
	Region                 string
	Parameters             jsonvalue.Value
	Timeout, Heartbeat     int64 // seconds
	RoleARN                string
}

// TaskStart belongs to TaskStarted.
type TaskStart struct{ ResourceType, Resource string }

// TaskOutput belongs to TaskSubmitted and TaskSucceeded.
type TaskOutput struct {
	ResourceType, Resource string
	Output                 jsonvalue.Value
}

// TaskFailure belongs to TaskFailed, TaskTimedOut, TaskStartFailed and TaskSubmitFailed.
type TaskFailure struct {
	ResourceType, Resource string
	Error, Cause           *string
}

// MapStart belongs to MapStateStarted.
type MapStart struct{ Length int64 }

// MapIteration belongs to the MapIteration… events.
type MapIteration struct {
	Name  string // of the Map state
	Index int64
}

// MapRunStart belongs to MapRunStarted.
type MapRunStart struct{ MapRunARN string }

// MapRunRedrive belongs to MapRunRedriven.
type MapRunRedrive struct {
	MapRunARN string
	Count     int64
}

// ExecutionRedrive belongs to ExecutionRedriven.
type ExecutionRedrive struct{ Count int64 }

// EvaluationFailure belongs to EvaluationFailed.
type EvaluationFailure struct {
	Error, Cause string
	Location     string // such as Output/total; may be empty
	State        string
}

// members writes the members of a detail object.
type members struct{ b jsonvalue.ObjectBuilder }

var notTruncated = jsonvalue.ObjectOf(jsonvalue.Member{Key: "truncated", Value: jsonvalue.False})

func (m members) text(key, s string) { m.b.Set(key, jsonvalue.StringOf(s)) }

func (m members) name(key, s string) {
	if s != "" {
		m.text(key, s)
	}
}

func (m members) optional(key string, s *string) {
	if s != nil {
		m.text(key, *s)
	}
}

func (m members) seconds(key string, n int64) {
	if n > 0 {
		m.b.Set(key, jsonvalue.IntOf(n))
	}
}

func (m members) count(key string, n int64) { m.b.Set(key, jsonvalue.IntOf(n)) }

// payload writes a value as JSON text, and that nothing of it was cut off.
func (m members) payload(key string, v jsonvalue.Value) {
	if v.IsValid() {
		m.text(key, v.String())
		m.b.Set(key+"Details", notTruncated)
	}
}

func (m members) role(arn string) {
	if arn != "" {
		m.b.Set("taskCredentials", jsonvalue.ObjectOf(jsonvalue.Member{Key: "roleArn", Value: jsonvalue.StringOf(arn)}))
	}
}

func (m members) failure(err, cause *string) {
	m.optional("error", err)
	m.optional("cause", cause)
}

func (m members) resource(resourceType, resource string) {
	m.text("resourceType", resourceType)
	m.text("resource", resource)
}
