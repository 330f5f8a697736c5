package jsonvalue

import "math/big"

// Equal tells whether two values are the same JSON: numbers by value (1 equals
// 1.0), objects whatever the order of their members.
func Equal(a, b Value) bool {
	if a.kind != b.kind {
		return false
	}
	switch a.kind {
	case Invalid, Null:
		return true
	case Bool, String:
		return a.text == b.text
	case Number:
		return CompareNumbers(a, b) == 0
	case Array:
		return a.node == b.node || equalArrays(a, b)
	case Object:
		return a.node == b.node || equalObjects(a, b)
	}
	return false
}

func equalArrays(a, b Value) bool {
	if a.Len() != b.Len() {
		return false
	}
	for i, e := range a.node.elems {
		if !Equal(e, b.node.elems[i]) {
			return false
		}
	}
	return true
}

func equalObjects(a, b Value) bool {
	if a.Len() != b.Len() {
		return false
	}
	for k, v := range a.Members() {
		w, ok := b.Get(k)
		if !ok || !Equal(v, w) {
			return false
		}
	}
	return true
}

// CompareNumbers gives -1, 0 or 1. It is exact for integers of any length;
// everything else is compared as doubles.
func CompareNumbers(a, b Value) int {
	if a.text == b.text {
		return 0
	}
	x, y := a.Float64(), b.Float64()
	switch {
	case x < y:
		return -1
	case x > y:
		return 1
	}
	if len(a.text) > 15 && len(b.text) > 15 {
		if m, ok := new(big.Int).SetString(a.text, 10); ok {
			if n, ok := new(big.Int).SetString(b.text, 10); ok {
				return m.Cmp(n)
			}
		}
	}
	return 0
}
