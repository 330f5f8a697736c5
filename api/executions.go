package api

import (
	"context"
	"errors"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sfn"
	"github.com/aws/aws-sdk-go-v2/service/sfn/types"

	"github.com/waslrun/wasl/asl/arn"
	"github.com/waslrun/wasl/asl/interp"
	"github.com/waslrun/wasl/runtime"
	"github.com/waslrun/wasl/runtime/registry"
)

// startRequest checks what StartExecution and StartSyncExecution have in common.
func (s *Server) startRequest(machine string, name, input, trace *string) (runtime.StartRequest, error) {
	var r runtime.StartRequest
	a, err := parseARN(machine, arn.StateMachine)
	if err != nil {
		return r, err
	}
	if name != nil {
		if err := CheckName(*name); err != nil {
			return r, err
		}
		r.Name = *name
	}
	if r.Machine, err = s.machines.Resolve(a.Text); err != nil {
		return r, noStateMachine(machine)
	}
	r.InputText, r.TraceHeader = "{}", aws.ToString(trace)
	if input != nil {
		r.InputText = *input
	}
	if r.InputText == "" {
		return r, invalidInput("Invalid execution input.")
	}
	var problem string
	if r.Input, problem = parsePayload(r.InputText); problem != "" {
		return r, invalidInput(problem)
	}
	return r, nil
}

func invalidInput(problem string) error {
	return fail("InvalidExecutionInput", "Invalid State Machine Execution Input: '%s'", problem)
}

func (s *Server) startExecution(ctx context.Context, in *sfn.StartExecutionInput) (*sfn.StartExecutionOutput, error) {
	r, err := s.startRequest(*in.StateMachineArn, in.Name, in.Input, in.TraceHeader)
	if err != nil {
		return nil, err
	}
	x, err := s.engine.Start(ctx, r)
	if errors.Is(err, runtime.ErrExecutionAlreadyExists) {
		return nil, fail("ExecutionAlreadyExists", "Execution Already Exists: '%s'", s.home.Execution(r.Machine.Path(), r.Name))
	}
	if err != nil {
		return nil, err
	}
	info := x.Info()
	return &sfn.StartExecutionOutput{ExecutionArn: &info.ARN, StartDate: &info.Started}, nil
}

func (s *Server) startSyncExecution(ctx context.Context, in *sfn.StartSyncExecutionInput) (*sfn.StartSyncExecutionOutput, error) {
	r, err := s.startRequest(*in.StateMachineArn, in.Name, in.Input, in.TraceHeader)
	if err != nil {
		return nil, err
	}
	if r.Machine.Type != registry.Express {
		return nil, wrongMachineType()
	}
	info, err := s.engine.StartSync(ctx, r)
	if err != nil {
		return nil, err
	}
	out := &sfn.StartSyncExecutionOutput{
		ExecutionArn: &info.ARN, StateMachineArn: aws.String(machineARN(info.Machine)), Name: &info.Name,
		StartDate: &info.Started, StopDate: &info.Stopped, Status: types.SyncExecutionStatus(info.Status),
		Error: info.Error, Cause: info.Cause, TraceHeader: optional(info.TraceHeader),
		BillingDetails: billing(info.Stopped.Sub(info.Started)),
	}
	data := dataOf(info, in.IncludedData)
	out.Input, out.InputDetails, out.Output, out.OutputDetails = data.input, data.details, data.output, data.details
	return out, nil
}

// billing is what AWS would charge for: 64 MB of memory, by the 100 ms.
func billing(d time.Duration) *types.BillingDetails {
	const step = 100 * time.Millisecond
	return &types.BillingDetails{
		BilledMemoryUsedInMB:         64,
		BilledDurationInMilliseconds: int64((d+step-1)/step) * step.Milliseconds(),
	}
}

// executionData are an execution's input and output as answers have them.
type executionData struct {
	input, output *string
	details       *types.CloudWatchEventsExecutionDataDetails
}

