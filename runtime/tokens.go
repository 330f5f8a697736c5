package runtime

import (
	"fmt"
	"sync"

	"github.com/waslrun/wasl/asl/jsonvalue"
	"github.com/waslrun/wasl/runtime/integration"
)

// Tokens holds the tasks that an answer by token can end: activities and
// integrations that wait. It remembers the latest tokens whose tasks are over,
// so that a late answer can be told from a wrong one.
type Tokens struct {
	mu     sync.Mutex
	open   map[string]*task
	closed map[string]struct{}
	oldest []string // closed tokens in the order of their closing, as a ring
	next   int
}

// closedTokens is how many closed tokens are remembered.
const closedTokens = 10_000

func newTokens() *Tokens {
	return &Tokens{open: map[string]*task{}, closed: map[string]struct{}{}}
}

func (t *Tokens) register(token string, x *task) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.open[token] = x
}

func (t *Tokens) close(token string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if _, ok := t.open[token]; !ok {
		return
	}
	delete(t.open, token)
	t.closed[token] = struct{}{}
	if len(t.oldest) < closedTokens {
		t.oldest = append(t.oldest, token)
		return
	}
	delete(t.closed, t.oldest[t.next])
	t.oldest[t.next] = token
	t.next = (t.next + 1) % closedTokens
}

// find gives the task of a token.
func (t *Tokens) find(token string) (*task, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if x := t.open[token]; x != nil {
		return x, nil
	}
	if _, ok := t.closed[token]; ok {
		return nil, errOver()
	}
	return nil, ErrInvalidToken
}

func errOver() error {
	return fmt.Errorf("%w: the task of this token is over", ErrTaskTimedOut)
}

// Check tells whether a token can be answered, and does nothing else.
func (t *Tokens) Check(token string) error {
	_, err := t.find(token)
	return err
}

// Succeed ends the task of a token with its output.
func (t *Tokens) Succeed(token string, output jsonvalue.Value) error {
	return t.end(token, integration.Succeed(output))
}

// Fail ends the task of a token with an error; nil texts are absent ones.
func (t *Tokens) Fail(token string, errorName, cause *string) error {
	return t.end(token, integration.Outcome{Failure: &integration.Failure{Error: errorName, Cause: cause}})
}

func (t *Tokens) end(token string, o integration.Outcome) error {
	x, err := t.find(token)
	if err != nil {
		return err
	}
	if !x.byToken(o) {
		return errOver()
	}
	return nil
}

// Heartbeat tells that the task of a token is alive.
func (t *Tokens) Heartbeat(token string) error {
	x, err := t.find(token)
	if err != nil {
		return err
	}
	if !x.beat() {
		return errOver()
	}
	return nil
}
