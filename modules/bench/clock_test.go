package bench

import (
	"flag"
	"syscall"
	"time"
)

var cpuClock = flag.Bool("cputime", false, "measure processor time, children included, instead of wall time: for busy machines")

var epoch = time.Now()

// now is the time that comparisons measure by.
func now() time.Duration {
	if !*cpuClock {
		return time.Since(epoch)
	}
	var total time.Duration
	for _, who := range []int{syscall.RUSAGE_SELF, syscall.RUSAGE_CHILDREN} {
		var usage syscall.Rusage
		if err := syscall.Getrusage(who, &usage); err != nil {
			panic(err) // both are always there
		}
		total += time.Duration(usage.Utime.Nano() + usage.Stime.Nano())
	}
	return total
}