func dataOf(info runtime.ExecutionInfo, included types.IncludedData) executionData {
	d := executionData{details: &types.CloudWatchEventsExecutionDataDetails{Included: included != types.IncludedDataMetadataOnly}}
	if !d.details.Included {
		return d
	}
	d.input = &info.InputText
	if info.Output.IsValid() {
		d.output = aws.String(info.Output.String())
	}
	return d
}

// machineARN is the ARN of the machine that an execution belongs to. The
// children of a Distributed Map belong to stateMachine:MACHINE/LABEL.
func machineARN(m *registry.Machine) string { return m.ARN }

// execution finds a STANDARD execution.
func (s *Server) execution(text string) (runtime.ExecutionInfo, error) {
	a, err := parseARN(text, arn.Execution)
	if err != nil {
		return runtime.ExecutionInfo{}, err
	}
	info, err := s.engine.Describe(a.Text)
	if err != nil {
		return info, executionError(err, text)
	}
	return info, nil
}

// executionError puts an engine's error about an execution in AWS's terms.
func executionError(err error, arn string) error {
	if errors.Is(err, runtime.ErrExecutionDoesNotExist) {
		return noExecution(arn)
	}
	return err
}

func (s *Server) describeExecution(_ context.Context, in *sfn.DescribeExecutionInput) (*sfn.DescribeExecutionOutput, error) {
	info, err := s.execution(*in.ExecutionArn)
	if err != nil {
		return nil, err
	}
	data := dataOf(info, in.IncludedData)
	status, reason := redriveStatus(info)
	out := &sfn.DescribeExecutionOutput{
		ExecutionArn: &info.ARN, StateMachineArn: aws.String(machineARN(info.Machine)), Name: &info.Name,
		StateMachineVersionArn: optional(info.Machine.VersionARN), StateMachineAliasArn: optional(info.Machine.AliasARN),
		Status: types.ExecutionStatus(info.Status), StartDate: &info.Started, StopDate: timeOf(info.Stopped),
		Input: data.input, InputDetails: data.details, Output: data.output,
		Error: info.Error, Cause: info.Cause, TraceHeader: optional(info.TraceHeader), MapRunArn: optional(info.MapRunARN),
		RedriveCount: aws.Int32(int32(info.RedriveCount)), RedriveStatus: status, RedriveStatusReason: optional(reason),
	}
	if info.Status == interp.Succeeded {
		out.OutputDetails = data.details
	}
	return out, nil
}

// redriveStatus tells whether an execution may be redriven, and why not.
func redriveStatus(info runtime.ExecutionInfo) (types.ExecutionRedriveStatus, string) {
	switch info.Status {
	case interp.Running, interp.Succeeded:
		return types.ExecutionRedriveStatusNotRedrivable, "Execution is " + string(info.Status) + " and cannot be redriven"
	case interp.FailedRun, interp.TimedOut, interp.Aborted:
		if info.MapRunARN != "" {
			return types.ExecutionRedriveStatusRedrivableByMapRun, ""
		}
	}
	return types.ExecutionRedriveStatusRedrivable, ""
}

// timeOf is nil for the zero time.
func timeOf(t time.Time) *time.Time {
	if t.IsZero() {
		return nil
	}
	return &t
}

func (s *Server) stopExecution(_ context.Context, in *sfn.StopExecutionInput) (*sfn.StopExecutionOutput, error) {
	a, err := parseARN(*in.ExecutionArn, arn.Execution)
	if err != nil {
		return nil, err
	}
	stopped, err := s.engine.Stop(a.Text, aws.ToString(in.Error), aws.ToString(in.Cause))
	if err != nil {
		return nil, executionError(err, a.Text)
	}
	return &sfn.StopExecutionOutput{StopDate: &stopped}, nil
}

