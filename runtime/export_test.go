package runtime

import (
	"github.com/waslrun/wasl/asl/interp"
	"github.com/waslrun/wasl/modules"
)

// Look is one look of Watch, with all that comes of it.
func (s *ModuleSet) Look() {
	s.look()
	s.opening.Wait()
}

// Opened gives a module that is open.
func (s *ModuleSet) Opened(name string) *modules.Module { return s.get(name).module.Module }

// Held gives what the closed executions on record hold by the engine's account,
// and what comes out when they are counted again.
func (e *Engine) Held() (account, again int64) {
	e.mu.Lock()
	defer e.mu.Unlock()
	fresh := records{definitions: map[*interp.Program]int{}}
	for x := range e.records.closed.backward() {
		fresh.hold(x)
		fresh.held += x.weight() - x.held
	}
	return e.records.held, fresh.held
}

// Heavy gives how many executions have come through the gate.
func (e *Engine) Heavy() int { return len(e.gate.slots) }
