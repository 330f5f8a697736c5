package asl

import (
	"maps"
	"slices"
	"sort"
	"strings"

	"github.com/waslrun/wasl/asl/jsonvalue"
)

// sorted gives a shape's fields in the order that AWS lists missing ones:
// States before StartAt, else by name.
func (sh shape) sorted() []string {
	keys := make([]string, 0, len(sh))
	for k := range sh {
		keys = append(keys, k)
	}
	sort.Slice(keys, func(i, j int) bool {
		if a, b := keys[i] == "States", keys[j] == "States"; a != b {
			return a
		}
		return keys[i] < keys[j]
	})
	return keys
}

// nearest gives the name that somebody who wrote word may have meant, or "".
func nearest(word string, names []string) string {
	const maxLen = 64 // longer words were never meant as one of ours
	if word == "" || len(word) > maxLen {
		return ""
	}
	best, at := "", 3
	for _, n := range names {
		if d := distance(strings.ToLower(word), strings.ToLower(n)); d < at && d < len(n)/2+1 {
			best, at = n, d
		}
	}
	return best
}

// keys gives the names of a table, sorted.
func keys[V any](table map[string]V) []string { return slices.Sorted(maps.Keys(table)) }

// nearestKey gives the key of an object that somebody who wrote word may have
// meant, or "". Large objects are not searched: many wrong names among many
// would take forever.
func nearestKey(word string, v jsonvalue.Value) string {
	const most = 100
	if v.Len() > most {
		return ""
	}
	keys := make([]string, 0, v.Len())
	for key := range v.Members() {
		keys = append(keys, key)
	}
	return nearest(word, keys)
}

// distance is Levenshtein's.
func distance(a, b string) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := 1; i <= len(a); i++ {
		diagonal := row[0]
		row[0] = i
		for j := 1; j <= len(b); j++ {
			cost := diagonal
			if a[i-1] != b[j-1] {
				cost++
			}
			diagonal = row[j]
			row[j] = min(cost, row[j]+1, row[j-1]+1)
		}
	}
	return row[len(b)]
}
