package hostfuncs

import (
	"bytes"
	"context"
	"encoding/binary"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/waslrun/wasl/asl/errname"
	"github.com/waslrun/wasl/hostfuncs/files"
	"github.com/waslrun/wasl/internal/printable"
	"github.com/waslrun/wasl/modules"
	"github.com/waslrun/wasl/storage"
)

func contains(s, part string) bool { return strings.Contains(s, part) }

// everything is a task that may do all there is, but on a store of its own.
func everything() Task {
	client, err := NewHTTPClient(HTTPOptions{Hosts: []string{"unreachable.invalid"}})
	if err != nil {
		panic(err)
	}
	folders, err := files.Open(files.Options{Scratch: "/tmp", Size: 1 << 20})
	if err != nil {
		panic(err)
	}
	store := storage.NewMemory()
	if _, err := store.Put(context.Background(), "b", "k", []byte("value"), ""); err != nil {
		panic(err)
	}
	return Task{
		Storage: store,
		Context: func() []byte { return []byte(`{"State":{"Name":"S"}}`) },
		Grants: &Grants{
			Storage: []BucketGrant{{Bucket: "b", Read: true, Write: true}},
			Env:     map[string]string{"NAME": "value"},
			Secrets: map[string]string{"TOKEN": "hunter2"},
			HTTP:    client,
			Files:   folders,
		},
		Limits: Limits{Output: 1 << 20, Log: 1 << 16, Stored: 1 << 20},
	}
}

// allowedResult reports whether a function may answer so.
func allowedResult(f function, module string, result uint64) bool {
	switch {
	case f.results == "":
		return true
	case module == "wasi":
		return errno(result) <= errnoNotcapable && errno(result) != files.IO
	case module == "wasl" && f.results == "i":
		return int32(result) >= int32(codeUnavailable)
	case module == "wasl":
		return int64(result) >= int64(codeUnavailable)
	}
	return true
}

// Every function, with pointers and lengths at and beyond every edge.
func TestNoArgumentLeadsOutOfTheMemory(t *testing.T) {
	edges := []uint64{
		0, 1, 7, 8, 16, 64, guestMemory - 8, guestMemory - 1, guestMemory, guestMemory + 1,
		1 << 31, 0xfffffff8, 0xffffffff, 1 << 32, 1<<32 | 8, 1 << 63, 1<<64 - 1,
	}
	random := rand.New(rand.NewPCG(1, 2))
	for _, name := range allNames {
		t.Run(name, func(t *testing.T) {
			f := allFunctions[name]
			module, _, _ := strings.Cut(name, ".")
			g := newGuest(t, everything(), modules.ABICommand, "input")
			for range 3000 {
				args := make([]uint64, len(f.params))
				for i := range args {
					args[i] = edges[random.IntN(len(edges))]
				}
				if result := g.call(name, args...); !allowedResult(f, module, result) {
					t.Fatalf("%s%x = %x", name, args, result)
				}
				if g.ended != nil {
					g = newGuest(t, everything(), modules.ABICommand, "input")
				}
			}
		})
	}
}

// A module without a memory has an empty one.
func TestNoMemory(t *testing.T) {
	for _, name := range allNames {
		g := newGuest(t, everything(), modules.ABICommand, "input")
		g.fake.mem = nil
		g.call(name, make([]uint64, len(allFunctions[name].params))...)
		if _, failure := g.end(); failure != nil && contains(failure.Cause, "host function") {
			t.Errorf("%s: %s", name, failure.Cause)
		}
	}
}

