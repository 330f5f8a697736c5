package modules

import (
	"bytes"
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"github.com/tetratelabs/wazero"
)

// CompileMode says where modules are compiled.
type CompileMode int

// The modes.
const (
	// CompileAuto compiles in a child process where a helper is at hand: one
	// is named in Options.Helper, or this program calls RunCompileHelper.
	CompileAuto CompileMode = iota
	// CompileChild insists on a child process.
	CompileChild
	// CompileInProcess compiles in this process. Only the bounds of the
	// inspection, which are tighter then, stand between a hostile binary and
	// wazero's compiler, which cannot be interrupted: it can take some seconds
	// and some hundred MiB for a binary within them.
	CompileInProcess
)

// Defaults for what a compilation may use.
const (
	defaultCompileCPU    = 30 * time.Second
	defaultCompileMemory = 2 << 30
)

// childCompiler compiles in child processes, into a cache directory that the
// store's runtime reads.
type childCompiler struct {
	command []string
	dir     string // the cache directory
	marks   string // holds a file for each binary that has been compiled
	cpu     time.Duration
	memory  int64
	close   bool // with wazero's close-on-context
	queue   compileQueue
}

// newChildCompiler gives nil when modules are to be compiled in this process.
func newChildCompiler(opts *Options) (*childCompiler, error) {
	command := opts.Helper
	if len(command) == 0 && helperHooked.Load() {
		self, err := os.Executable()
		if err != nil {
			return nil, err
		}
		command = []string{self}
	}
	switch {
	case opts.Compile == CompileInProcess || opts.Engine == EngineInterpreter || !compilerSupported():
		return nil, nil
	case len(command) == 0 && opts.Compile == CompileChild:
		return nil, errors.New("compilation in a child process needs Options.Helper or a call of RunCompileHelper in main")
	case len(command) == 0:
		return nil, nil
	}
	c := &childCompiler{
		command: command, dir: opts.CacheDir, cpu: opts.CompileCPU, memory: opts.CompileMemory,
		close: opts.closeOnContext(),
	}
	setDefault(&c.cpu, defaultCompileCPU)
	setDefault(&c.memory, defaultCompileMemory)
	// A child that is starved of its processor has twice as long.
	c.queue = compileQueue{running: 2, begun: 4, limit: 2 * c.cpu}
	c.marks = filepath.Join(c.dir, "compiled-"+machineFingerprint())
	return c, os.MkdirAll(c.marks, 0o700)
}

// ensure makes sure that the cache holds the code of a binary. A refusal is kept
// like the code, so that no process spends that time again.
func (c *childCompiler) ensure(ctx context.Context, binary []byte) error {
	mark := filepath.Join(c.marks, fmt.Sprintf("%x-%t", sha256.Sum256(binary), c.close))
	if c.compiled(mark) {
		return nil
	}
	refusal := fmt.Sprintf("%s-refused-%s-%d-%s", mark, c.cpu, c.memory, wazeroVersion())
	if reason, err := os.ReadFile(refusal); err == nil {
		return &invalidBinaryError{err: errors.New(string(reason))}
	}
	entry, err := c.make(ctx, binary)
	var refused *invalidBinaryError
	switch {
	case err == nil:
		return writeFileAtomically(mark, []byte(entry))
	case errors.As(err, &refused) && !refused.unsure:
		// One that cannot be written costs time and nothing else.
		_ = writeFileAtomically(refusal, []byte(refused.Error()))
	}
	return err
}

// make compiles a binary into the cache, when it is its turn, and gives the name
// of what it made.
func (c *childCompiler) make(ctx context.Context, binary []byte) (entry string, err error) {
	scratch, err := os.MkdirTemp(c.dir, "scratch-")
	if err != nil {
		return "", err
	}
	defer os.RemoveAll(scratch)
	var child *compileChild
	err = c.queue.do(ctx, len(binary), func() (process, func() error, error) {
		if child, err = c.start(ctx, scratch, binary); err != nil {
			return nil, nil, fmt.Errorf("start the compiler: %w", err)
		}
		return child, child.cmd.Wait, nil
	})
	switch {
	case err == nil:
		return c.adopt(scratch)
	case child == nil || ctx.Err() != nil:
		return "", err
	}
	return "", c.verdict(err, child)
}

