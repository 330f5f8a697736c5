package modules

import (
	"errors"
	"sync"
	"sync/atomic"
)

// ErrReleased is what a module answers that its owner has released.
var ErrReleased = errors.New("modules: the module was released")

// use counts a module's calls until it is retired and the last of them ends.
type use struct {
	calls atomic.Int64 // below zero: retired
	once  sync.Once
}

// retired is far below what calls can make up for.
const retired = -1 << 62

// begin counts a call. It is false when the module is retired.
func (u *use) begin() bool { return u.calls.Add(1) > 0 }

// end is for every begin, whatever that gave. The last one of a retired module
// calls last.
func (u *use) end(last func()) {
	if u.calls.Add(-1) == retired {
		u.once.Do(last)
	}
}

// retire lets no more calls begin, and calls last when none runs any more.
func (u *use) retire(last func()) {
	u.calls.Add(1)
	u.calls.Add(retired)
	u.end(last)
}

// Release takes one Open back. After the last one the module takes no more
// calls, and what it holds is given back once those that run have ended.
func (m *Module) Release() {
	m.store.mu.Lock()
	e := m.store.modules[m.key]
	last := e != nil && e.module == m
	if last {
		e.opens--
		if last = e.opens == 0; last {
			delete(m.store.modules, m.key)
		}
	}
	m.store.mu.Unlock()
	if last {
		m.use.retire(m.close)
	}
}
