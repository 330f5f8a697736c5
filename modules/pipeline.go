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
}

// prepareAnew inspects a binary and rewrites it.
func (s *Store) prepareAnew(binary []byte, limits Limits) (*prepared, error) {
	report, m, err := inspect(binary, limits, s.provider, s.bounds())
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
	layout, err := state.Expose(m)
	if err != nil {
		return nil, err
	}
	if metered {
		if err := meter.Apply(m, meter.Config{Table: limits.Table}); err != nil {
			return nil, err
		}
	}
	return &prepared{layout: layout, binary: wasm.Encode(m)}, nil
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
	p, err := s.prepare(binary, key.limits)
	if err != nil {
		return nil, badModule(src, err)
	}
	compiled, err := s.compile(ctx, p.binary)
	if err != nil {
		if ctx.Err() != nil {
			return nil, context.Cause(ctx)
		}
		return nil, badModule(src, err)
	}
	m := &Module{
		store: s, name: src.label(), limits: key.limits, setup: key.setup, report: p.report, layout: p.layout, compiled: compiled,
		pool: pool{max: s.opts.MaxIdle},
	}
	if n := key.limits.Concurrency; n > 0 {
		m.slots = make(chan struct{}, n)
	}
	if err := m.snapshot(ctx); err != nil {
		err = errors.Join(err, compiled.Close(context.WithoutCancel(ctx)))
		if ctx.Err() != nil {
			return nil, context.Cause(ctx)
		}
		if errors.Is(err, ErrMemoryTotal) { // it is not the module's fault
			return nil, fmt.Errorf("module %s: initialisation: %w", src.label(), err)
		}
		return nil, badModule(src, fmt.Errorf("initialisation: %w", err))
	}
	return m, nil
}
