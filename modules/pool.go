package modules

import "sync"

// pool keeps the idle instances of a module, the last used one on top: its
// memory is the most likely to be in the processor's caches.
type pool struct {
	mu   sync.Mutex
	idle []*instance
	max  int
}

func (p *pool) take() *instance {
	p.mu.Lock()
	defer p.mu.Unlock()
	last := len(p.idle) - 1
	if last < 0 {
		return nil
	}
	i := p.idle[last]
	p.idle[last] = nil
	p.idle = p.idle[:last]
	return i
}

// put keeps an instance; false when there are enough.
func (p *pool) put(i *instance) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	if len(p.idle) >= p.max {
		return false
	}
	p.idle = append(p.idle, i)
	return true
}

// empty takes all idle instances out.
func (p *pool) empty() []*instance {
	p.mu.Lock()
	defer p.mu.Unlock()
	idle := p.idle
	p.idle = nil
	return idle
}

// drain empties the pool, for good.
func (p *pool) drain() []*instance {
	p.mu.Lock()
	defer p.mu.Unlock()
	idle := p.idle
	p.idle, p.max = nil, 0
	return idle
}
