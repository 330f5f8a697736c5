package interp

import "github.com/waslrun/wasl/asl/jsonvalue"

// Batch is the input of one child of a Map Run, while it is filled.
type Batch struct {
	plan  *BatcherPlan
	limit int64 // bytes; 0: none
	size  int64
	items []jsonvalue.Value
}

// Begin begins a batch. payload bounds every input, in bytes; 0: it does not.
func (p *BatcherPlan) Begin(payload int) *Batch {
	b := &Batch{plan: p, limit: int64(payload), size: int64(len(`{"Items":[]}`))}
	if own := p.MaxBytes; own > 0 && (b.limit == 0 || own < b.limit) {
		b.limit = own
	}
	if p.Input.IsValid() {
		b.size += int64(len(`"BatchInput":,`) + p.Input.EncodedLen())
	}
	return b
}

// Full tells whether no more items are wanted.
func (b *Batch) Full() bool { return b.plan.MaxItems > 0 && int64(len(b.items)) >= b.plan.MaxItems }

// Len is how many items the batch has.
func (b *Batch) Len() int { return len(b.items) }

// Add puts an item in, and tells whether it fits. The first one always does.
func (b *Batch) Add(item jsonvalue.Value) bool {
	size := b.size + int64(item.EncodedLen()+1)
	if len(b.items) > 0 && b.limit > 0 && size > b.limit {
		return false
	}
	b.size = size
	b.items = append(b.items, item)
	return true
}

// Input is the child's input.
func (b *Batch) Input() jsonvalue.Value {
	object := jsonvalue.NewObject(2)
	if b.plan.Input.IsValid() {
		object.Set("BatchInput", b.plan.Input)
	}
	object.Set("Items", jsonvalue.ArrayOf(b.items...))
	return object.Value()
}

// batches makes the inputs of all children of a run over these items.
func (p *BatcherPlan) batches(items []jsonvalue.Value, payload int) jsonvalue.Value {
	var inputs []jsonvalue.Value
	for len(items) > 0 {
		b := p.Begin(payload)
		for len(items) > 0 && !b.Full() && b.Add(items[0]) {
			items = items[1:]
		}
		inputs = append(inputs, b.Input())
	}
	return jsonvalue.ArrayOf(inputs...)
}
