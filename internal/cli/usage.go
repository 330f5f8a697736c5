package cli

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"strings"
	"sync"
	"text/tabwriter"
	"time"

	"github.com/waslrun/wasl/modules"
	"github.com/waslrun/wasl/runtime"
)

// usageRecorder keeps what the calls of modules cost: the sums, and where a
// file was asked for a line of each call. It implements runtime.UsageSink.
type usageRecorder struct {
	totals runtime.UsageTotals

	mu    sync.Mutex
	lines *lineWriter // nil: none
}

// RecordUsage implements runtime.UsageSink.
func (u *usageRecorder) RecordUsage(c runtime.CallUsage) {
	u.totals.RecordUsage(c)
	if u.lines == nil {
		return
	}
	u.mu.Lock()
	defer u.mu.Unlock()
	u.lines.write(callLineOf(&c))
}

// lineWriter writes JSON values, one a line. It remembers its first error.
type lineWriter struct {
	w   *bufio.Writer
	enc *json.Encoder
	err error
}

func newLineWriter(w io.Writer) *lineWriter {
	b := bufio.NewWriter(w)
	enc := json.NewEncoder(b)
	enc.SetEscapeHTML(false) // a file for programs, no web page
	return &lineWriter{w: b, enc: enc}
}

func (l *lineWriter) write(v any) {
	if l.err == nil {
		l.err = l.enc.Encode(v)
	}
}

// close writes what is left.
func (l *lineWriter) close() error {
	if l.err != nil {
		return l.err
	}
	return l.w.Flush()
}

// finish writes the last line of a stream: the sums.
func (u *usageRecorder) finish(l *lineWriter) error {
	l.write(usageLineOf(u.totals.Report()))
	return l.close()
}

// The types of the lines that are no events.
const (
	callLineType  = "Call"
	usageLineType = "Usage"
)

// callLine is the line of one call. Times are in microseconds, sizes in bytes.
type callLine struct {
	Type        string  `json:"type"`
	Task        string  `json:"task"`
	State       string  `json:"state"`
	Resource    string  `json:"resource"`
	Module      string  `json:"module"`
	Attempt     int     `json:"attempt"`
	Error       string  `json:"error,omitempty"`
	Killed      bool    `json:"killed,omitempty"`
	TimedOut    bool    `json:"timedOut,omitempty"`
	Tier        string  `json:"tier,omitempty"` // none without an instance
	Fuel        uint64  `json:"fuel"`
	MemoryPeak  uint64  `json:"memoryPeak"`
	WallMicros  float64 `json:"wallMicros"`
	OutputBytes int64   `json:"outputBytes"`
	LogBytes    int64   `json:"logBytes"`
	HostCalls   int64   `json:"hostCalls"`
}

func callLineOf(c *runtime.CallUsage) *callLine {
	line := &callLine{
		Type: callLineType, Task: c.Task, State: c.State, Resource: c.Resource, Module: c.Module,
		Attempt: c.Attempt, Error: c.Error, Killed: c.Killed, TimedOut: c.TimedOut,
		Fuel: c.Fuel, MemoryPeak: c.MemoryPeak, WallMicros: micros(c.Wall),
		OutputBytes: c.OutputBytes, LogBytes: c.LogBytes, HostCalls: c.HostCalls,
	}
	if c.HadInstance() {
		line.Tier = c.Tier.String()
	}
	return line
}

// micros gives a time in microseconds, to the nanosecond.
func micros(d time.Duration) float64 { return float64(d) / float64(time.Microsecond) }

// usageLine is the last line: what all calls cost, and those of each module.
type usageLine struct {
	Type    string       `json:"type"`
	Total   usageSum     `json:"total"`
	Modules []moduleLine `json:"modules"`
}

type moduleLine struct {
	Module string `json:"module"`
	usageSum
}

type usageSum struct {
	Calls         int64      `json:"calls"`
	Failed        int64      `json:"failed"`
	Killed        int64      `json:"killed"`
	TimedOut      int64      `json:"timedOut"`
	Tiers         tierCounts `json:"tiers"`
	Fuel          uint64     `json:"fuel"`
	MaxFuel       uint64     `json:"maxFuel"`
	MemoryPeak    uint64     `json:"memoryPeak"`
	WallMicros    float64    `json:"wallMicros"`
	MaxWallMicros float64    `json:"maxWallMicros"`
	OutputBytes   int64      `json:"outputBytes"`
	LogBytes      int64      `json:"logBytes"`
	HostCalls     int64      `json:"hostCalls"`
}

// tierCounts has the tiers' names as its keys.
type tierCounts struct {
	Pooled      int64 `json:"pooled"`
	CopyOnWrite int64 `json:"copy-on-write"`
	Plain       int64 `json:"plain"`
}

func usageLineOf(r runtime.UsageReport) usageLine {
	line := usageLine{Type: usageLineType, Total: usageSumOf(&r.Total), Modules: make([]moduleLine, len(r.Modules))}
	for i := range r.Modules {
		line.Modules[i] = moduleLine{r.Modules[i].Module, usageSumOf(&r.Modules[i].UsageSum)}
	}
	return line
}

func usageSumOf(s *runtime.UsageSum) usageSum {
	return usageSum{
		Calls: s.Calls, Failed: s.Failed, Killed: s.Killed, TimedOut: s.TimedOut,
		Tiers: tierCounts{s.Tiers[modules.TierPooled], s.Tiers[modules.TierCopyOnWrite], s.Tiers[modules.TierPlain]},
		Fuel:  s.Fuel, MaxFuel: s.MaxFuel, MemoryPeak: s.MemoryPeak,
		WallMicros: micros(s.Wall), MaxWallMicros: micros(s.MaxWall),
		OutputBytes: s.OutputBytes, LogBytes: s.LogBytes, HostCalls: s.HostCalls,
	}
}

// usageTable writes a report for people: a line a module, and one for all where
// there are several. Without calls it is empty.
func usageTable(r runtime.UsageReport) string {
	if r.Total.Calls == 0 {
		return ""
	}
	var b strings.Builder
	w := tabwriter.NewWriter(&b, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintln(w, "calls\tfailed\tkilled\ttimed out\tpooled\tcopy-on-write\tplain\tfuel\ttime\tlongest\tmemory\t  module")
	line := func(name string, s *runtime.UsageSum) {
		fmt.Fprintf(w, "%d\t%d\t%d\t%d\t%d\t%d\t%d\t%d\t%s\t%s\t%s\t  %s\n", s.Calls, s.Failed, s.Killed, s.TimedOut,
			s.Tiers[modules.TierPooled], s.Tiers[modules.TierCopyOnWrite], s.Tiers[modules.TierPlain],
			s.Fuel, shortTime(s.Wall), shortTime(s.MaxWall), bytesText(s.MemoryPeak), name)
	}
	for i := range r.Modules {
		line(r.Modules[i].Module, &r.Modules[i].UsageSum)
	}
	if len(r.Modules) > 1 {
		line("all", &r.Total)
	}
	_ = w.Flush() // a Builder takes everything
	return strings.TrimSuffix(b.String(), "\n")
}

// shortTime writes a time with three or four digits.
func shortTime(d time.Duration) string {
	unit := time.Duration(1)
	for d/unit >= 10_000 {
		unit *= 10
	}
	return d.Round(unit).String()
}
