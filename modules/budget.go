package modules

import (
	"context"
	"errors"
	"fmt"
	"math"
	"sync"
	"sync/atomic"
	"time"
)

// budget is the linear memory that all instances of a store, and the images
// that they are made from, may hold together. A running call counts with all
// that its memory can reach, an idle instance with what it keeps mapped.
type budget struct {
	total int64
	used  atomic.Int64
	evict func() // gives back what idle instances hold

	mu      sync.Mutex
	changed chan struct{} // closed when something is given back; nil while nobody waits
}

// memoryWait is how long a call waits for the memory that it begins with.
const memoryWait = 10 * time.Second

// ErrMemoryTotal is why a module, a call or its growing memory got nothing.
var ErrMemoryTotal = errors.New("all modules together hold too much memory")

func newBudget(total int64, evict func()) *budget {
	if total <= 0 {
		total = math.MaxInt64
	}
	return &budget{total: total, evict: evict}
}

// try takes bytes if they are there.
func (b *budget) try(bytes int64) bool {
	for {
		used := b.used.Load()
		if bytes > b.total-used {
			return false
		}
		if b.used.CompareAndSwap(used, used+bytes) {
			return true
		}
	}
}

// take takes bytes, from idle instances if need be.
func (b *budget) take(bytes int64) bool {
	if bytes <= 0 || b.try(bytes) {
		return true
	}
	b.evict()
	return b.try(bytes)
}

// wait takes bytes, and waits for other calls to give them back.
func (b *budget) wait(ctx context.Context, bytes int64) error {
	if b.take(bytes) {
		return nil
	}
	timer := time.NewTimer(memoryWait)
	defer timer.Stop()
	for bytes <= b.total {
		changed := b.watch()
		if b.take(bytes) { // what was given back before we watched
			return nil
		}
		select {
		case <-changed:
		case <-timer.C:
			return b.refusal(bytes)
		case <-ctx.Done():
			return context.Cause(ctx)
		}
	}
	return b.refusal(bytes)
}

func (b *budget) refusal(bytes int64) error {
	return fmt.Errorf("%w: %d bytes more would be above the limit of %d", ErrMemoryTotal, bytes, b.total)
}

func (b *budget) watch() <-chan struct{} {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.changed == nil {
		b.changed = make(chan struct{})
	}
	return b.changed
}

// give gives bytes back.
func (b *budget) give(bytes int64) {
	if bytes == 0 {
		return
	}
	b.used.Add(-bytes)
	if b.total == math.MaxInt64 {
		return // nobody waits
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.changed != nil {
		close(b.changed)
		b.changed = nil
	}
}

// evictIdle closes the idle instances of all modules.
func (s *Store) evictIdle() {
	s.mu.RLock()
	var modules []*Module
	for _, e := range s.modules {
		select {
		case <-e.ready:
			if e.module != nil {
				modules = append(modules, e.module)
			}
		default:
		}
	}
	s.mu.RUnlock()
	for _, m := range modules {
		for _, i := range m.pool.empty() {
			_ = i.close(context.Background())
		}
	}
}

// hold makes an instance hold as many bytes as its memory is to be long. It is
// what the memory asks before it grows.
func (i *instance) hold(size int) bool {
	more := int64(size) - i.held
	if more <= 0 {
		return true
	}
	if !i.module.store.budget.take(more) {
		i.starved = true
		return false
	}
	i.held += more
	return true
}

// rest has an instance hold what it keeps mapped while it is idle.
func (i *instance) rest() {
	kept := int64(i.memory.Kept())
	i.module.store.budget.give(i.held - kept)
	i.held = kept
}

// wake has an idle instance hold all of its memory again. One that cannot is
// closed.
func (i *instance) wake(ctx context.Context) error {
	more := int64(i.memory.Len()) - i.held
	if err := i.module.store.budget.wait(ctx, more); err != nil {
		return errors.Join(err, i.close(ctx))
	}
	i.held += more
	return nil
}
