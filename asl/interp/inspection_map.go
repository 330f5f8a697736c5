package interp

import (
	"github.com/waslrun/wasl/asl/errname"
	"github.com/waslrun/wasl/asl/jsonvalue"
)

// inspect stops a Map that runs on its own before its iterations, and shows
// what their inputs would be.
func (m *mapState) inspect(x *Execution, s *scene, items jsonvalue.Value, count int64, percentage float64) *failure {
	x.inspector.tolerance(count, percentage)
	x.inspector.stopsBefore()
	if d := m.distributed; d != nil && d.reader != nil {
		var err *failure
		if items, err = d.reader.inspect(x, s); err != nil {
			return err
		}
	}
	if !items.IsValid() {
		return nil
	}
	x.inspector.items = items
	inputs, err := m.inspectSelector(x, s, items)
	if err != nil || m.distributed == nil {
		return err
	}
	batcher, err := m.distributed.batcher.plan(s)
	if err != nil || batcher == nil {
		return err
	}
	x.inspector.AfterItemBatcher = batcher.batches(inputs, x.limits.Payload)
	return nil
}

// inspect reads the items, if it is known what there is to be read.
func (r *reader) inspect(x *Execution, s *scene) (jsonvalue.Value, *failure) {
	plan, err := r.plan(s)
	if err != nil || x.readItems == nil {
		return jsonvalue.Value{}, err
	}
	items, problem := x.readItems(plan)
	if problem != nil {
		return jsonvalue.Value{}, failed(errname.ItemReaderFailed, "%s", problem)
	}
	if plan.Config.Field("ItemsPointer").IsValid() {
		x.inspector.AfterItemsPointer = jsonvalue.ArrayOf(items...)
	}
	if limit := plan.MaxItems; limit > 0 && int64(len(items)) > limit {
		items = items[:limit]
	}
	return jsonvalue.ArrayOf(items...), nil
}

// inspectSelector gives the input of each iteration. It is shown when there is
// an ItemSelector.
func (m *mapState) inspectSelector(x *Execution, s *scene, items jsonvalue.Value) ([]jsonvalue.Value, *failure) {
	if m.selector == nil {
		return items.Elems(), nil
	}
	inputs := make([]jsonvalue.Value, items.Len())
	for i, v := range items.Elems() {
		seen := *s
		seen.item = &mapItem{int64(i), Item{Value: v}}
		seen.object = jsonvalue.Value{}
		var err *failure
		if inputs[i], err = m.selector.eval(&seen); err != nil {
			return nil, err
		}
	}
	x.inspector.AfterItemSelector = jsonvalue.ArrayOf(inputs...)
	return inputs, nil
}
