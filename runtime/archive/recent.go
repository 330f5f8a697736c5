package archive

import "sync"

// generation is how many places a Writer remembers before it begins to forget:
// what it remembers it also keeps in memory.
const generation = 4096

// recent remembers where things were written. What was not asked for during a
// whole generation is forgotten.
type recent[K comparable] struct{ young, old map[K]int }

func (r *recent[K]) find(k K) (place int, ok bool) {
	if place, ok = r.young[k]; ok {
		return place, true
	}
	if place, ok = r.old[k]; ok {
		r.add(k, place)
	}
	return place, ok
}

func (r *recent[K]) add(k K, place int) {
	if r.young == nil || len(r.young) == generation {
		r.young, r.old = map[K]int{}, r.young
	}
	r.young[k] = place
}

// kept is how large a table may be that is used again: an execution that waits
// for months holds one.
const kept = 32

// forget empties the table.
func (r *recent[K]) forget() {
	if len(r.young) > kept || r.old != nil {
		r.young, r.old = nil, nil
		return
	}
	clear(r.young)
}

// known is what a Writer knows to be in its book.
type known struct {
	values recent[container]
	texts  recent[string]
}

func (k *known) forget() {
	k.values.forget()
	k.texts.forget()
}

// knowns are used again, since their tables cost more than what a small
// execution writes.
var knowns = sync.Pool{New: func() any { return &known{} }}
