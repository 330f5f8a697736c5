package runtime

import (
	"context"
	"fmt"
	"slices"
	"sync"
	"time"
	"weak"

	"github.com/waslrun/wasl/runtime/integration"
)

// pollTime is how long GetTask waits for a task.
const pollTime = time.Minute

// Activities holds activities and the tasks that wait for a worker.
type Activities struct {
	engine *Engine
	mu     sync.Mutex
	byARN  map[string]*activity
}

// Activity is an activity.
type Activity struct {
	ARN     string
	Name    string
	Created time.Time
}

// ActivityTask is a task that a worker took. An empty Token means that there
// was none.
type ActivityTask struct {
	Token string
	Input string // JSON text
}

// activity is an activity with its queues. At most one of them has entries.
type activity struct {
	Activity
	number int
	// tasks wait for a worker, the oldest first; some may be over. The pointers
	// are weak so that those keep nothing in memory: a task that still waits is
	// in its execution's table.
	tasks []weak.Pointer[task]
	polls []*poll // workers that wait for a task, the oldest first
	// tidyAt is the number of tasks at which those that are over are taken out.
	tidyAt int
}

// poll is a worker that waits; its channel takes one task.
type poll struct{ task chan *task }

func newActivities(e *Engine) *Activities {
	return &Activities{engine: e, byARN: map[string]*activity{}}
}

// Create makes an activity, or gives the one of this name.
func (a *Activities) Create(name string) Activity {
	a.mu.Lock()
	defer a.mu.Unlock()
	arn := a.engine.home().Activity(name)
	if old := a.byARN[arn]; old != nil {
		return old.Activity
	}
	made := &activity{Activity: Activity{ARN: arn, Name: name, Created: a.engine.options.Clock.Now()}, number: len(a.byARN)}
	for _, other := range a.byARN {
		made.number = max(made.number, other.number+1)
	}
	a.byARN[arn] = made
	return made.Activity
}

// Describe gives an activity.
func (a *Activities) Describe(arn string) (Activity, error) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if found := a.byARN[arn]; found != nil {
		return found.Activity, nil
	}
	return Activity{}, fmt.Errorf("%w: %s", ErrActivityDoesNotExist, arn)
}

// List gives all activities in the order of their creation.
func (a *Activities) List() []Activity {
	a.mu.Lock()
	defer a.mu.Unlock()
	all := make([]*activity, 0, len(a.byARN))
	for _, x := range a.byARN {
		all = append(all, x)
	}
	slices.SortFunc(all, func(x, y *activity) int { return x.number - y.number })
	list := make([]Activity, len(all))
	for i, x := range all {
		list[i] = x.Activity
	}
	return list
}

// Delete removes an activity; one that is not there is no error. Tasks that
// wait for a worker wait on, until their executions give them up.
func (a *Activities) Delete(arn string) {
	a.mu.Lock()
	defer a.mu.Unlock()
	delete(a.byARN, arn)
}

// GetTask gives the oldest task of an activity to a worker, whose name may be
// empty. It waits up to a minute for one.
func (a *Activities) GetTask(ctx context.Context, arn, worker string) (ActivityTask, error) {
	end := make(chan struct{})
	stop := a.engine.options.Clock.AfterFunc(pollTime, func() { close(end) })
	defer stop()
	for {
		p, err := a.poll(arn)
		if err != nil {
			return ActivityTask{}, err
		}
		select {
		case t := <-p.task:
			if t.begin(worker) {
				return ActivityTask{Token: t.command.Token, Input: t.command.Input.String()}, nil
			}
		case <-end:
			a.giveUp(arn, p)
			return ActivityTask{}, nil
		case <-ctx.Done():
			a.giveUp(arn, p)
			return ActivityTask{}, context.Cause(ctx)
		case <-a.engine.ctx.Done():
			a.giveUp(arn, p)
			return ActivityTask{}, ErrClosed
		}
	}
}

// poll puts a worker in line.
func (a *Activities) poll(arn string) (*poll, error) {
	a.mu.Lock()
	defer a.mu.Unlock()
	x := a.byARN[arn]
	if x == nil {
		return nil, fmt.Errorf("%w: %s", ErrActivityDoesNotExist, arn)
	}
	p := &poll{task: make(chan *task, 1)}
	if t := x.take(); t != nil {
		p.task <- t
	} else {
		x.polls = append(x.polls, p)
	}
	return p, nil
}

// take takes the oldest task that is not over; nil when none waits.
func (x *activity) take() *task {
	for len(x.tasks) > 0 {
		t := x.tasks[0].Value()
		x.tasks = x.tasks[1:]
		if !isOver(t) {
			return t
		}
	}
	return nil
}

// isOver tells whether nobody waits for a task any more.
func isOver(t *task) bool { return t == nil || t.isOver() }

// giveUp takes a worker out of line. A task that it got meanwhile goes to
// somebody else.
func (a *Activities) giveUp(arn string, p *poll) {
	a.mu.Lock()
	defer a.mu.Unlock()
	x := a.byARN[arn]
	if x == nil {
		return
	}
	x.polls = slices.DeleteFunc(x.polls, func(q *poll) bool { return q == p })
	select {
	case t := <-p.task:
		x.offer(t, true)
	default:
	}
}

// offer gives a task to the worker that waits longest, or lets it wait.
func (x *activity) offer(t *task, first bool) {
	switch {
	case len(x.polls) > 0:
		x.polls[0].task <- t
		x.polls = slices.Delete(x.polls, 0, 1)
	case first:
		x.tasks = slices.Insert(x.tasks, 0, weak.Make(t))
	default:
		x.tasks = append(x.tasks, weak.Make(t))
	}
}

// enqueue offers a new task to the workers of its activity.
func (a *Activities) enqueue(t *task) {
	arn := t.command.Resource.ARN
	if !a.has(arn) {
		t.answer(integration.Reject(fmt.Sprintf("The activity %s does not exist.", arn)))
		return
	}
	t.accept() // before a worker can take it
	a.mu.Lock()
	x := a.byARN[arn]
	if x != nil {
		if len(x.tasks) >= x.tidyAt {
			x.tasks = slices.DeleteFunc(x.tasks, func(p weak.Pointer[task]) bool { return isOver(p.Value()) })
			x.tidyAt = max(64, 2*len(x.tasks))
		}
		x.offer(t, false)
	}
	a.mu.Unlock()
	if x == nil { // deleted in this moment
		t.answer(integration.Reject(fmt.Sprintf("The activity %s does not exist.", arn)))
	}
}

func (a *Activities) has(arn string) bool {
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.byARN[arn] != nil
}

// takenAt starts the timeout of an activity's task: it counts from when a
// worker takes it.
func (t *task) takenAt(now time.Time) {
	if t.command.Timeout > 0 && t.timeout == nil {
		t.timeout = t.alarm(now.Add(t.command.Timeout), false)
	}
}
