package wasl

import "errors"

// What the host's functions can answer. Their errors wrap one of these, with a
// text that says more.
var (
	ErrInvalid  = errors.New("invalid argument")
	ErrNotFound = errors.New("not found")
	ErrDenied   = errors.New("not granted")
	// ErrStopped: the task is no longer wanted, and nothing that it does is
	// seen any more.
	ErrStopped  = errors.New("the task was told to stop")
	ErrTooLarge = errors.New("too large")
	ErrHost     = errors.New("the host failed")
	// ErrUnavailable: there is no task, since the module is being initialised.
	ErrUnavailable = errors.New("not available while the module is initialised")
)

// hostError is the failure of a host function.
type hostError struct {
	op, text string
	kind     error
}

func (e *hostError) Error() string { return e.op + ": " + e.text }
func (e *hostError) Unwrap() error { return e.kind }

// failure makes an error of a host function's negative result.
func failure(op string, code int64) error {
	kind := ErrHost
	switch code {
	case -1, -2:
		kind = ErrInvalid
	case -3:
		kind = ErrNotFound
	case -4:
		kind = ErrDenied
	case -5:
		kind = ErrStopped
		cancelTask(ErrStopped)
	case -6:
		kind = ErrTooLarge
	case -8:
		kind = ErrUnavailable
	}
	text := make([]byte, 512)
	text = text[:min(max(int(lastError(text)), 0), len(text))]
	if len(text) == 0 {
		return &hostError{op, kind.Error(), kind}
	}
	return &hostError{op, string(text), kind}
}

// sized calls a host function that fills a buffer as far as it goes and gives
// the size that is needed, until the buffer is large enough.
func sized(op string, guess int, call func(buf []byte) int64) ([]byte, error) {
	buf := make([]byte, guess)
	for {
		n := call(buf)
		switch {
		case n < 0:
			return nil, failure(op, n)
		case n <= int64(len(buf)):
			return buf[:n], nil
		}
		buf = make([]byte, n)
	}
}