func (s *Server) listExecutions(_ context.Context, in *sfn.ListExecutionsInput) (*sfn.ListExecutionsOutput, error) {
	r := runtime.ListRequest{
		MachineARN: aws.ToString(in.StateMachineArn), MapRunARN: aws.ToString(in.MapRunArn),
		Status: interp.Status(in.StatusFilter), Page: runtime.Page{Max: int(in.MaxResults)},
	}
	if err := s.checkListed(r); err != nil {
		return nil, err
	}
	name := "ListExecutions " + r.MachineARN + " " + r.MapRunARN + " " + string(r.Status)
	var err error
	if r.Token, err = s.pager.cursor(name, in.NextToken); err != nil {
		return nil, err
	}
	found, err := s.engine.List(r)
	if err != nil {
		return nil, listError(err, r)
	}
	out := &sfn.ListExecutionsOutput{Executions: []types.ExecutionListItem{}}
	for _, info := range found.Executions {
		redriven := info.RedriveCount > 0
		if in.RedriveFilter != "" && redriven != (in.RedriveFilter == types.ExecutionRedriveFilterRedriven) {
			continue
		}
		item := executionItem(info)
		if r.MapRunARN != "" { // the model: only then
			item.ItemCount = aws.Int32(int32(info.Items))
		}
		out.Executions = append(out.Executions, item)
	}
	if found.Next != "" {
		out.NextToken = aws.String(s.pager.token(name, found.Next))
	}
	return out, nil
}

// checkListed checks that what the executions are to be listed of is there.
func (s *Server) checkListed(r runtime.ListRequest) error {
	switch {
	case r.MachineARN == "" && r.MapRunARN == "":
		return invalid("Must provide a StateMachine ARN or MapRun ARN") // reported as AWS's
	case r.MachineARN != "" && r.MapRunARN != "":
		return invalid("Must provide a StateMachine ARN or MapRun ARN, but not both")
	case r.MapRunARN != "":
		_, err := s.mapRun(r.MapRunARN)
		return err
	}
	a, err := parseARN(r.MachineARN, arn.StateMachine)
	if err != nil {
		return err
	}
	m, err := s.machines.Resolve(a.Text)
	if err != nil {
		return noStateMachine(r.MachineARN)
	}
	if m.Type == registry.Express {
		return wrongMachineType()
	}
	return nil
}

func listError(err error, r runtime.ListRequest) error {
	switch {
	case errors.Is(err, runtime.ErrInvalidPage):
		return invalidToken()
	case errors.Is(err, runtime.ErrTypeNotSupported):
		return wrongMachineType()
	case errors.Is(err, runtime.ErrMapRunDoesNotExist):
		return noResource()
	case errors.Is(err, registry.ErrMachineDoesNotExist):
		return noStateMachine(r.MachineARN)
	}
	return err
}

func executionItem(info runtime.ExecutionInfo) types.ExecutionListItem {
	return types.ExecutionListItem{
		ExecutionArn: &info.ARN, StateMachineArn: aws.String(machineARN(info.Machine)), Name: &info.Name,
		StateMachineVersionArn: optional(info.Machine.VersionARN), StateMachineAliasArn: optional(info.Machine.AliasARN),
		Status: types.ExecutionStatus(info.Status), StartDate: &info.Started, StopDate: timeOf(info.Stopped),
		MapRunArn: optional(info.MapRunARN), RedriveCount: aws.Int32(int32(info.RedriveCount)),
	}
}

func (s *Server) describeStateMachineForExecution(_ context.Context, in *sfn.DescribeStateMachineForExecutionInput) (*sfn.DescribeStateMachineForExecutionOutput, error) {
	info, err := s.execution(*in.ExecutionArn)
	if err != nil {
		return nil, err
	}
	m := info.Machine
	out := &sfn.DescribeStateMachineForExecutionOutput{
		StateMachineArn: aws.String(machineARN(m)), Name: &m.Name, Definition: aws.String(m.Definition.Definition()), RoleArn: &m.RoleARN,
		UpdateDate: &m.Updated, LoggingConfiguration: loggingOf(m), TracingConfiguration: tracingOf(m),
		EncryptionConfiguration: encryptionOf(m), RevisionId: optional(m.Revision),
		MapRunArn: optional(info.MapRunARN), Label: optional(m.Label),
		VariableReferences: m.Definition.VariableReferences(),
	}
	if in.IncludedData == types.IncludedDataMetadataOnly {
		out.Definition, out.VariableReferences = aws.String("{}"), nil
	}
	return out, nil
}
