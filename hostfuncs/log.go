package hostfuncs

import (
	"bytes"
	"regexp"
	"strings"

	"github.com/waslrun/wasl/internal/printable"
)

// maxLine is how long a log line gets before it is broken.
const maxLine = 16 << 10 // bytes

// logger cuts a guest's log into lines and counts it against its limit.
type logger struct {
	session *session // pays
	sink    func(LogLine)
	mask    *strings.Replacer
	left    int64 // bytes
	total   int64 // bytes, dropped ones included
	full    bool  // the notice was given
	// partial holds the unfinished line of each stream.
	stdout, stderr []byte
}

// write takes a piece of a stream.
func (l *logger) write(stream Stream, data []byte) {
	l.total += int64(len(data))
	l.session.spend(unitsLogByte * int64(len(data)))
	if l.sink == nil || l.full {
		return
	}
	partial := &l.stderr
	if stream == StreamStdout {
		partial = &l.stdout
	}
	for len(data) > 0 && !l.full {
		line, rest, ended := bytes.Cut(data, []byte{'\n'})
		if room := maxLine - len(*partial); len(line) > room {
			line, rest, ended = data[:room], data[room:], true
		}
		*partial = append(*partial, line...)
		data = rest
		if ended {
			l.emit(stream, string(*partial))
			*partial = (*partial)[:0]
		}
	}
}

// message takes one message, whatever is in it.
func (l *logger) message(text []byte) {
	l.total += int64(len(text))
	l.session.spend(unitsLogByte * int64(len(text)))
	for l.sink != nil && !l.full && len(text) > maxLine {
		l.emit(StreamLog, string(text[:maxLine]))
		text = text[maxLine:]
	}
	if l.sink != nil && !l.full {
		l.emit(StreamLog, string(text))
	}
}

// emit hands a line over while there is room for it.
func (l *logger) emit(stream Stream, line string) {
	if l.sink == nil || l.full {
		return
	}
	if l.left -= int64(len(line)) + 1; l.left < 0 {
		l.full = true
		l.notice("the log is longer than its limit; the rest is dropped")
		return
	}
	l.session.spend(unitsLogLine)
	if l.mask != nil {
		line = l.mask.Replace(line)
	}
	l.sink(LogLine{stream, printable.Text(strings.TrimSuffix(line, "\r"))})
}

// notice says something in the host's own name.
func (l *logger) notice(text string) {
	if l.sink != nil {
		l.sink(LogLine{StreamHost, printable.Text(text)})
	}
}

// end hands over what was not ended by a newline.
func (l *logger) end() {
	if len(l.stdout) > 0 {
		l.emit(StreamStdout, string(l.stdout))
	}
	if len(l.stderr) > 0 {
		l.emit(StreamStderr, string(l.stderr))
	}
	l.stdout, l.stderr = nil, nil
}

// maxTail is how much of the end of stderr is kept to name an error from.
const maxTail = 4 * MaxCauseChars

// maxExcerpt is how much of it goes into a cause.
const maxExcerpt = 4 << 10

// tail keeps the end of a stream.
type tail struct{ data []byte }

func (t *tail) write(data []byte) {
	if len(data) > maxTail {
		data = data[len(data)-maxTail:]
	}
	// Twice the size is kept before anything is moved, so that a flood of
	// small writes stays linear.
	if len(t.data)+len(data) > 2*maxTail {
		keep := min(len(t.data), maxTail)
		t.data = append(t.data[:0], t.data[len(t.data)-keep:]...)
	}
	t.data = append(t.data, data...)
}

// lastLine is the last line that is not blank.
func (t *tail) lastLine() []byte {
	text := bytes.TrimRight(t.data, " \t\r\n")
	return bytes.TrimSpace(text[bytes.LastIndexByte(text, '\n')+1:])
}

// excerpt is the end of the stream as text.
func (t *tail) excerpt() string {
	text := bytes.TrimSpace(t.data)
	if len(text) > maxExcerpt {
		text = text[len(text)-maxExcerpt:]
		if at := bytes.IndexByte(text, '\n'); at >= 0 && at < maxExcerpt/2 {
			text = text[at+1:]
		}
		return "…" + strings.ToValidUTF8(string(text), "\uFFFD")
	}
	return strings.ToValidUTF8(string(text), "\uFFFD")
}

// panicLine finds where a guest's panic begins on stderr: Go's, TinyGo's and Rust's,
// by how their runtimes print them, and AssemblyScript's, by envAbort.
var panicLine = regexp.MustCompile(`(?m)^(?:panic: |fatal error: |abort: |thread '[^'\n]*' (?:\(\d+\) )?panicked at )`)

// panicText is the beginning of the last panic on the stream; false if there is none.
func (t *tail) panicText() (string, bool) {
	places := panicLine.FindAllIndex(t.data, -1)
	if len(places) == 0 {
		return "", false
	}
	text := bytes.TrimSpace(t.data[places[len(places)-1][0]:])
	more := ""
	if len(text) > maxExcerpt {
		text, more = text[:maxExcerpt], "…"
	}
	return strings.ToValidUTF8(string(text), "\uFFFD") + more, true
}
