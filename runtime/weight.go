package runtime

import "github.com/waslrun/wasl/asl/interp"

// What a closed execution holds is told from a few lengths, since its history
// and its payloads are one slice of bytes. The sizes of what is around them were
// measured; TestTheAccountIsRight compares the sum with the heap.
const (
	// recordSize is an execution without its texts and its book, with its places
	// in the engine's tables.
	recordSize = 896
	// mapRunSize is one of its Map Runs, without the children.
	mapRunSize = 1600
	// machineSize is the copy of a machine that starting an alias makes.
	machineSize = 288
	// A definition, compiled, holds definitionSize and definitionFactor bytes for
	// each byte of its text: half or twice that, as the case may be.
	definitionSize   = 2048
	definitionFactor = 40
)

// weight gives what the execution, which has ended, holds in memory, in bytes.
func (x *Execution) weight() int64 {
	runs := x.engine.mapRuns.count(x.arn)
	x.mu.Lock()
	defer x.mu.Unlock()
	texts := len(x.arn) + len(x.request.InputText) + len(x.request.TraceHeader) + x.book.Len()
	n := recordSize + mapRunSize*runs + texts + texts/16 // for Go's allocator rounds up
	if x.machine.AliasARN != "" {
		n += machineSize
	}
	return int64(n)
}

// hold counts what an execution holds.
func (r *records) hold(x *Execution) {
	r.held += x.held
	if d := x.machine.Definition; d.Text() != "" {
		if r.definitions[d]++; r.definitions[d] == 1 {
			r.held += weightOf(d)
		}
	}
}

// release takes back what hold has counted.
func (r *records) release(x *Execution) {
	r.held -= x.held
	if d := x.machine.Definition; d.Text() != "" {
		if r.definitions[d]--; r.definitions[d] == 0 {
			r.held -= weightOf(d)
			delete(r.definitions, d)
		}
	}
}

// weightOf gives what a definition holds. It counts once for all executions on
// record that are of it: the machine may have been updated or deleted, and then
// they alone hold it. That of a Map Run's children has no text, being a part of
// their parent's.
func weightOf(d *interp.Program) int64 {
	return definitionSize + definitionFactor*int64(len(d.Text()))
}