// compiled tells whether a mark is there and what it names is.
func (c *childCompiler) compiled(mark string) bool {
	entry, err := os.ReadFile(mark)
	if err != nil {
		return false
	}
	info, err := os.Stat(filepath.Join(c.dir, filepath.FromSlash(string(entry))))
	return err == nil && info.Mode().IsRegular()
}

// compileChild is a helper at work.
type compileChild struct {
	cmd            *exec.Cmd
	stdout, stderr bytes.Buffer
}

// start begins a compilation in a child process, into the directory scratch.
func (c *childCompiler) start(ctx context.Context, scratch string, binary []byte) (*compileChild, error) {
	p := &compileChild{cmd: exec.CommandContext(ctx, c.command[0], c.command[1:]...)}
	p.cmd.Env = append(helperBaseEnv(),
		helperDirEnv+"="+scratch,
		helperCPUEnv+"="+strconv.FormatInt(int64(max(1, c.cpu/time.Second)), 10),
		helperMemoryEnv+"="+strconv.FormatInt(c.memory, 10),
		"GOMEMLIMIT="+strconv.FormatInt(c.memory*3/4, 10),
	)
	if c.close {
		p.cmd.Env = append(p.cmd.Env, helperTerminationEnv+"=yes")
	}
	p.cmd.Stdin, p.cmd.Stdout, p.cmd.Stderr = bytes.NewReader(binary), &p.stdout, &p.stderr
	setApart(p.cmd)
	return p, p.cmd.Start()
}

func (p *compileChild) kill() { _ = p.cmd.Process.Kill() }

// verdict says why a compilation has failed. What the next attempt would meet
// too is an invalidBinaryError.
func (c *childCompiler) verdict(err error, p *compileChild) error {
	var exit *exec.ExitError
	exited := errors.As(err, &exit)
	switch {
	case exited && exit.ExitCode() == exitInvalid:
		return &invalidBinaryError{err: errors.New(p.stdout.String())}
	case ranOutOfMemory(p.stderr.String()):
		return &invalidBinaryError{err: fmt.Errorf("compiling it takes more than %d MiB of memory", c.memory>>20), unsure: true}
	case errors.Is(err, errCompileTime):
		return &invalidBinaryError{err: fmt.Errorf("compiling it takes more than %s", 2*c.cpu), unsure: true}
	case exited && exit.UserTime()+exit.SystemTime() >= c.cpu-time.Second/2:
		return &invalidBinaryError{err: fmt.Errorf("compiling it takes more than %s of a processor's time", c.cpu)}
	default:
		text, _, _ := strings.Cut(strings.TrimSpace(p.stderr.String()), "\n")
		return fmt.Errorf("the compiler failed: %w: %s", err, text)
	}
}

// ranOutOfMemory recognises how Go's runtime ends when it is given no more.
func ranOutOfMemory(stderr string) bool {
	for _, sign := range []string{"out of memory", "cannot allocate memory", "failed to allocate", "errno=12"} {
		if strings.Contains(stderr, sign) {
			return true
		}
	}
	return false
}

// adopt moves what a child made into the cache and gives its name there.
func (c *childCompiler) adopt(scratch string) (string, error) {
	entries, err := filepath.Glob(filepath.Join(scratch, "wazero-*", "*"))
	if err != nil {
		return "", err
	}
	if len(entries) != 1 {
		return "", fmt.Errorf("the compile helper left %d files, not 1", len(entries))
	}
	name, err := filepath.Rel(scratch, entries[0])
	if err != nil {
		return "", err
	}
	target := filepath.Join(c.dir, name)
	if err := os.MkdirAll(filepath.Dir(target), 0o700); err != nil {
		return "", err
	}
	return filepath.ToSlash(name), os.Rename(entries[0], target)
}

func writeFileAtomically(path string, contents []byte) error {
	f, err := os.CreateTemp(filepath.Dir(path), ".new-")
	if err != nil {
		return err
	}
	defer os.Remove(f.Name())
	_, err = f.Write(contents)
	if err = errors.Join(err, f.Close()); err != nil {
		return err
	}
	return os.Rename(f.Name(), path)
}

// compile gives a rewritten binary to the engine.
func (s *Store) compile(ctx context.Context, binary []byte) (wazero.CompiledModule, error) {
	if s.child != nil {
		if err := s.child.ensure(ctx, binary); err != nil {
			return nil, err
		}
	}
	compiled, err := s.runtime.CompileModule(ctx, binary)
	if err != nil && ctx.Err() == nil {
		err = &invalidBinaryError{err: err}
	}
	return compiled, err
}
