// costs reads what `wasl run --usage FILE` wrote and prints what the tasks cost:
// a line for each module and each way in which its instances came to be.
package main

import (
	"bufio"
	"cmp"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"slices"
	"text/tabwriter"
)

func main() {
	if len(os.Args) != 2 {
		fmt.Fprintln(os.Stderr, "usage: costs FILE")
		os.Exit(2)
	}
	if err := show(os.Args[1]); err != nil {
		fmt.Fprintln(os.Stderr, "costs:", err)
		os.Exit(1)
	}
}

func show(name string) error {
	f, err := os.Open(name)
	if err != nil {
		return err
	}
	defer f.Close()
	groups, err := read(f)
	if err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	return printTable(os.Stdout, groups)
}

// call is what the table takes from the line of a call.
type call struct {
	Type       string  `json:"type"`
	Module     string  `json:"module"`
	Tier       string  `json:"tier"`
	Error      string  `json:"error"`
	Killed     bool    `json:"killed"`
	Fuel       float64 `json:"fuel"`
	MemoryPeak float64 `json:"memoryPeak"`
	WallMicros float64 `json:"wallMicros"`
}

// group is the calls of one line of the table.
type group struct {
	module, tier string
	calls        []call
}

// read sorts the calls into groups. The lines of other types are sums.
func read(r io.Reader) ([]group, error) {
	var groups []group
	lines := json.NewDecoder(bufio.NewReader(r))
	for {
		var c call
		if err := lines.Decode(&c); err == io.EOF {
			break
		} else if err != nil {
			return nil, err
		}
		if c.Type != "Call" {
			continue
		}
		at := slices.IndexFunc(groups, func(g group) bool { return g.module == c.Module && g.tier == c.Tier })
		if at < 0 {
			at = len(groups)
			groups = append(groups, group{module: c.Module, tier: c.Tier})
		}
		groups[at].calls = append(groups[at].calls, c)
	}
	slices.SortFunc(groups, func(a, b group) int {
		return cmp.Or(cmp.Compare(a.module, b.module), cmp.Compare(a.tier, b.tier))
	})
	return groups, nil
}

func printTable(w io.Writer, groups []group) error {
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintln(t, "calls\tfailed\tmedian ms\tmost ms\tmedian Mfuel\tmost Mfuel\tmost MiB\t  module, tier")
	for _, g := range groups {
		wall, fuel, memory := summary(g.calls, wallOf), summary(g.calls, fuelOf), summary(g.calls, memoryOf)
		fmt.Fprintf(t, "%d\t%d\t%.1f\t%.1f\t%.1f\t%.1f\t%.1f\t  %s, %s\n", len(g.calls), failed(g.calls),
			wall.median/1e3, wall.most/1e3, fuel.median/1e6, fuel.most/1e6, memory.most/(1<<20), g.module, cmp.Or(g.tier, "no instance"))
	}
	return t.Flush()
}

func wallOf(c call) float64   { return c.WallMicros }
func fuelOf(c call) float64   { return c.Fuel }
func memoryOf(c call) float64 { return c.MemoryPeak }

type spread struct{ median, most float64 }

// summary gives the spread of one figure of the calls, of which there is one at
// least. The median of an even number of calls is the lower of the two.
func summary(calls []call, figure func(call) float64) spread {
	all := make([]float64, len(calls))
	for i, c := range calls {
		all[i] = figure(c)
	}
	slices.Sort(all)
	return spread{all[(len(all)-1)/2], all[len(all)-1]}
}

func failed(calls []call) int {
	n := 0
	for _, c := range calls {
		if c.Error != "" || c.Killed {
			n++
		}
	}
	return n
}