func FuzzHostFunctions(f *testing.F) {
	for i := range allNames {
		f.Add(uint8(i), uint8(1), []byte("some memory, some texts"), []byte{0, 0, 0, 4, 0, 0, 0, 8, 16, 0, 0, 4})
	}
	f.Fuzz(func(t *testing.T, which, abi uint8, content, raw []byte) {
		g := newGuest(t, everything(), modules.ABI(abi%4), string(content))
		copy(g.memory(), content)
		// A few calls in a row, whose arguments are mostly small.
		for range 4 {
			name := allNames[int(which)%len(allNames)]
			fn := allFunctions[name]
			args := make([]uint64, len(fn.params))
			for i := range args {
				if len(raw) >= 2 {
					args[i] = uint64(binary.LittleEndian.Uint16(raw))
					switch raw[0] {
					case 0xff:
						args[i] |= ^uint64(0xffff)
					case 0xfe: // the handle of a plug-in's block
						args[i] = uint64(raw[1]&3)<<32 | uint64(raw[1]>>2)
					}
					raw = raw[2:]
				}
			}
			module, _, _ := strings.Cut(name, ".")
			if result := g.call(name, args...); !allowedResult(fn, module, result) {
				t.Fatalf("%s%x = %x", name, args, result)
			}
			if g.ended != nil || len(raw) == 0 {
				break
			}
			which, raw = raw[0], raw[1:]
		}
		output, failure := g.end()
		switch {
		case failure != nil && contains(failure.Cause, "host function"):
			t.Fatalf("the host's own fault: %s", failure.Cause)
		case failure != nil && errname.Reserved(failure.Error) && failure.Error != errname.TaskFailed:
			t.Fatalf("the guest named %s", failure.Error)
		case failure == nil && checkJSON([]byte(output)) != nil:
			t.Fatalf("took %q for JSON", output)
		}
		for _, line := range g.lines {
			if printable.Text(line.Text) != line.Text {
				t.Fatalf("the log has %q", line.Text)
			}
		}
	})
}

// Row 17: many buffers that all name the whole memory.
func TestABombOfBuffersMovesAMegabyte(t *testing.T) {
	for _, name := range []string{"fd_read", "fd_write"} {
		g := newGuest(t, Task{}, modules.ABICommand, strings.Repeat("x", 8<<20))
		fd := uint64(stdin)
		if name == "fd_write" {
			fd = stderr
		}
		const count = 4000
		for i := range count {
			binary.LittleEndian.PutUint32(g.memory()[8*i:], 0)
			binary.LittleEndian.PutUint32(g.memory()[8*i+4:], 40000)
		}
		if name == "fd_read" { // the input overwrites the list
			for i := range count {
				binary.LittleEndian.PutUint32(g.memory()[8*i:], 40000)
				binary.LittleEndian.PutUint32(g.memory()[8*i+4:], guestMemory-40000-8)
			}
		}
		if e := g.wasi(name, fd, 0, count, guestMemory-4); e != errnoSuccess {
			t.Fatalf("%s: errno %d", name, e)
		}
		if moved := binary.LittleEndian.Uint32(g.memory()[guestMemory-4:]); moved != maxTransfer {
			t.Errorf("%s moved %d bytes", name, moved)
		}
		if e := g.wasi(name, fd, 0, 1<<29, guestMemory-4); e != errnoSuccess && e != errnoFault {
			t.Errorf("%s of a list longer than the memory: errno %d", name, e)
		}
	}
}

