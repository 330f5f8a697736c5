package intrinsic

import (
	"fmt"
	"hash/maphash"
	"math"

	"github.com/waslrun/wasl/asl/jsonvalue"
)

// maxRange is how many items States.ArrayRange may make.
const maxRange = 1000

func array(args []value, _ Env) (value, string) { return jsonvalue.ArrayOf(args...), "" }

func arrayContains(args []value, _ Env) (value, string) {
	if args[0].Kind() != jsonvalue.Array {
		return wrongType(1, "an array", args[0])
	}
	for _, e := range args[0].Elems() {
		if jsonvalue.Equal(e, args[1]) {
			return jsonvalue.True, ""
		}
	}
	return jsonvalue.False, ""
}

func arrayGetItem(args []value, _ Env) (value, string) {
	if args[0].Kind() != jsonvalue.Array {
		return wrongType(1, "an array", args[0])
	}
	i, ok := integer(args[1])
	if !ok {
		return wrongType(2, "an integer", args[1])
	}
	if i < 0 || i >= int64(args[0].Len()) {
		return value{}, fmt.Sprintf("Index %d is outside of the array, which has %d items", i, args[0].Len())
	}
	return args[0].At(int(i)), ""
}

func arrayLength(args []value, _ Env) (value, string) {
	if args[0].Kind() != jsonvalue.Array {
		return wrongType(1, "an array", args[0])
	}
	return jsonvalue.IntOf(int64(args[0].Len())), ""
}

func arrayPartition(args []value, _ Env) (value, string) {
	if args[0].Kind() != jsonvalue.Array {
		return wrongType(1, "an array", args[0])
	}
	size, ok := integer(args[1])
	if !ok {
		return wrongType(2, "an integer", args[1])
	}
	if size <= 0 {
		return value{}, fmt.Sprintf("The chunk size must be positive, but is %d", size)
	}
	// Values are immutable, so that the chunks can share the array's elements.
	elems := args[0].Elems()
	var chunks []value
	for len(elems) > 0 {
		n := int(min(size, int64(len(elems))))
		chunks = append(chunks, jsonvalue.ArrayOf(elems[:n:n]...))
		elems = elems[n:]
	}
	return jsonvalue.ArrayOf(chunks...), ""
}

// arrayRange counts from the first number to the second, which it may include.
func arrayRange(args []value, _ Env) (value, string) {
	n, problem := integers(args)
	if problem != "" {
		return value{}, problem
	}
	from, to, step := n[0], n[1], n[2]
	if step == 0 {
		return value{}, "The increment must not be zero"
	}
	var items []value
	for step > 0 && from <= to || step < 0 && from >= to {
		if len(items) == maxRange {
			return value{}, fmt.Sprintf("The array would have more than %d items", maxRange)
		}
		items = append(items, jsonvalue.IntOf(from))
		if step > 0 && from > math.MaxInt64-step || step < 0 && from < math.MinInt64-step {
			break // the next one is beyond every end
		}
		from += step
	}
	return jsonvalue.ArrayOf(items...), ""
}

// arrayUnique keeps the first of equal items. It looks them up by hash: arrays
// may be long.
func arrayUnique(args []value, _ Env) (value, string) {
	if args[0].Kind() != jsonvalue.Array {
		return wrongType(1, "an array", args[0])
	}
	seed := maphash.MakeSeed()
	seen := map[uint64][]value{}
	var items []value
next:
	for _, e := range args[0].Elems() {
		h := hashValue(seed, e)
		for _, other := range seen[h] {
			if jsonvalue.Equal(e, other) {
				continue next
			}
		}
		seen[h] = append(seen[h], e)
		items = append(items, e)
	}
	return jsonvalue.ArrayOf(items...), ""
}

// hashValue gives equal values equal hashes: numbers count by value, and the
// order of members does not count.
func hashValue(seed maphash.Seed, v value) uint64 {
	kind := uint64(v.Kind())
	switch v.Kind() {
	case jsonvalue.Bool, jsonvalue.String:
		return maphash.String(seed, v.String()) + kind
	case jsonvalue.Number:
		return maphash.Comparable(seed, v.Float64()) + kind
	case jsonvalue.Array:
		h := kind
		for _, e := range v.Elems() {
			h = h*31 + hashValue(seed, e)
		}
		return h
	case jsonvalue.Object:
		h := kind
		for key, m := range v.Members() {
			h += maphash.String(seed, key) ^ hashValue(seed, m)*31
		}
		return h
	case jsonvalue.Null, jsonvalue.Invalid:
	}
	return kind
}
