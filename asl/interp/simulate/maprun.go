package simulate

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/waslrun/wasl/asl/errname"
	"github.com/waslrun/wasl/asl/interp"
	"github.com/waslrun/wasl/asl/jsonvalue"
)

// startMapRun runs the children of a Distributed Map one after the other, each
// from the time at which the run starts; the run takes as long as the longest.
func (s *simulation) startMapRun(c *interp.StartMapRun) error {
	s.mapRuns++
	label := c.Plan.Label
	if label == "" {
		label = fmt.Sprintf("label-%d", s.mapRuns)
	}
	machines := strings.TrimSuffix(s.run.Info.MachineARN, "stateMachine:"+s.run.Info.MachineName)
	arn := fmt.Sprintf("%smapRun:%s/%s:run-%d", machines, s.run.Info.MachineName, label, s.mapRuns)
	s.at(s.now, starting, interp.MapRunStarted{At: interp.At(s.now), Run: c.ID, MapRunARN: arn})
	m := &mapRun{simulation: s, plan: c.Plan, arn: arn, label: label, ended: s.now}
	output, err := m.execute()
	var failed *interp.ItemError
	switch {
	case errors.As(err, &failed):
		s.at(m.ended, outcome, interp.MapRunFailed{At: interp.At(m.ended), Run: c.ID, Error: failed.Name, Cause: failed.Cause})
	case err != nil:
		return err
	default:
		s.at(m.ended, outcome, interp.MapRunSucceeded{At: interp.At(m.ended), Run: c.ID, Output: output})
	}
	return nil
}

// mapRun is a Map Run on its way.
type mapRun struct {
	*simulation
	plan       *interp.MapPlan
	arn, label string
	ended      time.Time
	failures   int
}

func (m *mapRun) execute() (jsonvalue.Value, error) {
	items, err := m.items()
	if err != nil {
		return jsonvalue.Value{}, err
	}
	inputs, err := m.inputs(items)
	if err != nil {
		return jsonvalue.Value{}, err
	}
	outputs := make([]jsonvalue.Value, 0, len(inputs))
	for i, in := range inputs {
		r, err := m.child(i, in)
		if err != nil {
			return jsonvalue.Value{}, err
		}
		if r.Status == interp.Succeeded {
			outputs = append(outputs, r.Output)
			continue
		}
		m.failures++
		if m.intolerable(len(inputs)) {
			return jsonvalue.Value{}, &interp.ItemError{
				Name: errname.ExceedToleratedFailureThreshold, Cause: "The specified tolerated failure threshold was exceeded",
			}
		}
	}
	return m.written(outputs), nil
}

// items gives the items as they are read.
func (m *mapRun) items() ([]jsonvalue.Value, error) {
	p := m.plan
	if p.Reader == nil {
		return p.Items.Elems(), nil
	}
	if p.Reader.MaxItems < 0 {
		return nil, &interp.ItemError{Name: errname.ItemReaderFailed, Cause: interp.CauseMaxItems}
	}
	if m.run.Read == nil {
		return nil, &interp.ItemError{Name: errname.ItemReaderFailed, Cause: "no reader is mocked"}
	}
	items, err := m.run.Read(p.Reader)
	if err != nil {
		return nil, &interp.ItemError{Name: errname.ItemReaderFailed, Cause: err.Error()}
	}
	if n := p.Reader.MaxItems; n > 0 && int64(len(items)) > n {
		items = items[:n]
	}
	return items, nil
}

// inputs makes the children's inputs: one an item, or one a batch.
func (m *mapRun) inputs(items []jsonvalue.Value) ([]jsonvalue.Value, error) {
	inputs := make([]jsonvalue.Value, len(items))
	for i, item := range items {
		var err error
		if inputs[i], err = m.plan.Item(context.Background(), int64(i), interp.Item{Value: item}); err != nil {
			return nil, err
		}
	}
	b := m.plan.Batcher
	if b == nil {
		return inputs, nil
	}
	var batches []jsonvalue.Value
	for len(inputs) > 0 {
		n := batchLen(b, inputs)
		batch := jsonvalue.NewObject(2)
		if b.Input.IsValid() {
			batch.Set("BatchInput", b.Input)
		}
		batch.Set("Items", jsonvalue.ArrayOf(inputs[:n]...))
		batches = append(batches, batch.Value())
		inputs = inputs[n:]
	}
	return batches, nil
}

// intolerable tells whether more of n children have failed than the state tolerates.
func (m *mapRun) intolerable(n int) bool {
	p := m.plan
	if p.ToleratedCount < 0 && p.ToleratedPercentage < 0 {
		return true
	}
	return p.ToleratedCount >= 0 && int64(m.failures) > p.ToleratedCount ||
		p.ToleratedPercentage >= 0 && float64(m.failures)*100 > p.ToleratedPercentage*float64(n)
}

// child runs one child execution.
func (m *mapRun) child(i int, input jsonvalue.Value) (*Result, error) {
	info := m.run.Info
	info.MachineName += "/" + m.label
	info.Name = fmt.Sprintf("%s-%d", m.run.Info.Name, i)
	info.ARN = fmt.Sprintf("%s/%s:%s", m.run.Info.ARN, m.label, info.Name)
	info.MachineARN += "/" + m.label
	info.MapRunARN, info.Express = m.arn, m.plan.Express
	r, err := Simulate(Run{
		Program: m.plan.Program, Input: input, Info: info, Limits: m.run.Limits, Start: m.now,
		Seed: m.run.Seed + uint64(i) + 1, Read: m.run.Read,
		Answer: func(q Request) Answer { return m.answer(q.ScheduleTask) },
	})
	if err == nil && r.Ended.After(m.ended) {
		m.ended = r.Ended
	}
	return r, err
}

// written gives the state's result: the outputs, or where they were written to.
func (m *mapRun) written(outputs []jsonvalue.Value) jsonvalue.Value {
	w := m.plan.Writer
	if w == nil || w.Resource == nil {
		return jsonvalue.ArrayOf(outputs...)
	}
	return jsonvalue.ObjectOf(
		jsonvalue.Member{Key: "MapRunArn", Value: jsonvalue.StringOf(m.arn)},
		jsonvalue.Member{Key: "ResultWriterDetails", Value: jsonvalue.ObjectOf(
			jsonvalue.Member{Key: "Bucket", Value: w.Input.Field("Bucket")},
			jsonvalue.Member{Key: "Key", Value: jsonvalue.StringOf(fmt.Sprintf("%s/run-%d/manifest.json", w.Input.Field("Prefix").Text(), m.mapRuns))},
		)},
	)
}

// batchLen gives how many of the items go into the next batch: at least one.
func batchLen(b *interp.BatcherPlan, items []jsonvalue.Value) int {
	n, bytes := 0, int64(0)
	for n < len(items) {
		bytes += int64(items[n].EncodedLen()) + 1
		if n > 0 && (b.MaxItems > 0 && int64(n) >= b.MaxItems || b.MaxBytes > 0 && bytes > b.MaxBytes) {
			break
		}
		n++
	}
	return n
}
