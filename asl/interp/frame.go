package interp

import (
	"time"

	"github.com/waslrun/wasl/asl/history"
	"github.com/waslrun/wasl/asl/jsonvalue"
)

// frame is one thread of control: the execution itself, a branch of a
// Parallel state, an iteration of a Map state. It is in at most one state at
// a time. Nothing of a run lives on a goroutine's stack.
type frame struct {
	group *group  // whose child it is; nil for the execution's own frame
	index int     // of the branch or iteration in its group
	item  mapItem // of an iteration
	scope scope
	// cursor is the event that the frame's next event names as its parent.
	cursor int64
	todo   todo
	queued bool
	visit

	// Siblings that run, in the order of their indexes.
	previous, next *frame
}

// todo says what a frame does when its turn comes.
type todo uint8

const (
	blocked todo = iota // waits for an event or for its children
	enter               // go into the state
	begin               // begin the state's work, again after a retry
	fill                // start more iterations of a Map
	finish              // the state's work gave visit.value
	fail                // the state's work failed with visit.failure
	over                // the frame is done with or was aborted
)

// visit is one stay in a state, from Entered to Exited.
type visit struct {
	plan      state
	input     jsonvalue.Value // raw
	effective jsonvalue.Value // after InputPath; JSONPath only
	enteredAt time.Time
	began     time.Time // the current attempt
	before    int64     // the cursor before Entered
	entered   int64     // the id of Entered
	attempts  []int64
	retries   int64         // $$.State.RetryCount
	token     string        // $$.Task.Token
	offered   *ScheduleTask // a task that nobody has accepted yet
	waiting   ID            // the command that the frame waits for; 0: none
	timing    todo          // what follows the timer that the frame waits for; else blocked
	children  *group        // of a Parallel or Map state that runs
	value     jsonvalue.Value
	failure   *failure
}

// move sends the frame to a state.
func (f *frame) move(to state, input jsonvalue.Value) {
	attempts := f.attempts[:0]
	f.visit = visit{plan: to, input: input, attempts: attempts}
	f.todo = enter
}

// group is the running children of a Parallel or Map state.
type group struct {
	owner       *frame
	first, last *frame // children that run, in the order of their indexes
	results     []jsonvalue.Value
	left        int // children that have not ended yet, started or not
	iteration   *iteration
}

// iteration is what a Map's group has beyond a Parallel's.
type iteration struct {
	plan    *mapState
	items   jsonvalue.Value
	started int
	running int
	limit   int // 0: none
	failed  int
	allowed int   // failures that are tolerated
	origin  int64 // the id of MapStateStarted
}

func (g *group) add(f *frame) {
	f.previous = g.last
	if g.last == nil {
		g.first = f
	} else {
		g.last.next = f
	}
	g.last = f
}

func (g *group) remove(f *frame) {
	if f.previous == nil {
		g.first = f.next
	} else {
		f.previous.next = f.next
	}
	if f.next == nil {
		g.last = f.previous
	} else {
		f.next.previous = f.previous
	}
	f.previous, f.next = nil, nil
}

// scope holds the variables that the states of one frame assigned. A child
// sees its parents' variables and cannot change them.
type scope struct {
	parent *scope
	vars   []history.Variable
}

func (s *scope) get(name string) (jsonvalue.Value, bool) {
	for ; s != nil; s = s.parent {
		for i := range s.vars {
			if s.vars[i].Name == name {
				return s.vars[i].Value, true
			}
		}
	}
	return jsonvalue.Value{}, false
}

func (s *scope) set(v history.Variable) (grown int) {
	for i := range s.vars {
		if s.vars[i].Name == v.Name {
			grown = v.Value.EncodedLen() - s.vars[i].Value.EncodedLen()
			s.vars[i].Value = v.Value
			return grown
		}
	}
	s.vars = append(s.vars, v)
	return v.Value.EncodedLen()
}

// flat gives a copy of all the variables that the scope sees.
func (s *scope) flat() *scope {
	all := &scope{}
	for ; s != nil; s = s.parent {
		for _, v := range s.vars {
			if _, hidden := all.get(v.Name); !hidden {
				all.vars = append(all.vars, v)
			}
		}
	}
	return all
}

// size gives the encoded length of the scope's own variables.
func (s *scope) size() (n int) {
	for i := range s.vars {
		n += s.vars[i].Value.EncodedLen()
	}
	return n
}

// queue is a first-in-first-out queue of frames that can go on.
type queue struct {
	frames []*frame
	head   int
}

func (q *queue) len() int { return len(q.frames) - q.head }

func (q *queue) push(f *frame) {
	if f.queued {
		return
	}
	f.queued = true
	q.frames = append(q.frames, f)
}

func (q *queue) pop() *frame {
	f := q.frames[q.head]
	q.frames[q.head] = nil
	q.head++
	switch {
	case q.head == len(q.frames):
		q.frames, q.head = q.frames[:0], 0
	case q.head > 64 && q.head > len(q.frames)/2:
		n := copy(q.frames, q.frames[q.head:])
		clear(q.frames[n:])
		q.frames, q.head = q.frames[:n], 0
	}
	f.queued = false
	return f
}

// unpop puts a frame back to the front.
func (q *queue) unpop(f *frame) {
	if f.queued {
		return
	}
	f.queued = true
	if q.head > 0 {
		q.head--
		q.frames[q.head] = f
		return
	}
	q.frames = append([]*frame{f}, q.frames...)
}
