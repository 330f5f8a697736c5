package runtime

import (
	"context"
	"errors"
	"fmt"
	"runtime/debug"
	"slices"
	"sync"
	"time"

	"github.com/waslrun/wasl/asl/errname"
	"github.com/waslrun/wasl/asl/interp"
	"github.com/waslrun/wasl/asl/jsonvalue"
	"github.com/waslrun/wasl/internal/uuid"
	"github.com/waslrun/wasl/runtime/registry"
)

// defaultConcurrency is how many children of a Map Run are open at once when
// the state does not say. (AWS says 10,000; what is open is held in memory here.)
const defaultConcurrency = 1000

// mapRun is one run of a Distributed Map state. One goroutine, loop, reads the
// items, starts a child execution for each item or batch, takes in what they
// give, and writes the results. It holds what is open, and of the rest counts.
type mapRun struct {
	engine  *Engine
	arn     string
	id      interp.ID
	state   string // the Map state's name
	owner   *Execution
	plan    *interp.MapPlan   // nil once the run is over
	machine *registry.Machine // of the children
	ctx     context.Context
	cancel  context.CancelFunc
	wake    chan struct{} // something changed; loop looks

	// children and closed are what is on record of the children, forgotten
	// says that the run itself is off the record; Engine.mu guards them.
	children  shelf
	closed    shelf
	forgotten bool

	mu    sync.Mutex
	info  MapRunInfo
	ended []childEnd
	open  map[*Execution]struct{}
}

// childEnd is a child that has ended.
type childEnd struct {
	child *Execution
	index int64 // of the child, from 0
	items int64 // how many items it had
	info  ExecutionInfo
}

// runError is why a Map Run failed, as an error of the States Language.
type runError struct{ name, cause string }

func (e *runError) Error() string { return e.name + ": " + e.cause }

// errAborted: nobody waits for the run any more.
var errAborted = errors.New("the Map Run was aborted")

// startMapRun begins with a Map Run.
func (x *Execution) startMapRun(c *interp.StartMapRun, now time.Time) {
	label := c.Plan.Label
	if label == "" {
		label = uuid.New()
	}
	parent := *x.machine
	machine := &registry.Machine{
		ARN: parent.ARN + "/" + label, Name: parent.Name, Label: label, Type: registry.Standard,
		Properties: registry.Properties{
			Definition: c.Plan.Program, RoleARN: parent.RoleARN,
		},
		Created: parent.Created, Updated: parent.Updated,
	}
	if c.Plan.Express {
		machine.Type = registry.Express
	}
	r := &mapRun{
		engine: x.engine, id: c.ID, state: c.State, owner: x, plan: c.Plan, machine: machine,
		arn:  x.engine.home().MapRun(machine.Path(), uuid.New()),
		wake: make(chan struct{}, 1), open: map[*Execution]struct{}{},
	}
	r.ctx, r.cancel = context.WithCancel(x.engine.ctx)
	r.info = MapRunInfo{
		ARN: r.arn, ExecutionARN: x.arn, MachineARN: machine.ARN, Status: MapRunRunning, Started: now,
		MapRunSettings: MapRunSettings{
			MaxConcurrency: c.Plan.MaxConcurrency,
			ToleratedCount: max(0, c.Plan.ToleratedCount), ToleratedPercentage: max(0, c.Plan.ToleratedPercentage),
		},
	}
	putIn(x, &x.runs, c.ID, r)
	x.engine.mapRuns.add(r)
	x.post(func(at interp.At) interp.Event { return interp.MapRunStarted{At: at, Run: c.ID, MapRunARN: r.arn} })
	x.engine.loops.Add(1)
	go r.loop()
}

// abort ends the run without an answer.
func (r *mapRun) abort() { r.cancel() }

func (r *mapRun) loop() {
	defer r.engine.loops.Done()
	defer r.cancel()
	output, err := r.work()
	r.stopChildren()
	takeOut(r.owner, &r.owner.runs, r.id)
	status := MapRunSucceeded
	switch {
	case r.ctx.Err() != nil:
		status = MapRunAborted
	case err != nil:
		status = MapRunFailed
	}
	r.mu.Lock()
	r.info.Status, r.info.Stopped = status, r.engine.options.Clock.Now()
	// The run stays on record, but what it was made of need not.
	r.plan, r.open = nil, nil
	r.mu.Unlock()
	r.owner.post(func(at interp.At) interp.Event {
		if err == nil {
			return interp.MapRunSucceeded{At: at, Run: r.id, Output: output}
		}
		e := asRunError(err)
		return interp.MapRunFailed{At: at, Run: r.id, Error: e.name, Cause: e.cause}
	})
}

// asRunError gives any error a name of the States Language.
func asRunError(err error) *runError {
	var run *runError
	if errors.As(err, &run) {
		return run
	}
	var item *interp.ItemError
	if errors.As(err, &item) {
		return &runError{item.Name, item.Cause}
	}
	return &runError{errname.Runtime, err.Error()}
}

// work does the run and gives the state's result.
func (r *mapRun) work() (output jsonvalue.Value, err error) {
	defer func() {
		if p := recover(); p != nil {
			r.engine.options.Log.Error("a Map Run panicked", "run", r.arn, "panic", p, "stack", string(debug.Stack()))
			err = fmt.Errorf("wasl failed: %v", p)
		}
	}()
	source, err := r.openItems()
	if err != nil {
		return output, err
	}
	defer func() {
		if e := source.Close(); err == nil && e != nil {
			err = &runError{errname.ItemReaderFailed, e.Error()}
		}
	}()
	results, err := r.newResults()
	if err != nil {
		return output, err
	}
	failure := r.run(&batches{run: r, source: source}, results)
	if failure != nil && r.ctx.Err() != nil {
		return output, failure
	}
	output, err = results.finish()
	if failure != nil {
		err = failure
	}
	return output, err
}