// Row 18: floods.
func TestFloodsAreCutOff(t *testing.T) {
	t.Run("stdout", func(t *testing.T) {
		g := newGuest(t, Task{Limits: Limits{Output: 100 << 10}}, modules.ABICommand, "")
		for i := 0; g.ended == nil; i++ {
			if i > 10 {
				t.Fatal("300 KiB were taken")
			}
			g.write(stdout, strings.Repeat(" ", 30<<10))
		}
		g.wantFailure(modules.ErrOutputTooLarge, "102400 bytes")
	})
	t.Run("output_write", func(t *testing.T) {
		g := newGuest(t, Task{Limits: Limits{Output: 100}}, modules.ABIReactor, "")
		g.call("wasl.output_write", 0, 100)
		if g.ended != nil {
			t.Fatal("ended at the limit")
		}
		g.call("wasl.output_write", 0, 1)
		g.wantFailure(modules.ErrOutputTooLarge, "100 bytes")
	})
	t.Run("stderr and log", func(t *testing.T) {
		g := newGuest(t, Task{Limits: Limits{Log: 1000}}, modules.ABICommand, "")
		for range 100 {
			g.write(stderr, strings.Repeat("e", 99)+"\n")
			g.call("wasl.log", 0, 100)
		}
		output, failure, usage := g.session.End(modules.Exit{})
		if string(output) != "null" || failure != nil {
			t.Errorf("output %q, failure %v", output, failure)
		}
		if usage.LogBytes != 20_000 || usage.HostCalls != 200 {
			t.Errorf("usage %+v", usage)
		}
		notice := LogLine{StreamHost, "the log is longer than its limit; the rest is dropped"}
		if len(g.lines) != 10 || g.lines[9] != notice {
			t.Errorf("%d lines, the last %v", len(g.lines), g.lines[len(g.lines)-1])
		}
	})
	t.Run("a line without an end", func(t *testing.T) {
		g := newGuest(t, Task{}, modules.ABICommand, "")
		g.write(stderr, strings.Repeat("e", 3*maxLine+5))
		g.session.End(modules.Exit{})
		var sizes []int
		for _, l := range g.lines {
			sizes = append(sizes, len(l.Text))
		}
		if !slices.Equal(sizes, []int{maxLine, maxLine, maxLine, 5}) {
			t.Errorf("lines of %v bytes", sizes)
		}
	})
	t.Run("the end of stderr", func(t *testing.T) {
		var end tail
		for range 100 {
			end.write(bytes.Repeat([]byte("x"), 50<<10))
			end.write([]byte("\nlast"))
		}
		if cap(end.data) > 4*maxTail || string(end.lastLine()) != "last" {
			t.Errorf("%d bytes are kept, the last line is %.20q", cap(end.data), end.lastLine())
		}
	})
}

