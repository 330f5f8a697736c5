package runtime

import (
	goruntime "runtime"
	"sync"

	"github.com/waslrun/wasl/asl/interp"
)

// gate lets a few at a time do what takes long or much memory. So what queries
// hold at once is bounded by what a few may hold, and there is a processor left
// for those who are quick. Whether and how long somebody waits changes nothing
// in what comes out.
type gate struct {
	slots chan struct{}
	once  sync.Once
	over  chan struct{} // closed when the engine closes
}

// widest is how many a gate lets in at most, however many processors there are.
const widest = 4

// newGate makes a gate that leaves one processor to others, where there are
// several.
func newGate() *gate {
	width := min(widest, max(1, goruntime.GOMAXPROCS(0)-1))
	return &gate{slots: make(chan struct{}, width), over: make(chan struct{})}
}

// enter waits for a place. It gives false, and no place, when halt or the gate
// is closed.
func (g *gate) enter(halt <-chan struct{}) bool {
	select {
	case g.slots <- struct{}{}:
		return true
	case <-halt:
	case <-g.over:
	}
	return false
}

func (g *gate) leave() { <-g.slots }

// shut makes everybody stop.
func (g *gate) shut() { g.once.Do(func() { close(g.over) }) }

func (g *gate) isShut() bool {
	select {
	case <-g.over:
		return true
	default:
		return false
	}
}

// goOn is the execution's interp.Governor. The driver leaves its place to others
// and goes through the gate, once, and the Apply goes on until the execution's
// end has come or the engine closes.
func (x *Execution) goOn(commands []interp.Command) bool {
	g := x.engine.gate
	if x.ending.Load() || g.isShut() {
		return false
	}
	if x.heavy {
		return true
	}
	for _, c := range commands {
		if t, ok := c.(*interp.StartTimer); ok && t.Ends {
			x.startTimer(t)
		}
	}
	x.engine.drivers.lend(&x.engine.driving)
	if x.heavy = g.enter(x.halted()); !x.heavy {
		x.engine.drivers.regain(&x.engine.driving)
	}
	return x.heavy
}

// lighten ends what goOn began.
func (x *Execution) lighten() {
	if !x.heavy {
		return
	}
	x.heavy = false
	x.engine.gate.leave()
	x.engine.drivers.regain(&x.engine.driving)
}

// endsBy tells whether an event ends the execution. The caller holds x.mu.
func (x *Execution) endsBy(e interp.Event) bool {
	switch e := e.(type) {
	case interp.Stopped:
		return true
	case interp.TimerFired:
		return e.Timer == x.deadline && e.Timer != 0
	}
	return false
}

// interrupt makes an Apply that takes long end. The caller holds x.mu.
func (x *Execution) interrupt() {
	if x.ending.Swap(true) {
		return
	}
	if x.halt != nil {
		close(x.halt)
	}
}

// halted gives what is closed when the execution's end has come.
func (x *Execution) halted() <-chan struct{} {
	x.mu.Lock()
	defer x.mu.Unlock()
	if x.halt == nil {
		x.halt = make(chan struct{})
		if x.ending.Load() {
			close(x.halt)
		}
	}
	return x.halt
}
