package interp

import (
	"cmp"
	"time"

	"github.com/waslrun/wasl/asl"
	"github.com/waslrun/wasl/asl/jsonvalue"
)

// contextCache holds the parts of the context object that stay the same for a
// whole execution.
type contextCache struct {
	execution, machine jsonvalue.Value
	// entered is the last EnteredTime that was written, and when it was.
	entered   jsonvalue.Value
	enteredAt time.Time
}

// instant is instant for times that often come again.
func (c *contextCache) instant(t time.Time) jsonvalue.Value {
	if !c.entered.IsValid() || !c.enteredAt.Equal(t) {
		c.entered, c.enteredAt = instant(t), t
	}
	return c.entered
}

func member(key string, v jsonvalue.Value) jsonvalue.Member {
	return jsonvalue.Member{Key: key, Value: v}
}

// instant writes a time as the context object shows it.
func instant(t time.Time) jsonvalue.Value {
	return jsonvalue.StringOf(t.UTC().Format("2006-01-02T15:04:05.000Z"))
}

// contextOf makes the context object that a frame's state sees. item replaces
// the Map item that the frame itself may be an iteration for.
func (x *Execution) contextOf(f *frame, item *mapItem) jsonvalue.Value {
	if x.contextOverride.IsValid() {
		if item == nil {
			return x.contextOverride
		}
		return x.contextOverride.With("Map", item.context())
	}
	x.fillCache()
	b := jsonvalue.NewObject(5)
	b.Set("Execution", x.context.execution)
	b.Set("StateMachine", x.context.machine)
	c := f.plan.base()
	state := jsonvalue.NewObject(3)
	state.Set("Name", jsonvalue.StringOf(c.name))
	state.Set("EnteredTime", x.context.instant(f.enteredAt))
	if c.handling != nil {
		state.Set("RetryCount", jsonvalue.IntOf(f.retries))
	}
	b.Set("State", state.Value())
	if t, ok := f.plan.(*taskState); ok && t.resource.Pattern != asl.RequestResponse {
		b.Set("Task", jsonvalue.ObjectOf(member("Token", jsonvalue.StringOf(x.tokenOf(f)))))
	}
	if v := x.mapContext(f, item); v.IsValid() {
		b.Set("Map", v)
	}
	return b.Value()
}

func (x *Execution) fillCache() {
	if x.context.execution.IsValid() {
		return
	}
	e := jsonvalue.NewObject(6)
	e.Set("Id", jsonvalue.StringOf(x.info.ARN))
	e.Set("Input", x.input)
	e.Set("Name", jsonvalue.StringOf(x.info.Name))
	e.Set("RoleArn", x.role())
	e.Set("StartTime", instant(x.started))
	if !x.info.Synchronous {
		e.Set("RedriveCount", jsonvalue.IntOf(0))
	}
	x.context.execution = e.Value()
	x.context.machine = jsonvalue.ObjectOf(
		member("Id", jsonvalue.StringOf(x.info.MachineARN)),
		member("Name", jsonvalue.StringOf(x.info.MachineName)),
	)
}

// role is the role's ARN, null for a state that is tested without one.
func (x *Execution) role() jsonvalue.Value {
	if x.info.RoleARN == "" && x.inspector != nil {
		return jsonvalue.NullValue
	}
	return jsonvalue.StringOf(x.info.RoleARN)
}

// mapContext gives $$.Map: of the item whose selector is evaluated, of the
// innermost iteration around the frame, or of the Map Run's child that the
// execution is. Absent outside of a Map.
func (x *Execution) mapContext(f *frame, item *mapItem) jsonvalue.Value {
	for ; item == nil && f.group != nil; f = f.group.owner {
		if f.group.iteration != nil {
			item = &f.item
		}
	}
	if item == nil {
		return x.info.MapItem
	}
	return item.context()
}

// stateData is the source of the items that a state has in its input.
const stateData = "STATE_DATA"

// context gives the item as $$.Map shows it (AWS documentation: Context object
// data for Map states).
func (m *mapItem) context() jsonvalue.Value {
	b := jsonvalue.NewObject(4)
	b.Set("Index", jsonvalue.IntOf(m.index))
	if m.Key.IsValid() {
		b.Set("Key", m.Key)
	}
	b.Set("Value", m.Value)
	b.Set("Source", jsonvalue.StringOf(cmp.Or(m.Source, stateData)))
	return jsonvalue.ObjectOf(member("Item", b.Value()))
}

// tokenOf gives the token of the task that a frame's state is about to start
// or has started: a new one for every attempt.
func (x *Execution) tokenOf(f *frame) string {
	if f.token == "" {
		f.token = x.random.token()
	}
	return f.token
}
