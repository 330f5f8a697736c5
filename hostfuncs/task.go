package hostfuncs

import (
	"time"

	"github.com/waslrun/wasl/hostfuncs/files"
	"github.com/waslrun/wasl/storage"
)

// Task is what one call of a module may do. It goes into modules.Call.Task as
// a *Task. The zero Task grants nothing.
type Task struct {
	// Grants are usually one value for all calls of a module. They are not
	// changed while a call runs.
	Grants *Grants
	// Storage serves the grants' buckets. Nil: there is no storage.
	Storage storage.Store
	// Context gives the JSON text that the guest gets as its task's context. It
	// is called when the guest asks, since most never do and the text holds the
	// execution's whole input. Nil: an empty object.
	Context func() []byte
	// Heartbeat is called each time the guest says that it is alive. It must
	// not block. Nil: nobody listens.
	Heartbeat func()
	// Stop is closed when the task's result is no longer wanted. From then on
	// the guest's heartbeat call answers "stop" and whatever would be seen
	// outside (storage writes, HTTP) is refused; a write that was under way
	// may still complete. Nil: the task is never stopped.
	Stop <-chan struct{}
	// Log takes the guest's log, a line at a time, in order. It is called from
	// the goroutine that runs the guest. Nil: the log is dropped.
	Log func(LogLine)
	// Seed makes the random numbers of a guest that was not granted real ones:
	// the same seed gives the same numbers.
	Seed string
	// Start is what the clock of a guest shows that was not granted the real
	// one. Zero: the beginning of 2000.
	Start  time.Time
	Limits Limits
}

// LogLine is a line of a guest's log. Its text is one line of printable UTF-8:
// control characters and invalid bytes appear as escapes such as \x1b, and the
// values of the task's secrets as [secret].
type LogLine struct {
	Stream Stream
	Text   string
}

// Stream says where a log line came from.
type Stream string

// The streams of a log.
const (
	StreamStderr Stream = "stderr"
	StreamStdout Stream = "stdout" // of reactors and plug-ins: a command's is its output
	StreamLog    Stream = "log"    // the log function of the task interface
	StreamHost   Stream = "host"   // what the host has to say about the log
)

// Grants are the capabilities of a module.
type Grants struct {
	Storage []BucketGrant
	// Env and Secrets are what the guest finds in its environment. Secrets of
	// 4 bytes or more are masked in its log and in its failure.
	Env     map[string]string
	Secrets map[string]string
	// HTTP makes requests. Nil: none are allowed.
	HTTP *HTTPClient
	// Files are the trees that the guest sees. Nil: there are no files.
	Files *files.Set
	// Args are the guest's arguments after its name.
	Args []string
	// RealClock shows the engine's time instead of a fixed one.
	RealClock bool
	// RealRandom gives the system's random numbers instead of seeded ones.
	RealRandom bool
}

// lookup finds a variable of the environment or a secret.
func (g *Grants) lookup(name string) (string, bool) {
	if value, found := g.Secrets[name]; found {
		return value, true
	}
	value, found := g.Env[name]
	return value, found
}

// BucketGrant allows access to the keys of one bucket that begin with a prefix.
type BucketGrant struct {
	Bucket string
	Prefix string // empty: every key
	Read   bool   // get and list
	Write  bool   // put and delete
}

// Limits bound what a call can make the host hold. Zero fields have the value
// of DefaultLimits.
type Limits struct {
	// Output is the most that a guest may hand over as its output.
	Output int64 // bytes
	// Log is how much of the log is kept; the rest is dropped with a notice.
	Log int64 // bytes
	// Stored is how much a call may put into storage and add to folders of the
	// host; each object, each file that is made, counts at least 1 KiB.
	Stored int64 // bytes
}

// DefaultLimits are the limits that a Task has unless it says otherwise.
var DefaultLimits = Limits{Output: 6 << 20, Log: 1 << 20, Stored: 256 << 20}

func (l Limits) withDefaults() Limits {
	if l.Output <= 0 {
		l.Output = DefaultLimits.Output
	}
	if l.Log <= 0 {
		l.Log = DefaultLimits.Log
	}
	if l.Stored <= 0 {
		l.Stored = DefaultLimits.Stored
	}
	return l
}

// Clock is the engine's time: the system's, or a virtual one in tests.
type Clock interface {
	Now() time.Time
	// AfterFunc calls f in a goroutine of its own once d has passed. The
	// result stops it, as time.Timer.Stop does.
	AfterFunc(d time.Duration, f func()) (stop func() bool)
}

type systemClock struct{}

func (systemClock) Now() time.Time { return time.Now() }

func (systemClock) AfterFunc(d time.Duration, f func()) func() bool {
	return time.AfterFunc(d, f).Stop
}
