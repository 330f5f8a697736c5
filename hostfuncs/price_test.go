package hostfuncs

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/waslrun/wasl/modules"
)

// cost calls a function and gives what it costs beside the meter's 100 units.
func (g *guest) cost(name string, args ...uint64) uint64 {
	g.t.Helper()
	before := g.session.spent
	g.call(name, args...)
	return g.session.spent - before
}

// Row 43: host functions as free work. What a function does is in its price.
func TestPrices(t *testing.T) {
	const kilobyte = 1 << 10
	text := strings.Repeat("x", kilobyte)
	task := everything()
	task.Context = func() []byte { return []byte(text) }
	task.Grants.Env = map[string]string{"NAME": text}
	if _, err := task.Storage.Put(context.Background(), "b", "k", []byte(text), ""); err != nil {
		t.Fatal(err)
	}
	moved := uint64(kilobyte / bytesPerUnit)
	for name, c := range map[string]struct {
		args []uint64
		want uint64
	}{
		"wasl.input_len":         {nil, 0},
		"wasl.input_read":        {[]uint64{0, kilobyte, 0}, moved},
		"wasl.output_write":      {[]uint64{0, kilobyte}, moved + kilobyte*unitsOutputByte},
		"wasl.heartbeat":         {nil, unitsHeartbeat},
		"wasl.log":               {[]uint64{0, kilobyte}, moved + kilobyte*unitsLogByte + unitsLogLine},
		"wasl.context":           {[]uint64{0, kilobyte}, moved + kilobyte*unitsContext},
		"wasl.env":               {[]uint64{16, 4, 0, kilobyte}, moved},
		"wasl.storage_get":       {[]uint64{0, 1, 1, 1, 0, 1024, kilobyte}, moved + unitsStorage + kilobyte*unitsStoredByte},
		"wasl.storage_put":       {[]uint64{0, 1, 1, 1, 0, kilobyte}, moved + unitsStorage + kilobyte*unitsStoredByte},
		"wasl.storage_delete":    {[]uint64{0, 1, 2, 1}, unitsStorage},
		"wasl.storage_list":      {[]uint64{0, 1, 0, 0, 0, 0, 0, 0, 0}, 2 * unitsStorage},
		"wasl.http_fetch":        {[]uint64{32, 2}, unitsHTTP},
		"extism.http_request":    {[]uint64{0, 0}, unitsHTTP},
		"extism.alloc":           {[]uint64{kilobyte}, moved},
		"wasi.random_get":        {[]uint64{0, kilobyte}, moved + kilobyte*unitsRandomByte},
		"wasi.environ_get":       {[]uint64{0, 1024}, 2*unitsVariable + (kilobyte+4+2+uint64(len("TOKEN=hunter2\x00"))+8)/bytesPerUnit},
		"wasi.fd_write":          {[]uint64{stderr, 40, 1, 48}, moved + kilobyte*unitsLogByte + unitsLogLine},
		"wasi.fd_read":           {[]uint64{stdin, 40, 1, 48}, moved},
		"wasi.clock_time_get":    {[]uint64{0, 0, 0}, 0},
		"wasi.sched_yield":       {nil, 0},
		"extism.input_offset":    {nil, moved},
		"extism.get_log_level":   {nil, 0},
		"wasi.environ_sizes_get": {[]uint64{0, 8}, 2 * unitsVariable},
	} {
		g := newGuest(t, task, modules.ABIReactor, text)
		copy(g.memory(), "bkj")
		copy(g.memory()[16:], "NAME")
		copy(g.memory()[32:], "{}")
		copy(g.memory()[40:], []byte{0, 8, 0, 0, 0, 4, 0, 0}) // one buffer, at 2048
		copy(g.memory()[2048:], strings.Repeat("y", kilobyte-1)+"\n")
		got := g.cost(name, c.args...)
		if got < c.want || got > c.want+4 {
			t.Errorf("%s costs %d units, want %d", name, got, c.want)
		}
	}
}

// Whatever a function puts into the guest's memory is paid for, and whatever it
// costs by itself is charged by bind, so no function can be forgotten.
func TestNoFunctionMovesBytesForNothing(t *testing.T) {
	for _, name := range allNames {
		f := allFunctions[name]
		for at := range f.params {
			g := newGuest(t, everything(), modules.ABICommand, strings.Repeat("i", 32<<10))
			for i := range g.memory() {
				g.memory()[i] = byte(i>>9) & 0x3f
			}
			before := bytes.Clone(g.memory())
			args := make([]uint64, len(f.params))
			for i := range args {
				args[i] = 512
			}
			args[at] = 32 << 10
			units := g.cost(name, args...)
			changed := uint64(0)
			for i, b := range g.memory() {
				if b != before[i] {
					changed++
				}
			}
			if changed/bytesPerUnit > units {
				t.Errorf("%s%v changed %d bytes for %d units", name, args, changed, units)
			}
		}
	}
}

// Random numbers and objects end early when the fuel is used up or the call is
// over; TestHostWorkEndsWithTheFuel runs them on the engine.
func TestEveryFixedPriceIsOfAFunction(t *testing.T) {
	for name := range fixedPrices {
		if _, ok := allFunctions[strings.Replace(name, "extism:host/env", "extism", 1)]; !ok {
			t.Errorf("there is no function %s", name)
		}
	}
}

// docs/TASKS.md tells the prices that are charged.
func TestThePricesOfTheDocumentation(t *testing.T) {
	text, err := os.ReadFile("../docs/TASKS.md")
	if err != nil {
		t.Fatal(err)
	}
	for _, row := range []string{
		fmt.Sprintf("| bytes between the module's memory and the host | 1 for each %d |", bytesPerUnit),
		fmt.Sprintf("| random numbers | %d a byte |", unitsRandomByte),
		fmt.Sprintf("| output | %d a byte |", unitsOutputByte),
		fmt.Sprintf("| log, stderr | %d a byte and %d a line |", unitsLogByte, unitsLogLine),
		fmt.Sprintf("| heartbeat | %d |", unitsHeartbeat),
		fmt.Sprintf("| the task's context | %d a byte, once |", unitsContext),
		fmt.Sprintf("| the environment by WASI | %d a variable |", unitsVariable),
		fmt.Sprintf("| a call of storage | %d, %d a byte, %d an object that is listed |", unitsStorage, unitsStoredByte, unitsStorage),
		fmt.Sprintf("| an HTTP request | %d, %d a byte of request and answer |", unitsHTTP, unitsHTTPByte),
		fmt.Sprintf("| waiting | %d a subscription, %d a sleep |", unitsPoll, unitsSleep),
		fmt.Sprintf("| files | %d a name in a path that is looked up, %d a file that is opened, read, written or described, %d a name in a directory that is listed, %d a sync of a folder's file |", unitsPath, unitsFile, unitsEntry, unitsSync),
	} {
		if !strings.Contains(string(text), row) {
			t.Errorf("docs/TASKS.md has no row\n%s", row)
		}
	}
}
