package cli

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"os"
	"strings"
	"sync"

	"golang.org/x/term"

	"github.com/waslrun/wasl/internal/printable"
)

// console is standard error, shared by messages and, on a terminal, one line
// of progress that is redrawn below them. What it writes is made printable: the
// texts may come from guests and definitions.
type console struct {
	terminal bool

	mu   sync.Mutex
	w    io.Writer
	live string // what the line of progress shows; "" is none
}

func newConsole(w io.Writer) *console {
	return &console{w: w, terminal: isTerminal(w)}
}

func isTerminal(w io.Writer) bool {
	f, ok := w.(*os.File)
	return ok && term.IsTerminal(int(f.Fd()))
}

const clearLine = "\r\x1b[K"

// Line writes a whole line, or several, above the line of progress.
func (c *console) Line(text string) {
	text = printable.Lines(text)
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.live != "" {
		text = clearLine + text
	}
	fmt.Fprintf(c.w, "%s\n%s", text, c.live)
}

// Live shows a line of progress in place of the one before; "" takes it away.
// Where standard error is no terminal it is written like any other line.
func (c *console) Live(text string) {
	if !c.terminal {
		if text != "" {
			c.Line(text)
		}
		return
	}
	text = printable.Text(text)
	c.mu.Lock()
	defer c.mu.Unlock()
	if text != c.live {
		c.live = text
		fmt.Fprint(c.w, clearLine+text)
	}
}

// Logger gives a logger that writes its records, from a level on, as lines for
// people. At level Info that takes in the guests' logs.
func (c *console) Logger(from slog.Level) *slog.Logger {
	return slog.New(&consoleHandler{console: c, from: from})
}

// consoleHandler writes log records to a console.
type consoleHandler struct {
	console *console
	from    slog.Level
	attrs   []slog.Attr
}

// Enabled implements slog.Handler.
func (h *consoleHandler) Enabled(_ context.Context, l slog.Level) bool { return l >= h.from }

// Handle implements slog.Handler.
func (h *consoleHandler) Handle(_ context.Context, r slog.Record) error {
	prefix, suffix := "", ""
	add := func(a slog.Attr) bool {
		switch a.Key {
		case "task": // EXECUTION/STATE#ATTEMPT: the line says what is special
			task := a.Value.String()
			prefix = task[strings.LastIndexByte(task, '/')+1:] + ": "
		case "module", "stream", "execution", "state", "attempt": // the task says enough
		default:
			suffix += fmt.Sprintf(" %s=%q", a.Key, a.Value.String())
		}
		return true
	}
	for _, a := range h.attrs {
		add(a)
	}
	r.Attrs(add)
	level := ""
	if r.Level > slog.LevelInfo {
		level = r.Level.String() + ": "
	}
	h.console.Line(level + prefix + r.Message + suffix)
	return nil
}

// WithAttrs implements slog.Handler.
func (h *consoleHandler) WithAttrs(attrs []slog.Attr) slog.Handler {
	return &consoleHandler{h.console, h.from, append(h.attrs[:len(h.attrs):len(h.attrs)], attrs...)}
}

// WithGroup implements slog.Handler. Groups are not shown.
func (h *consoleHandler) WithGroup(string) slog.Handler { return h }
