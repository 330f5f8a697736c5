package modules

import (
	"context"
	"errors"
	"fmt"

	"github.com/waslrun/wasl/modules/internal/meter"
	"github.com/waslrun/wasl/modules/internal/state"
	"github.com/waslrun/wasl/modules/internal/wasm"
)

// prepared is a binary that has been inspected and rewritten.
type prepared struct {
	report Report
	layout *state.Layout
	binary []byte
	origin origin
}

// prepareAnew inspects a binary and rewrites it.
func (s *Store) prepareAnew(binary []byte, entry string, limits Limits) (*prepared, error) {
	report, m, err := inspect(binary, entry, limits, s.provider, s.bounds())
	if err != nil {
		return nil, err
	}
	p, err := rewrite(m, limits, !s.opts.NoMetering)
	if err != nil {
		return nil, err
	}
	p.report = report
	return p, nil
}

// rewrite exposes a module's state and meters it. It changes m.
func rewrite(m *wasm.Module, limits Limits, metered bool) (*prepared, error) {
	from := originOf(m, metered)
	layout, err := state.Expose(m)
	if err != nil {
		return nil, err
	}
	if metered {
		if err := meter.Apply(m, meter.Config{Table: limits.Table}); err != nil {
			return nil, err
		}
	}
	return &prepared{layout: layout, binary: wasm.Encode(m), origin: from}, nil
}

// bounds are what a module's code may ask of the compiler.
func (s *Store) bounds() *codeBounds {
	if s.child == nil {
		return &inProcessBounds
	}
	return &childBounds
}

// open runs the pipeline for one binary: inspect, rewrite, compile, take the
// snapshot.
func (s *Store) open(ctx context.Context, src Source, binary []byte, key moduleKey) (*Module, error) {
	p, err := s.prepare(binary, key.entry, key.limits)
	if err != nil {
		return nil, badModule(src, err)
	}
	compiled, err := s.compile(ctx, p.binary)
	switch invalid := (*invalidBinaryError)(nil); {
	case errors.As(err, &invalid):
		return nil, badModule(src, err)
	case err != nil:
		return nil, err
	}
	m := &Module{
		store: s, key: key, name: src.label(), limits: key.limits, setup: key.setup, report: p.report, layout: p.layout, compiled: compiled,
		origin: p.origin, pool: pool{max: s.opts.MaxIdle},
	}
	if n := key.limits.Concurrency; n > 0 {
		m.slots = make(chan struct{}, n)
	}
	exit, err := m.snapshot(ctx)
	switch {
	case err == nil && exit.Kind == ExitReturned:
		return m, nil
	case ctx.Err() != nil:
		err = context.Cause(ctx)
	case errors.Is(err, ErrMemoryTotal) || err == nil && errors.Is(exit.Err, ErrMemoryTotal): // it is not the module's fault
		err = fmt.Errorf("module %s: initialisation: %w", src.label(), errors.Join(err, exit.Err))
	case err == nil:
		err = badModule(src, fmt.Errorf("initialisation: %w%s", exit.Err, exit.at()))
	}
	return nil, errors.Join(err, compiled.Close(context.WithoutCancel(ctx)))
}
