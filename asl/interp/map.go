package interp

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/waslrun/wasl/asl"
	"github.com/waslrun/wasl/asl/history"
	"github.com/waslrun/wasl/asl/jsonvalue"
)

// openIterations is how many iterations of an inline Map are open at once at
// most, so that what it holds does not grow with its length. AWS has some 40.
const openIterations = 1000

// mapState is the plan of a Map state.
type mapState struct {
	common
	items               template  // JSONata Items; nil: the input
	itemsPath           *selector // JSONPath; nil: the effective input
	selector            template  // ItemSelector; nil: the item as it is
	processor           *block
	maxConcurrency      *quantity
	toleratedCount      *quantity
	toleratedPercentage *quantity
	distributed         *distributed // nil: inline
}

func compileMap(l *linker, s *asl.Map) (state, error) {
	c, err := compileCommon(l, mapKind, &s.Common)
	if err != nil {
		return nil, err
	}
	m := &mapState{common: c}
	m.linkNext(l, &s.Common)
	if m.items, err = m.compileTemplate("Items", s.Items); err != nil {
		return nil, err
	}
	if s.ItemsPath.Set {
		if m.itemsPath, err = compileSelector("ItemsPath", s.ItemsPath); err != nil {
			return nil, err
		}
	}
	if m.selector, err = m.compileTemplate("ItemSelector", s.ItemSelector); err != nil {
		return nil, err
	}
	if m.processor, err = compileBlock(&s.Processor); err != nil {
		return nil, fmt.Errorf("item processor: %w", err)
	}
	for _, q := range []struct {
		to     **quantity
		field  string
		source asl.Quantity
	}{
		{&m.maxConcurrency, "MaxConcurrency", s.MaxConcurrency},
		{&m.toleratedCount, "ToleratedFailureCount", s.ToleratedCount},
		{&m.toleratedPercentage, "ToleratedFailurePercentage", s.ToleratedPercentage},
	} {
		if *q.to, err = m.compileQuantity(q.field, q.source); err != nil {
			return nil, err
		}
	}
	if m.handling, err = m.compileHandling(l, &s.Handling); err != nil {
		return nil, err
	}
	if s.Distributed {
		m.distributed, err = m.compileDistributed(s)
	}
	return m, err
}

func (m *mapState) begin(x *Execution, f *frame) *failure {
	s, err := m.look(x, f)
	if err != nil {
		return err
	}
	var items jsonvalue.Value
	length := 0
	if m.distributed == nil || m.distributed.reader == nil {
		if items, err = m.selectItems(s); err != nil {
			return err
		}
		length = items.Len()
		x.inspector.itemsSelected(&m.common, items)
	}
	limit, err := m.concurrency(s)
	if err != nil {
		return err
	}
	x.inspector.concurrency(limit)
	x.record(f, history.MapStateStarted, &history.MapStart{Length: int64(length)})
	count, percentage, err := m.tolerance(s)
	if err != nil {
		return err
	}
	if x.inspector != nil {
		return m.inspect(x, s, items, count, percentage)
	}
	if m.distributed != nil {
		return m.startRun(x, f, s, items, limit, count, percentage)
	}
	x.iterate(f, m, items, limit, allowed(count, percentage, length))
	return nil
}

// iterate starts an inline Map over its items.
func (x *Execution) iterate(f *frame, m *mapState, items jsonvalue.Value, limit int64, tolerated int) {
	n := items.Len()
	if n == 0 {
		f.value = jsonvalue.EmptyArray
		x.wake(f, finish)
		return
	}
	if limit == 0 {
		limit = openIterations
	}
	f.children = &group{
		owner: f, left: n, results: make([]jsonvalue.Value, n),
		iteration: &iteration{
			plan: m, items: items, limit: int(min(limit, openIterations)), allowed: tolerated, origin: f.cursor,
		},
	}
	f.todo = fill
}

// fill starts one iteration of a Map that has not reached its concurrency yet.
func (x *Execution) fill(f *frame) *failure {
	g := f.children
	it := g.iteration
	if err := x.startIteration(g, it.origin); err != nil {
		return err
	}
	if it.canStart() {
		f.todo = fill
	}
	return nil
}

// refill starts the iteration that takes the place of one that ended. Its
// parent is the last event inside of that one.
func (x *Execution) refill(g *group, parent int64) {
	if g.owner.todo == fill || !g.iteration.canStart() {
		return
	}
	if err := x.startIteration(g, parent); err != nil {
		x.ownerFailed(g.owner, err)
	}
}

func (it *iteration) canStart() bool {
	return it.started < it.items.Len() && it.running < it.limit
}

// event gives the details of an event of iteration i.
func (it *iteration) event(i int) *history.MapIteration {
	return &history.MapIteration{Name: it.plan.name, Index: int64(i)}
}

