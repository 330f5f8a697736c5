package runtime

import (
	"errors"

	"github.com/waslrun/wasl/asl/interp"
	"github.com/waslrun/wasl/asl/jsonvalue"
)

// errNoMore: there are no more items.
var errNoMore = errors.New("no more items")

// items is a stream of a Map Run's items.
type items interface {
	// next gives the next item, or errNoMore.
	next() (interp.Item, error)
	Close() error
}

// batches makes the inputs of a Map Run's children from its items.
type batches struct {
	run    *mapRun
	source items
	index  int64 // of the next item
	// held is an item that did not fit into the last batch.
	held jsonvalue.Value
	over bool
}

// next gives the input of the next child and how many items are in it, or
// errNoMore.
func (b *batches) next() (input jsonvalue.Value, count int64, err error) {
	plan := b.run.plan.Batcher
	if plan == nil {
		input, err = b.item()
		return input, 1, err
	}
	batch := plan.Begin(b.run.engine.options.Limits.Payload)
	for !batch.Full() {
		v, err := b.item()
		if errors.Is(err, errNoMore) {
			break
		}
		if err != nil {
			return input, 0, err
		}
		if !batch.Add(v) {
			b.held = v
			break
		}
	}
	if batch.Len() == 0 {
		return input, 0, errNoMore
	}
	return batch.Input(), int64(batch.Len()), nil
}

// item gives the next item as the ItemSelector makes it.
func (b *batches) item() (jsonvalue.Value, error) {
	if b.held.IsValid() {
		v := b.held
		b.held = jsonvalue.Value{}
		return v, nil
	}
	if b.over {
		return jsonvalue.Value{}, errNoMore
	}
	v, err := b.source.next()
	if err != nil {
		b.over = true
		return jsonvalue.Value{}, err
	}
	index := b.index
	b.index++
	return b.run.plan.Item(b.run.ctx, index, v)
}
