package history

import "github.com/waslrun/wasl/asl/jsonvalue"

func (d *StateEntered) fill(m members) {
	m.text("name", d.Name)
	m.payload("input", d.Input)
}

func (d *StateExited) fill(m members) {
	m.text("name", d.Name)
	m.payload("output", d.Output)
	if len(d.Assigned) == 0 {
		return
	}
	vars := jsonvalue.NewObject(len(d.Assigned))
	for _, v := range d.Assigned {
		vars.Set(v.Name, jsonvalue.StringOf(v.Value.String()))
	}
	m.b.Set("assignedVariables", vars.Value())
	m.b.Set("assignedVariablesDetails", notTruncated)
}

func (d *ExecutionStart) fill(m members) {
	m.payload("input", d.Input)
	m.name("roleArn", d.RoleARN)
	m.name("stateMachineAliasArn", d.AliasARN)
	m.name("stateMachineVersionArn", d.VersionARN)
}

func (d *Output) fill(m members) { m.payload("output", d.Output) }

func (d *Failure) fill(m members) { m.failure(d.Error, d.Cause) }

func (d *FunctionSchedule) fill(m members) {
	m.text("resource", d.Resource)
	m.payload("input", d.Input)
	m.seconds("timeoutInSeconds", d.Timeout)
	m.role(d.RoleARN)
}

func (d *ActivitySchedule) fill(m members) {
	m.text("resource", d.Resource)
	m.payload("input", d.Input)
	m.seconds("timeoutInSeconds", d.Timeout)
	m.seconds("heartbeatInSeconds", d.Heartbeat)
}

func (d *ActivityStart) fill(m members) { m.name("workerName", d.WorkerName) }

func (d *TaskSchedule) fill(m members) {
	m.resource(d.ResourceType, d.Resource)
	m.text("region", d.Region)
	m.text("parameters", d.Parameters.String())
	m.seconds("timeoutInSeconds", d.Timeout)
	m.seconds("heartbeatInSeconds", d.Heartbeat)
	m.role(d.RoleARN)
}

func (d *TaskStart) fill(m members) { m.resource(d.ResourceType, d.Resource) }

func (d *TaskOutput) fill(m members) {
	m.resource(d.ResourceType, d.Resource)
	m.payload("output", d.Output)
}

func (d *TaskFailure) fill(m members) {
	m.resource(d.ResourceType, d.Resource)
	m.failure(d.Error, d.Cause)
}

func (d *MapStart) fill(m members) { m.count("length", d.Length) }

func (d *MapIteration) fill(m members) {
	m.text("name", d.Name)
	m.count("index", d.Index)
}

func (d *MapRunStart) fill(m members) { m.text("mapRunArn", d.MapRunARN) }

func (d *MapRunRedrive) fill(m members) {
	m.text("mapRunArn", d.MapRunARN)
	m.count("redriveCount", d.Count)
}

func (d *ExecutionRedrive) fill(m members) { m.count("redriveCount", d.Count) }

func (d *EvaluationFailure) fill(m members) {
	m.text("error", d.Error)
	m.text("cause", d.Cause)
	m.name("location", d.Location)
	m.text("state", d.State)
}