// startIteration makes the input of the next item and its frame.
func (x *Execution) startIteration(g *group, parent int64) *failure {
	it := g.iteration
	i := it.started
	item := mapItem{int64(i), Item{Value: it.items.At(i)}}
	input := item.Value
	if m := it.plan; m.selector != nil {
		s := x.see(g.owner, g.owner.input)
		if !m.jsonata {
			s.input = g.owner.effective
		}
		s.item = &item
		var err *failure
		if input, err = m.selector.eval(s); err != nil {
			x.abortChildren(g, g.owner.cursor)
			g.owner.children = nil
			return err
		}
	}
	it.started++
	it.running++
	id := x.emit(parent, history.MapIterationStarted, it.event(i))
	child := x.spawn(g, i, id, it.plan.processor, input)
	child.item = item
	return nil
}

func (m *mapState) finish(x *Execution, f *frame) *failure {
	x.emit(f.cursor, history.MapStateSucceeded, nil)
	return m.concludeResult(x, f)
}

// selectItems gives the array that the Map runs over.
func (m *mapState) selectItems(s *scene) (jsonvalue.Value, *failure) {
	items := s.input
	var err *failure
	switch {
	case m.items != nil:
		if items, err = m.items.eval(s); err != nil {
			return items, err
		}
		if e, ok := m.items.(*expression); ok && items.Kind() != jsonvalue.Array {
			return items, e.unexpected("array", items)
		}
	case m.itemsPath != nil:
		if items, err = m.itemsPath.from(s); err != nil {
			return items, err
		}
	}
	if items.Kind() != jsonvalue.Array {
		if m.jsonata {
			return items, queryError("", "Map state input must be an array but was: %s", items)
		}
		return items, runtimeError("Reference path \"%s\" must point to array.", m.itemsPath.normal())
	}
	return items, nil
}

// concurrency gives MaxConcurrency, 0 when there is no limit.
func (m *mapState) concurrency(s *scene) (int64, *failure) {
	q := m.maxConcurrency
	v, err := q.value(s)
	if err != nil || !v.IsValid() {
		return 0, err
	}
	n, ok := integer(v)
	switch {
	case !ok && q.path != nil:
		return 0, runtimeError("The MaxConcurrencyPath field refers to value \"%s\" which is not a valid integer: %s", shown(v), q.path.text)
	case !ok:
		return 0, q.unexpected("number", v)
	case n < 0:
		return 0, q.problem("MaxConcurrency cannot be negative.")
	}
	return n, nil
}

// tolerance gives ToleratedFailureCount and …Percentage, -1 when not given.
func (m *mapState) tolerance(s *scene) (count int64, percentage float64, err *failure) {
	count, percentage = -1, -1
	q := m.toleratedCount
	v, err := q.value(s)
	if err != nil {
		return 0, 0, err
	}
	if v.IsValid() {
		n, ok := integer(v)
		switch {
		case !ok && q.path != nil:
			return 0, 0, runtimeError("The ToleratedFailureCountPath field refers to value \"%s\" which is not a valid integer: %s", shown(v), q.path.text)
		case !ok:
			return 0, 0, q.unexpected("number", v)
		case n < 0:
			return 0, 0, q.problem("ToleratedFailureCount cannot be negative.")
		}
		count = n
	}
	q = m.toleratedPercentage
	if v, err = q.value(s); err != nil {
		return 0, 0, err
	}
	if v.IsValid() {
		p, ok := float(v)
		switch {
		case !ok && q.path != nil:
			return 0, 0, runtimeError("The ToleratedFailurePercentagePath field refers to value \"%s\" which is not a valid float: %s", shown(v), q.path.text)
		case !ok:
			return 0, 0, q.unexpected("number", v)
		case p < 0 || p > 100:
			return 0, 0, q.problem("ToleratedFailurePercentage must be between 0 and 100.")
		}
		percentage = p
	}
	return count, percentage, nil
}

// allowed gives how many of n items may fail: the Map fails as soon as one of
// the two limits is exceeded. Without limits none may.
func allowed(count int64, percentage float64, n int) int {
	limit := n
	if count >= 0 {
		limit = int(min(count, int64(n)))
	}
	if percentage >= 0 {
		limit = min(limit, int(percentage*float64(n)/100))
	}
	if count < 0 && percentage < 0 {
		return 0
	}
	return limit
}

// integer reads a whole number. Paths may also lead to its text.
func integer(v jsonvalue.Value) (int64, bool) {
	if v.Kind() == jsonvalue.String {
		n, err := strconv.ParseInt(v.Text(), 10, 64)
		return n, err == nil
	}
	return v.Int64()
}

// float reads a number, or its text.
func float(v jsonvalue.Value) (float64, bool) {
	switch v.Kind() {
	case jsonvalue.Number:
		return v.Float64(), true
	case jsonvalue.String:
		f, err := strconv.ParseFloat(strings.TrimSpace(v.Text()), 64)
		return f, err == nil
	}
	return 0, false
}

// shown writes a value as AWS quotes it when it is not the number it should
// be: texts as they are, objects and arrays empty.
func shown(v jsonvalue.Value) string {
	switch v.Kind() {
	case jsonvalue.Object:
		return "{}"
	case jsonvalue.Array:
		return "[]"
	case jsonvalue.String:
		return v.Text()
	}
	return v.String()
}
