package asl

import (
	"sort"

	"github.com/waslrun/wasl/asl/jsonvalue"
)

// lineIndex turns byte offsets into lines and columns.
type lineIndex struct{ starts []int }

func newLineIndex(text string) lineIndex {
	starts := []int{0}
	for i := range len(text) {
		if jsonvalue.EndsLine(text, i) {
			starts = append(starts, i+1)
		}
	}
	return lineIndex{starts}
}

// position gives line and column, from 1, columns in bytes.
func (x lineIndex) position(offset int) (line, column int) {
	line = sort.Search(len(x.starts), func(i int) bool { return x.starts[i] > offset })
	return line, offset - x.starts[line-1] + 1
}
