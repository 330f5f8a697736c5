package hostfuncs

import (
	"bytes"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/waslrun/wasl/hostfuncs/files"
	"github.com/waslrun/wasl/modules"
)

// session is the state of one call. One goroutine at a time uses it.
type session struct {
	host   *Host
	task   *Task
	grants *Grants
	limits Limits
	abi    modules.ABI
	// initializing: this is no call, but a module's own initialisation.
	initializing bool

	input  []byte
	unread []byte // what stdin still has
	output bytes.Buffer
	stderr tail
	log    logger

	// reported is the failure that the guest named itself.
	reported *modules.Failure
	// verdict is the failure that the host ended the guest for.
	verdict *modules.Failure
	// denied says that the host has refused something that is not granted.
	denied bool
	// problem is the text of the last error that a wasl function returned.
	problem string

	clock  guestClock
	random random
	stored int64 // bytes put into storage
	fds    descriptors
	began  time.Time // by the system's clock, of a call that sees folders of the host
	// arguments are those after the guest's name.
	arguments []string
	// context is the task's context, once the guest has asked for it.
	context []byte
	// fetched is the answer to the last HTTP request.
	fetched []byte
	// timers are those of console.time: when each began, in nanoseconds.
	timers map[string]int64
	// extism is made when a plug-in first calls.
	extism *extism
	usage  modules.HostUsage
	// owed is the fuel to be charged for what the host has done, spent what was
	// charged.
	owed, spent uint64
}

var _ modules.Session = (*session)(nil)

var noGrants Grants

func newSession(h *Host, task *Task, abi modules.ABI, input []byte) *session {
	s := &session{
		host: h, task: task, grants: task.Grants, limits: task.Limits.withDefaults(),
		abi: abi, input: input, unread: input,
	}
	if s.grants == nil {
		s.grants = &noGrants
	}
	s.log = logger{session: s, sink: task.Log, left: s.limits.Log, mask: masker(s.grants.Secrets)}
	s.clock = newGuestClock(s)
	s.arguments = s.grants.Args
	s.fds.begin(s.trees())
	return s
}

// trees are the files that the call sees.
func (s *session) trees() []files.Mounted {
	if s.grants.Files == nil {
		return nil
	}
	s.began = time.Now()
	return s.grants.Files.Begin(files.Call{
		Now: func() time.Time {
			now, _ := s.now(clockRealtime)
			return time.Unix(0, now)
		},
		Stopped: s.stopped,
		Store: func(n int64) bool {
			if n > s.limits.Stored-s.stored {
				return false
			}
			s.stored += n
			return true
		},
	})
}

// minSecret is the length from which on a secret is masked: shorter ones would
// mask half of every text, and show what they are by that.
const minSecret = 4 // bytes

// masker hides secrets; nil when there are none.
func masker(secrets map[string]string) *strings.Replacer {
	if len(secrets) == 0 {
		return nil
	}
	values := slices.Collect(maps.Values(secrets))
	for _, value := range values {
		values = append(values, strings.FieldsFunc(value, isLineEnd)...) // the log comes in lines
	}
	// Of two secrets that begin alike the longer one must be found.
	slices.SortFunc(values, func(a, b string) int { return len(b) - len(a) })
	var pairs []string
	for _, value := range values {
		if len(value) >= minSecret {
			pairs = append(pairs, value, "[secret]")
		}
	}
	return strings.NewReplacer(pairs...)
}

func isLineEnd(r rune) bool { return r == '\n' || r == '\r' }

// stopped reports whether nobody wants the task's result any more.
func (s *session) stopped() bool {
	select {
	case <-s.task.Stop:
		return true
	default:
		return false
	}
}

// write appends to the task's output. It does not return when that gets too
// large.
func (s *session) write(data []byte) {
	if int64(s.output.Len())+int64(len(data)) > s.limits.Output {
		s.abort(tooLarge(s.limits.Output))
	}
	s.spend(unitsOutputByte * int64(len(data)))
	s.output.Write(data)
}
