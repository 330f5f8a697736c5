package bench

import (
	"fmt"
	"math"
	goruntime "runtime"
	"slices"
	"testing"
	"time"
)

// contender is one way of running a task.
type contender struct {
	name string
	// call runs one task and gives its output.
	call func() ([]byte, error)
}

// comparison runs contenders in turn. The first one is ours: the ratios say how
// much longer the others take.
type comparison struct {
	contenders []contender
	batch      []int       // calls a turn
	times      [][]float64 // nanoseconds a call, by contender and round
}

// turn is about how long each contender runs before the next one does.
const turn = 20 * time.Millisecond

// compare runs rounds for as long as the benchmark lasts. Every contender must
// give the output want, unless that is nil.
func compare(b *testing.B, want func(out []byte) error, contenders ...contender) *comparison {
	b.Helper()
	c := &comparison{
		contenders: contenders,
		batch:      make([]int, len(contenders)),
		times:      make([][]float64, len(contenders)),
	}
	for i := range contenders {
		if err := c.calibrate(i, want); err != nil {
			b.Fatalf("%s: %v", contenders[i].name, err)
		}
	}
	rounds := 0
	for b.Loop() {
		for k := range contenders {
			i := (k + rounds) % len(contenders) // everyone follows everyone
			if err := c.turn(i); err != nil {
				b.Fatalf("%s: %v", contenders[i].name, err)
			}
		}
		rounds++
	}
	b.ReportMetric(0, "ns/op") // a round's time says nothing
	for i := range contenders {
		b.ReportMetric(c.median(i)/1e3, contenders[i].name+"-µs")
		if i > 0 {
			b.ReportMetric(c.ratio(i), contenders[i].name+"-x")
		}
	}
	return c
}

// calibrate checks a contender's output and finds how many calls fill a turn.
func (c *comparison) calibrate(i int, want func(out []byte) error) error {
	out, err := c.contenders[i].call()
	if err != nil {
		return err
	}
	if want != nil {
		if err := want(out); err != nil {
			return err
		}
	}
	fastest := time.Duration(math.MaxInt64)
	for range 5 {
		begin := now()
		if _, err := c.contenders[i].call(); err != nil {
			return err
		}
		fastest = min(fastest, now()-begin)
	}
	c.batch[i] = max(1, int(turn/max(fastest, 1)))
	return nil
}

// turn gives one contender its turn, after the garbage of the others is gone.
func (c *comparison) turn(i int) error {
	goruntime.GC()
	call, n := c.contenders[i].call, c.batch[i]
	begin := now()
	for range n {
		if _, err := call(); err != nil {
			return err
		}
	}
	c.times[i] = append(c.times[i], float64(now()-begin)/float64(n))
	return nil
}

// median is a contender's nanoseconds a call.
func (c *comparison) median(i int) float64 { return median(c.times[i]) }

// ratio is how many times longer than the first contender the i-th takes: the
// median over the rounds.
func (c *comparison) ratio(i int) float64 {
	ratios := make([]float64, len(c.times[i]))
	for round, t := range c.times[i] {
		ratios[round] = t / c.times[0][round]
	}
	return median(ratios)
}

// more is how many nanoseconds a call of the first contender takes longer than
// one of the i-th: the median over the rounds.
func (c *comparison) more(i int) float64 {
	differences := make([]float64, len(c.times[i]))
	for round, t := range c.times[i] {
		differences[round] = c.times[0][round] - t
	}
	return median(differences)
}

func (c *comparison) index(name string) int {
	return slices.IndexFunc(c.contenders, func(x contender) bool { return x.name == name })
}

func median(values []float64) float64 {
	sorted := slices.Sorted(slices.Values(values))
	n := len(sorted)
	if n == 0 {
		return math.NaN()
	}
	return (sorted[(n-1)/2] + sorted[n/2]) / 2
}

// duration formats nanoseconds.
func duration(ns float64) string {
	switch {
	case ns < 1e6:
		return fmt.Sprintf("%.1f µs", ns/1e3)
	case ns < 1e9:
		return fmt.Sprintf("%.2f ms", ns/1e6)
	default:
		return fmt.Sprintf("%.2f s", ns/1e9)
	}
}