// Row 19: a log line stays one line and only text.
func TestLogInjection(t *testing.T) {
	const forged = "fine\nERROR forged\r\n\x1b[2J\x1b]0;title\x07\x00\xff \u2028\u202e\u0085{\"level\":\"x\"}"
	g := newGuest(t, Task{}, modules.ABIReactor, "")
	ptr, n := g.text(0, forged)
	g.call("wasl.log", ptr, n)
	g.write(stderr, forged)
	g.session.End(modules.Exit{})
	want := []string{
		`log: fine\nERROR forged\r\n\x1b[2J\x1b]0;title\x07\x00\xff \u{2028}\u{202e}\x85{"level":"x"}`,
		`stderr: fine`,
		`stderr: ERROR forged`,
		`stderr: \x1b[2J\x1b]0;title\x07\x00\xff \u{2028}\u{202e}\x85{"level":"x"}`,
	}
	if got := g.log(); !slices.Equal(got, want) {
		t.Errorf("got\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}

func TestSecretsAreMasked(t *testing.T) {
	task := everything()
	task.Grants.Secrets["PREFIX"], task.Grants.Secrets["SHORT"], task.Grants.Secrets["EMPTY"] = "hunt", "t", ""
	g := newGuest(t, task, modules.ABICommand, "")
	g.write(stderr, "the token is hunter2\n")
	g.call("wasi.proc_exit", 3)
	g.wantFailure(errname.TaskFailed, "exit code 3\nthe token is [secret]")
	if got := g.log(); !slices.Equal(got, []string{"stderr: the token is [secret]"}) {
		t.Errorf("log: %q", got)
	}
}

// A failure goes into histories, where secrets belong as little.
func TestSecretsAreMaskedInFailures(t *testing.T) {
	for name, c := range map[string]struct {
		abi  modules.ABI
		fail func(g *guest)
		want modules.Failure
	}{
		"fail": {modules.ABIReactor, func(g *guest) {
			at, n := g.text(0, "Token.hunter2")
			why, m := g.text(100, "hunter2 is wrong")
			g.call("wasl.fail", at, n, why, m)
		}, modules.Failure{Error: "Token.[secret]", Cause: "[secret] is wrong"}},
		"the last line of stderr": {modules.ABICommand, func(g *guest) {
			g.write(stderr, `{"Error":"Refused","Cause":"hunter2"}`)
			g.call("wasi.proc_exit", 1)
		}, modules.Failure{Error: "Refused", Cause: "[secret]"}},
	} {
		t.Run(name, func(t *testing.T) {
			g := newGuest(t, everything(), c.abi, "")
			c.fail(g)
			g.wantFailure(c.want.Error, c.want.Cause)
		})
	}
}

// A secret of several lines is found in a stream, which is cut into lines, too.
func TestSecretsOfSeveralLinesAreMasked(t *testing.T) {
	key := "-----BEGIN KEY-----\r\nMC4CAQAw\n\nBQYD\n=\n"
	g := newGuest(t, Task{Grants: &Grants{Secrets: map[string]string{"KEY": key}}}, modules.ABICommand, "")
	g.write(stderr, "it is\n"+key)
	ptr, n := g.text(0, "it is "+key)
	g.call("wasl.log", ptr, n)
	want := []string{"stderr: it is", "stderr: [secret]", "stderr: [secret]", "stderr: ", "stderr: [secret]", "stderr: =", "log: it is [secret]"}
	if got := g.log(); !slices.Equal(got, want) {
		t.Errorf("log: %q", got)
	}
}

// Row 20: no exit code looks like anything but an exit code.
func TestExitCodes(t *testing.T) {
	for code, cause := range map[uint64]string{
		1: "exit code 1", 0xefffffff: "exit code 4026531839", 0xffffffff: "exit code 4294967295", 137: "exit code 137",
	} {
		g := newGuest(t, Task{}, modules.ABICommand, "")
		g.call("wasi.proc_exit", code)
		g.wantFailure(errname.TaskFailed, cause)
	}
	g := newGuest(t, Task{}, modules.ABICommand, "")
	g.write(stdout, `{"a":1}`)
	g.call("wasi.proc_exit", 0)
	if output, failure := g.end(); output != `{"a":1}` || failure != nil {
		t.Errorf("exit code 0 gives %q, %v", output, failure)
	}
}

// Row 25 and 27: there are no files, and descriptors do not become any.
func TestThereAreNoFiles(t *testing.T) {
	task := everything()
	task.Grants.Files = nil
	g := newGuest(t, task, modules.ABICommand, "input")
	for _, path := range []string{"../etc/passwd", "/etc/passwd", "a\x00b", ""} {
		ptr, n := g.text(100, path)
		for fd := range uint64(8) {
			if e := g.wasi("path_open", fd, 1, ptr, n, 9, 1<<64-1, 1<<64-1, 0, 0); e != errnoBadf {
				t.Errorf("path_open(%d, %q): errno %d", fd, path, e)
			}
			if e := g.wasi("path_link", fd, 0, ptr, n, fd, ptr, n); e != errnoBadf {
				t.Errorf("path_link: errno %d", e)
			}
			if e := g.wasi("path_symlink", ptr, n, fd, ptr, n); e != errnoBadf {
				t.Errorf("path_symlink: errno %d", e)
			}
			if e := g.wasi("fd_filestat_set_size", fd, 0); e == errnoSuccess {
				t.Errorf("descriptor %d was truncated", fd)
			}
			if e := g.wasi("fd_prestat_get", fd, 0); e != errnoBadf {
				t.Errorf("fd_prestat_get(%d): errno %d", fd, e)
			}
		}
	}
	for from := range uint64(6) {
		for to := range uint64(6) {
			if e := g.wasi("fd_renumber", from, to); e == errnoSuccess {
				t.Errorf("fd_renumber(%d, %d) did something", from, to)
			}
		}
	}
	if e := g.wasi("fd_close", stdin); e != errnoSuccess {
		t.Errorf("fd_close: errno %d", e)
	}
	for _, e := range []errno{
		g.wasi("fd_close", stdin), g.wasi("fd_read", stdin, 0, 1, 8), g.wasi("fd_close", 3), g.wasi("fd_close", 0xffffffff),
		g.wasi("fd_write", stdin, 0, 1, 8), g.wasi("fd_read", stdout, 0, 1, 8),
	} {
		if e != errnoBadf {
			t.Errorf("errno %d", e)
		}
	}
}
