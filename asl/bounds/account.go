package bounds

import "fmt"

// Limits are what the queries of one state may do and hold. A zero field means
// the default.
type Limits struct {
	Work   int64 // units of work, all together
	Memory int64 // bytes in use at once
}

// The defaults of Limits: two to three seconds of work, and enough memory for
// two million numbers.
const (
	DefaultWork   = 20_000_000
	DefaultMemory = 128 << 20
)

func (l Limits) withDefaults() Limits {
	if l.Work <= 0 {
		l.Work = DefaultWork
	}
	if l.Memory <= 0 {
		l.Memory = DefaultMemory
	}
	return l
}

// Exceeded is the error of a query that asks for more than it may.
type Exceeded struct {
	Limit string // the limit's name: "expression_work" or "expression_memory"
	Most  int64  // its value, in units or bytes
}

// The names of the limits, as the configuration has them.
const (
	limitWork   = "expression_work"
	limitMemory = "expression_memory"
)

func (e *Exceeded) Error() string {
	if e.Limit == limitWork {
		return fmt.Sprintf("It takes more work than [limits] %s allows (%d units): let it do less, or raise the limit", e.Limit, e.Most)
	}
	return fmt.Sprintf("It holds more memory than [limits] %s allows (%d bytes): let it hold less at once, or raise the limit", e.Limit, e.Most)
}

// Work tells whether the limit is that of work, not of memory.
func (e *Exceeded) Work() bool { return e.Limit == limitWork }

// Watch is told from time to time how much work an account has counted since it
// was made, and how many bytes are in use. An error ends the query with it.
type Watch func(work, held int64) error

const (
	// lookEvery is how many units pass between looks: a tenth of a millisecond.
	lookEvery = 1 << 10
	// Large is how many bytes in use are worth a look too.
	Large = 8 << 20
)

// Account counts what queries do and hold. It is not safe for concurrent use.
type Account struct {
	limits Limits
	watch  Watch

	work  int64 // done, since the account was made
	look  int64 // when to look next
	most  int64 // where the work that is allowed ends
	held  int64 // bytes in use
	ask   int64 // with how many to look next
	taken int64 // bytes that were ever taken
}

// New makes an account. watch may be nil.
func New(limits Limits, watch Watch) *Account {
	a := &Account{limits: limits.withDefaults(), watch: watch, taken: 1}
	a.Renew()
	return a
}

// Renew begins the account anew, for the queries of another state. The work
// that the watch is told goes on.
func (a *Account) Renew() {
	a.held, a.ask = 0, min(Large, a.limits.Memory)
	a.most = a.work + a.limits.Work
	a.look = min(a.work+lookEvery, a.most+1)
}

// Work gives the units of work that were done since the account was made.
func (a *Account) Work() int64 { return a.work }

// Held gives the bytes in use.
func (a *Account) Held() int64 { return a.held }

// Step counts one unit of work.
func (a *Account) Step() error {
	if a.work++; a.work < a.look {
		return nil
	}
	return a.consider()
}

// Spend counts n units of work.
func (a *Account) Spend(n int) error {
	if a.work += int64(n); a.work < a.look {
		return nil
	}
	return a.consider()
}

// consider sees whether the query may go on.
func (a *Account) consider() error {
	if a.work > a.most {
		return &Exceeded{limitWork, a.limits.Work}
	}
	a.look = min(a.work+lookEvery, a.most+1)
	return a.watched()
}

func (a *Account) watched() error {
	if a.watch == nil {
		return nil
	}
	return a.watch(a.work, a.held)
}

// Take counts bytes that are about to be in use.
func (a *Account) Take(bytes int) error {
	a.taken += int64(bytes)
	if a.held += int64(bytes); a.held <= a.ask {
		return nil
	}
	return a.considerMemory()
}

// considerMemory sees whether the query may hold so much.
func (a *Account) considerMemory() error {
	if a.held > a.limits.Memory {
		return &Exceeded{limitMemory, a.limits.Memory}
	}
	a.ask = a.limits.Memory
	return a.watched()
}

// Fits tells whether so many bytes could be taken, for what is in use for a
// moment only.
func (a *Account) Fits(bytes int) error {
	if a.held+int64(bytes) <= a.limits.Memory {
		return nil
	}
	return &Exceeded{limitMemory, a.limits.Memory}
}

// Free gives the bytes that may still be taken.
func (a *Account) Free() int64 { return max(0, a.limits.Memory-a.held) }

// Mark is a moment of an account.
type Mark struct {
	Held int64 // bytes in use
	// Taken orders what was made: it is smaller than that of any later moment
	// between which and this one something was taken.
	Taken int64
}

// Mark notes the moment before a call or an iteration.
func (a *Account) Mark() Mark { return Mark{a.held, a.taken} }

// Settle is the end of what began with m: of all that was taken since, no more
// than the result is in use, which weighs so many bytes.
func (a *Account) Settle(m Mark, result int64) {
	if most := m.Held + result; a.held > most {
		a.held = most
	}
}
