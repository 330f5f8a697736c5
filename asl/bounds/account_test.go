package bounds_test

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/waslrun/wasl/asl/bounds"
)

func TestWorkEndsAtTheLimit(t *testing.T) {
	a := bounds.New(bounds.Limits{Work: 5000}, nil)
	for range 4999 {
		if err := a.Step(); err != nil {
			t.Fatal(err)
		}
	}
	if err := a.Spend(1); err != nil {
		t.Errorf("the last unit is refused: %v", err)
	}
	var over *bounds.Exceeded
	if err := a.Step(); !errors.As(err, &over) || !over.Work() || !strings.Contains(err.Error(), "expression_work allows (5000 units)") {
		t.Errorf("beyond the limit: %v", err)
	}
	a.Renew()
	if err := a.Spend(5000); err != nil || a.Work() != 10_001 {
		t.Errorf("renewed: %v, %d units", err, a.Work())
	}
}

func TestMemoryIsWhatIsInUse(t *testing.T) {
	a := bounds.New(bounds.Limits{Memory: 1000}, nil)
	for range 100 { // what a call leaves is its result
		before := a.Mark()
		if err := a.Take(700); err != nil {
			t.Fatal(err)
		}
		a.Settle(before, 2)
	}
	if a.Held() != 200 {
		t.Errorf("%d bytes are in use after 100 calls that leave 2 each", a.Held())
	}
	before := a.Mark()
	_ = a.Take(10)
	if a.Settle(before, 500); a.Held() != 210 {
		t.Errorf("a result that weighs more than was taken makes it %d", a.Held())
	}
	if a.Fits(790) != nil || a.Fits(791) == nil || a.Free() != 790 {
		t.Errorf("%d bytes are free", a.Free())
	}
	var over *bounds.Exceeded
	if err := a.Take(791); !errors.As(err, &over) || over.Work() || !strings.Contains(err.Error(), "expression_memory allows (1000 bytes)") {
		t.Errorf("beyond the limit: %v", err)
	}
}

// The watch is called at the same counts, however the work is made up, and once
// when much is held.
func TestWatch(t *testing.T) {
	looks := func() (works []int64, large int) {
		a := bounds.New(bounds.Limits{}, func(work, held int64) error {
			if held > bounds.Large {
				large++
			}
			works = append(works, work)
			return nil
		})
		for i := range 3000 {
			_ = a.Spend(i % 7)
		}
		_ = a.Take(bounds.Large)
		_ = a.Take(1)
		_ = a.Take(1)
		return works, large
	}
	first, large := looks()
	if len(first) != 9 || large != 1 {
		t.Errorf("%d looks, %d of them for memory: %v", len(first), large, first)
	}
	if again, _ := looks(); !slices.Equal(first, again) {
		t.Errorf("looks at %v, then at %v", first, again)
	}
	stop := errors.New("stop")
	a := bounds.New(bounds.Limits{}, func(int64, int64) error { return stop })
	if err := a.Spend(1 << 20); !errors.Is(err, stop) {
		t.Errorf("a watch that stops gives %v", err)
	}
}
