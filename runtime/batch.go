package runtime

import (
	"errors"

	"github.com/waslrun/wasl/asl/jsonvalue"
)

// errNoMore: there are no more items.
var errNoMore = errors.New("no more items")

// items is a stream of a Map Run's items.
type items interface {
	// next gives the next item, or errNoMore.
	next() (jsonvalue.Value, error)
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
	var list []jsonvalue.Value
	size := int64(len(`{"Items":[]}`))
	if plan.Input.IsValid() {
		size += int64(len(`"BatchInput":,`) + plan.Input.EncodedLen())
	}
	for plan.MaxItems == 0 || int64(len(list)) < plan.MaxItems {
		v, err := b.item()
		if errors.Is(err, errNoMore) {
			break
		}
		if err != nil {
			return input, 0, err
		}
		size += int64(v.EncodedLen() + 1)
		if limit := b.maxBytes(); len(list) > 0 && limit > 0 && size > limit {
			b.held = v
			break
		}
		list = append(list, v)
	}
	if len(list) == 0 {
		return input, 0, errNoMore
	}
	object := jsonvalue.NewObject(2)
	if plan.Input.IsValid() {
		object.Set("BatchInput", plan.Input)
	}
	object.Set("Items", jsonvalue.ArrayOf(list...))
	return object.Value(), int64(len(list)), nil
}

// maxBytes is how large a batch may get; 0 means that nothing bounds it.
func (b *batches) maxBytes() int64 {
	limit := int64(b.run.engine.options.Limits.Payload)
	if own := b.run.plan.Batcher.MaxBytes; own > 0 && (limit == 0 || own < limit) {
		limit = own
	}
	return limit
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
		return v, err
	}
	index := b.index
	b.index++
	if b.run.plan.Item == nil {
		return v, nil
	}
	return b.run.plan.Item(b.run.ctx, index, v)
}
