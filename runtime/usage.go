package runtime

import (
	"cmp"
	"context"
	"log/slog"
	"slices"
	"sync"
	"time"

	"github.com/waslrun/wasl/modules"
)

// CallUsage is what one call of a module cost, and for which task it was made.
type CallUsage struct {
	Task     string // as in Work
	State    string
	Resource string // as the definition has it
	Module   string
	Attempt  int    // from 0; each retry of the state counts one more
	Error    string // of the module's failure; "" when there is none
	// Killed says that the call was ended before the module gave anything: its
	// state timed out, or nobody wanted the task any more.
	Killed bool
	// TimedOut says that it was the former.
	TimedOut bool
	modules.Usage
}

// HadInstance tells whether the call came as far as to an instance. It did not
// when the module cannot be used, or when the call was killed while it waited
// for its turn; then there is no usage, and Tier means nothing.
func (c *CallUsage) HadInstance() bool { return c.Wall > 0 }

// UsageSink is told of each call of a module that has ended. That is before the
// call's answer counts, so an execution that has ended has waited for all calls
// but those that were told to stop; the others are known once the engine has
// closed. Workers call it concurrently, and wait for it.
type UsageSink interface {
	RecordUsage(CallUsage)
}

// tellUsage tells the engine's sink and its log what a call of the task cost.
func (t *task) tellUsage(module string, w *Work, r *modules.Result) {
	sink, log := t.x.engine.options.Usage, t.x.engine.options.Log
	logs := log.Enabled(context.Background(), slog.LevelDebug)
	if sink == nil && !logs {
		return
	}
	c := CallUsage{
		Task: w.Task, State: t.command.State, Resource: t.command.Resource.ARN, Module: module,
		Attempt: t.command.Attempt, Killed: r.Killed && r.Failure == nil, Usage: r.Usage,
	}
	if r.Failure != nil {
		c.Error = r.Failure.Error
	}
	c.TimedOut = c.Killed && t.hasTimedOut()
	if logs {
		c.log(log, w.attributes(module))
	}
	if sink != nil {
		sink.RecordUsage(c)
	}
}

func (c *CallUsage) log(log *slog.Logger, attributes []any) {
	text := "task done"
	attributes = append(attributes, "wall", c.Wall, "fuel", c.Fuel,
		"memory", c.MemoryPeak, "output", c.OutputBytes, "log", c.LogBytes, "tier", c.Tier)
	switch {
	case c.TimedOut:
		text = "task timed out"
	case c.Killed:
		text = "task killed"
	case c.Error != "":
		attributes = append(attributes, "error", c.Error)
	}
	log.Debug(text, attributes...)
}

// UsageTotals adds calls up by their modules: it holds one sum a module,
// however many calls there are. It implements UsageSink, and the zero value is
// ready for use.
type UsageTotals struct {
	mu      sync.Mutex
	modules map[string]*UsageSum
}

// UsageSum is what a number of calls cost.
type UsageSum struct {
	Calls  int64
	Failed int64 // with an error of the module
	Killed int64 // before the module gave anything
	// TimedOut are those of the killed ones whose state's time was over.
	TimedOut int64
	// Tiers counts the calls by how their instances came to be. Calls without
	// an instance are in none.
	Tiers      [modules.TierPlain + 1]int64
	Fuel       uint64
	MaxFuel    uint64
	MemoryPeak uint64 // of the call that had the most
	Wall       time.Duration
	MaxWall    time.Duration
	modules.HostUsage
}

// ModuleUsage is what the calls of one module cost.
type ModuleUsage struct {
	Module string
	UsageSum
}

// UsageReport is what all calls cost, and those of each module by name.
type UsageReport struct {
	Total   UsageSum
	Modules []ModuleUsage
}

// RecordUsage implements UsageSink.
func (t *UsageTotals) RecordUsage(c CallUsage) {
	call := c.sum()
	t.mu.Lock()
	defer t.mu.Unlock()
	sum := t.modules[c.Module]
	if sum == nil {
		if t.modules == nil {
			t.modules = map[string]*UsageSum{}
		}
		sum = &UsageSum{}
		t.modules[c.Module] = sum
	}
	sum.add(&call)
}

// sum is the call as a sum of its own.
func (c *CallUsage) sum() UsageSum {
	s := UsageSum{
		Calls: 1, Fuel: c.Fuel, MaxFuel: c.Fuel, MemoryPeak: c.MemoryPeak,
		Wall: c.Wall, MaxWall: c.Wall, HostUsage: c.HostUsage,
	}
	if c.Error != "" {
		s.Failed = 1
	}
	if c.Killed {
		s.Killed = 1
	}
	if c.TimedOut {
		s.TimedOut = 1
	}
	if c.HadInstance() {
		s.Tiers[c.Tier] = 1
	}
	return s
}

func (s *UsageSum) add(o *UsageSum) {
	s.Calls += o.Calls
	s.Failed += o.Failed
	s.Killed += o.Killed
	s.TimedOut += o.TimedOut
	for tier, n := range o.Tiers {
		s.Tiers[tier] += n
	}
	s.Fuel += o.Fuel
	s.MaxFuel = max(s.MaxFuel, o.MaxFuel)
	s.MemoryPeak = max(s.MemoryPeak, o.MemoryPeak)
	s.Wall += o.Wall
	s.MaxWall = max(s.MaxWall, o.MaxWall)
	s.OutputBytes += o.OutputBytes
	s.LogBytes += o.LogBytes
	s.HostCalls += o.HostCalls
}

// Report gives the sums so far.
func (t *UsageTotals) Report() UsageReport {
	t.mu.Lock()
	defer t.mu.Unlock()
	r := UsageReport{Modules: make([]ModuleUsage, 0, len(t.modules))}
	for name, sum := range t.modules {
		r.Total.add(sum)
		r.Modules = append(r.Modules, ModuleUsage{name, *sum})
	}
	slices.SortFunc(r.Modules, func(a, b ModuleUsage) int { return cmp.Compare(a.Module, b.Module) })
	return r
}
