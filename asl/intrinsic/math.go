package intrinsic

import (
	"math/rand/v2"

	"github.com/waslrun/wasl/asl/jsonvalue"
)

func mathAdd(args []value, _ Env) (value, string) {
	n, problem := integers(args)
	if problem != "" {
		return value{}, problem
	}
	sum := n[0] + n[1]
	if (sum > n[0]) != (n[1] > 0) {
		return value{}, "The sum is too large for an integer"
	}
	return jsonvalue.IntOf(sum), ""
}

// mathRandom draws from [start, end). With a seed it gives the same number
// every time.
func mathRandom(args []value, env Env) (value, string) {
	n, problem := integers(args)
	if problem != "" {
		return value{}, problem
	}
	start, width := n[0], n[1]-n[0]
	if n[1] <= n[0] {
		return value{}, "The end number must be greater than the start number"
	}
	if width <= 0 {
		return value{}, "The range is too large"
	}
	if len(n) == 3 {
		seeded := rand.New(rand.NewPCG(uint64(n[2]), 0))
		return jsonvalue.IntOf(start + seeded.Int64N(width)), ""
	}
	return jsonvalue.IntOf(start + env.Random().Int64N(width)), ""
}

func uuid(_ []value, env Env) (value, string) {
	return jsonvalue.StringOf(env.Random().UUID()), ""
}