// run starts children and takes in their results until all is done.
func (r *mapRun) run(b *batches, results results) error {
	var next int64
	for more := true; ; {
		if err := r.takeIn(results, !more); err != nil {
			return err
		}
		for more && r.hasRoom() {
			input, items, err := b.next()
			if errors.Is(err, errNoMore) {
				more = false
				break
			}
			if err != nil {
				return err
			}
			if err := r.startChild(next, input, items); err != nil {
				return err
			}
			next++
		}
		if !more && r.idle() {
			// The percentage can be told now that all items are known.
			return r.takeIn(results, true)
		}
		select {
		case <-r.wake:
		case <-r.ctx.Done():
			return errAborted
		}
	}
}

// hasRoom tells whether another child may be started.
func (r *mapRun) hasRoom() bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	limit := r.info.MaxConcurrency
	if limit == 0 {
		limit = defaultConcurrency
	}
	// What has ended and was not taken in yet is held in memory too.
	return r.ctx.Err() == nil && int64(len(r.open)+len(r.ended)) < limit
}

// idle tells whether no child is open and all that ended was taken in.
func (r *mapRun) idle() bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	return len(r.open) == 0 && len(r.ended) == 0
}

// startChild starts the execution of an item or batch.
func (r *mapRun) startChild(index int64, input jsonvalue.Value, items int64) error {
	child, err := r.engine.start(StartRequest{
		Machine: r.machine, Input: input, Items: items, ChildFailed: r.owner.request.ChildFailed,
	}, r)
	if err != nil {
		return err
	}
	r.mu.Lock()
	r.open[child] = struct{}{}
	r.info.Executions.Running++
	r.info.Executions.Total++
	r.info.Items.Running += items
	if r.plan.Reader != nil {
		r.info.Items.Total += items
	} else {
		r.info.Items.Pending -= items
	}
	r.mu.Unlock()
	child.whenDone(func(i ExecutionInfo) {
		r.mu.Lock()
		delete(r.open, child)
		r.ended = append(r.ended, childEnd{child, index, items, i})
		r.mu.Unlock()
		r.nudge()
	})
	return nil
}

func (r *mapRun) nudge() {
	select {
	case r.wake <- struct{}{}:
	default:
	}
}

// takeIn counts what has ended and hands it to the results. all says that
// every item is known.
func (r *mapRun) takeIn(results results, all bool) error {
	r.mu.Lock()
	ended := r.ended
	r.ended = nil
	for _, c := range ended {
		r.info.Executions.end(c.info.Status, 1)
		r.info.Items.end(c.info.Status, c.items)
	}
	exceeded := r.exceeded(all)
	r.mu.Unlock()
	for _, c := range ended {
		r.tellFailure(c)
		if err := results.add(c); err != nil {
			return err
		}
	}
	if exceeded {
		return &runError{errname.ExceedToleratedFailureThreshold, "The specified tolerated failure threshold was exceeded"}
	}
	return nil
}

// tellFailure passes a child's failure on to whoever started all this.
func (r *mapRun) tellFailure(c childEnd) {
	tell := r.owner.request.ChildFailed
	if tell == nil || c.info.Status == interp.Succeeded {
		return
	}
	tell(ChildFailure{MapRunARN: r.arn, State: r.state, Index: c.index, Batch: r.plan.Batcher != nil, Child: c.info})
}

// end counts n entries that were running and have ended.
func (c *Counts) end(s interp.Status, n int64) {
	c.Running -= n
	c.ResultsWritten += n
	switch s {
	case interp.Succeeded:
		c.Succeeded += n
	case interp.FailedRun:
		c.Failed += n
	case interp.TimedOut:
		c.TimedOut += n
	case interp.Aborted:
		c.Aborted += n
	case interp.Running:
	}
}

// exceeded tells whether more items failed than the state tolerates. The caller
// holds r.mu.
func (r *mapRun) exceeded(all bool) bool {
	failed := r.info.Items.Failed + r.info.Items.TimedOut + r.info.Items.Aborted
	if failed == 0 {
		return false
	}
	byCount, byPercentage := r.plan.ToleratedCount >= 0, r.plan.ToleratedPercentage >= 0
	if r.info.ToleratedCount > 0 {
		byCount = true
	}
	if r.info.ToleratedPercentage > 0 {
		byPercentage = true
	}
	if !byCount && !byPercentage {
		return true
	}
	if byCount && failed > r.info.ToleratedCount {
		return true
	}
	known := all || r.plan.Reader == nil
	return byPercentage && known && float64(failed)*100 > r.info.ToleratedPercentage*float64(r.info.Items.Total)
}

// stopChildren ends what is still open and waits for it.
func (r *mapRun) stopChildren() {
	r.mu.Lock()
	open := make([]*Execution, 0, len(r.open))
	for x := range r.open {
		open = append(open, x)
	}
	r.mu.Unlock()
	slices.SortFunc(open, func(a, b *Execution) int { return int(int64(a.number) - int64(b.number)) })
	for _, x := range open {
		x.stopAs("", "")
	}
	for _, x := range open {
		select {
		case <-x.done:
		case <-r.engine.ctx.Done():
			return
		}
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, c := range r.ended {
		r.info.Executions.end(c.info.Status, 1)
		r.info.Items.end(c.info.Status, c.items)
	}
	r.ended = nil
}
