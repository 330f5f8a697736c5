package bench

import (
	"flag"
	"fmt"
	"os"
	"os/exec"
	goruntime "runtime"
	"slices"
	"strings"
	"testing"

	"github.com/waslrun/wasl/modules"
)

var tablePath = flag.String("table", "", "write the tables of docs/PERFORMANCE.md to this `file`")

// section is one table.
type section struct {
	title, head string
	rows        []string
}

// The tables in the order in which they are printed.
var (
	isolation = &section{
		title: "What isolation costs: a pristine, metered instance a task against calls of one plain instance",
		head:  "guest | isolated | un-isolated | more",
	}
	peers = &section{
		title: "Against the peers, a task",
		head:  "guest | how | time | ours | ratio",
	}
	metering = &section{
		title: "What metering costs: a kernel with and without fuel, in one instance of wazero; and metered in a pristine one each time",
		head:  "kernel | metered | plain | ratio | pristine",
	}
	deadline = &section{
		title: "How late the end of a call comes that never ends by itself",
		head:  "guest | running | median | 99 of 100",
	}
	first = &section{
		title: "The first task of a cached module in a new process",
		head:  "guest | from `main` on | the whole process",
	}
	idle = &section{title: "What an idle pooled instance holds", head: "guest | memory"}
	rate = &section{title: "Tasks a second, all cores", head: "guest | tasks a second"}

	sections = []*section{isolation, peers, metering, deadline, first, idle, rate}
)

// add adds a row, in place of one with the same first cells.
func (s *section) add(key int, cells ...string) {
	prefix := "| " + strings.Join(cells[:key], " | ") + " |"
	s.rows = slices.DeleteFunc(s.rows, func(row string) bool { return strings.HasPrefix(row, prefix) })
	s.rows = append(s.rows, "| "+strings.Join(cells, " | ")+" |")
}

func (s *section) String() string {
	rule := strings.Repeat("|---", strings.Count(s.head, "|")+1) + "|"
	return fmt.Sprintf("**%s**\n\n| %s |\n%s\n%s\n", s.title, s.head, rule, strings.Join(s.rows, "\n"))
}

func addIsolation(guest string, c *comparison) {
	i := c.index("warm")
	more := c.more(i)
	isolation.add(1, guest, duration(c.median(0)), duration(c.median(i)),
		fmt.Sprintf("%s (%+.0f %%)", duration(more), 100*more/c.median(i)))
}

// described says what the contenders are.
var described = map[string]string{
	"naive":                        "wazero, compiled once, an instance a task",
	"command":                      "wazero, the same source as a WASI command",
	"process":                      "the same source as a native process a task",
	"extism":                       "Extism Go SDK, a plug-in instance a task",
	"extism-warm":                  "Extism Go SDK, one plug-in for all (not isolated)",
	"wasmtime":                     "wasmtime, pooling and copy-on-write",
	"wasmtime-resident":            "wasmtime, and memory kept resident",
	"wasmtime-resident-fuel":       "wasmtime, and memory kept resident, and metered",
	"wizer+wasmtime":               "Wizer and wasmtime, pooling and copy-on-write",
	"wizer+wasmtime-resident":      "Wizer and wasmtime, and memory kept resident",
	"wizer+wasmtime-resident-fuel": "Wizer and wasmtime, and memory kept resident, and metered",
}

func addPeers(guest string, c *comparison) {
	for i, x := range c.contenders {
		if text, ok := described[x.name]; ok {
			peers.add(2, guest, text, duration(c.median(i)), duration(c.median(0)), fmt.Sprintf("%.1fx", c.ratio(i)))
		}
	}
}

// machine tells what the figures were taken on.
func machine() string {
	kernel, err := exec.Command("uname", "-sr").Output()
	if err != nil {
		kernel = []byte(goruntime.GOOS)
	}
	return fmt.Sprintf("%d cores of %s, %s, %s/%s, %s.\n", goruntime.NumCPU(), processor(), strings.TrimSpace(string(kernel)),
		goruntime.GOOS, goruntime.GOARCH, goruntime.Version())
}

func processor() string {
	text, _ := os.ReadFile("/proc/cpuinfo")
	for line := range strings.Lines(string(text)) {
		if name, value, ok := strings.Cut(line, ":"); ok && strings.TrimSpace(name) == "model name" {
			return strings.TrimSpace(value)
		}
	}
	return "an unknown processor"
}

func TestMain(m *testing.M) {
	modules.RunCompileHelper() // as wasl itself does
	flag.Parse()
	if path := os.Getenv(firstTaskVariable); path != "" {
		os.Exit(runFirstTask(path))
	}
	code := m.Run()
	if code == 0 && *tablePath != "" {
		text := machine()
		for _, s := range sections {
			if len(s.rows) > 0 {
				text += "\n" + s.String()
			}
		}
		if err := os.WriteFile(*tablePath, []byte(text), 0o644); err != nil {
			fmt.Fprintln(os.Stderr, err)
			code = 1
		}
	}
	os.Exit(code)
}
