package runtime

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/waslrun/wasl/asl/arn"
	"github.com/waslrun/wasl/runtime/archive"
)

// Describe tells how an execution stands.
func (e *Engine) Describe(arn string) (ExecutionInfo, error) {
	x, err := e.find(arn)
	if err != nil {
		return ExecutionInfo{}, err
	}
	return x.Info(), nil
}

// defaultPage is how many entries a page has at most when nothing is said.
const defaultPage = 100

// List lists executions, the most recent first, without their inputs and outcomes.
func (e *Engine) List(r ListRequest) (ExecutionPage, error) {
	before, err := pageStart(r.Token)
	if err != nil {
		return ExecutionPage{}, err
	}
	candidates, err := e.candidates(r)
	if err != nil {
		return ExecutionPage{}, err
	}
	limit := cmp.Or(r.Max, defaultPage)
	var page ExecutionPage
	for _, x := range candidates {
		if x.number >= before && before > 0 {
			continue
		}
		x.mu.Lock()
		info := x.summary()
		x.mu.Unlock()
		if !r.wants(info) {
			continue
		}
		if len(page.Executions) == limit {
			page.Next = nextToken(before)
			break
		}
		page.Executions = append(page.Executions, info)
		before = x.number
	}
	return page, nil
}

// candidates gives the executions of a list's subject, the most recent first.
func (e *Engine) candidates(r ListRequest) ([]*Execution, error) {
	machine, _ := arn.CutQualifier(r.MachineARN)
	e.mu.Lock()
	defer e.mu.Unlock()
	s := e.records.byMachine[machine]
	if r.MapRunARN != "" {
		run := e.mapRuns.find(r.MapRunARN)
		if run == nil {
			return nil, fmt.Errorf("%w: %s", ErrMapRunDoesNotExist, r.MapRunARN)
		}
		s = &run.children
	}
	if s == nil {
		return nil, nil
	}
	return slices.AppendSeq(make([]*Execution, 0, s.len()), s.backward()), nil
}

func (r ListRequest) wants(i ExecutionInfo) bool {
	if r.Status != "" && i.Status != r.Status {
		return false
	}
	if r.MapRunARN != "" || r.MachineARN == i.Machine.ARN {
		return true
	}
	return r.MachineARN == i.Machine.VersionARN || r.MachineARN == i.Machine.AliasARN
}

// pagePrefix marks the tokens of pages, so that no other text passes for one.
const pagePrefix = "wasl-page-"

func nextToken(number uint64) string { return pagePrefix + strconv.FormatUint(number, 36) }

func pageStart(token string) (uint64, error) {
	if token == "" {
		return 0, nil
	}
	digits, ok := strings.CutPrefix(token, pagePrefix)
	n, err := strconv.ParseUint(digits, 36, 64)
	if !ok || err != nil || n == 0 {
		return 0, fmt.Errorf("%w: %q", ErrInvalidPage, token)
	}
	return n, nil
}

// maxPageSize is how large the payloads of a page of history may be together,
// as text: 1000 events of 256 KiB would be more than some machines have. There
// is always one event.
const maxPageSize = 4 << 20

// History gives a page of an execution's history.
func (e *Engine) History(r HistoryRequest) (HistoryPage, error) {
	x, err := e.find(r.ARN)
	if err != nil {
		return HistoryPage{}, err
	}
	// A token holds the id of the page's first event.
	token, err := pageStart(r.Token)
	if err != nil {
		return HistoryPage{}, err
	}
	book, events := x.history()
	if token > uint64(events) {
		return HistoryPage{}, fmt.Errorf("%w: %q", ErrInvalidPage, r.Token)
	}
	limit := int64(cmp.Or(r.Max, defaultPage))
	first := int64(cmp.Or(token, 1))
	next := min(first+limit, events+1)
	if r.Reverse {
		first = cmp.Or(int64(token), events)
		next = max(first-limit, 0)
	}
	var page HistoryPage
	room := maxPageSize
	for e, size := range book.Events(first, next) {
		if room -= size; room < 0 && len(page.Events) > 0 {
			next = e.ID
			break
		}
		page.Events = append(page.Events, e)
	}
	if next > 0 && next <= events {
		page.Next = nextToken(uint64(next))
	}
	return page, nil
}

// history gives the book that the events so far are in, and the last one's id.
func (x *Execution) history() (book archive.Book, last int64) {
	if !x.keepsHistory() {
		return archive.Book{}, 0
	}
	x.mu.Lock()
	defer x.mu.Unlock()
	return x.book, x.events
}
