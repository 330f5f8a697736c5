package cli

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"slices"

	"github.com/waslrun/wasl/api"
	"github.com/waslrun/wasl/asl/jsonvalue"
	"github.com/waslrun/wasl/hostfuncs"
	"github.com/waslrun/wasl/internal/config"
	"github.com/waslrun/wasl/modules"
	"github.com/waslrun/wasl/runtime"
	"github.com/waslrun/wasl/runtime/registry"
	"github.com/waslrun/wasl/storage"
)

// environment is everything that runs executions, wired up by a configuration.
type environment struct {
	config   *config.Config
	modules  *runtime.ModuleSet
	registry *registry.Registry
	engine   *runtime.Engine
	api      *api.Server
	closers  []func() error // in the order of opening
}

// environmentOptions are what commands decide and the configuration does not.
type environmentOptions struct {
	config *config.Config
	log    *slog.Logger
	// unlimitedEvents lets a history grow beyond the configured limit.
	unlimitedEvents bool
	// usage is told what the calls of modules cost. Nil: nobody is.
	usage runtime.UsageSink
	// observer is told of executions that start and end. Nil: nobody is.
	observer runtime.ExecutionObserver
}

// newEnvironment wires up what a configuration asks for. Close must be called.
func newEnvironment(ctx context.Context, o environmentOptions) (*environment, error) {
	e := &environment{}
	if err := e.open(ctx, o); err != nil {
		return nil, errors.Join(err, e.Close())
	}
	return e, nil
}

func (e *environment) open(ctx context.Context, o environmentOptions) error {
	c := o.config
	e.config = c
	objects, closeObjects, err := c.OpenStorage()
	if err != nil {
		return usage("[storage] path: %w", err)
	}
	e.closers = append(e.closers, closeObjects)
	if err := e.openModules(ctx, objects, o.log); err != nil {
		return err
	}
	e.registry = registry.New(registry.Options{
		Region: c.AWS.Region, Account: c.AWS.AccountID,
		Defined: e.prepareInBackground,
	})
	limits := c.EngineLimits()
	if o.unlimitedEvents {
		limits.Events = 0
	}
	e.engine = runtime.New(runtime.Options{
		Region: c.AWS.Region, Account: c.AWS.AccountID, Registry: e.registry, Storage: objects,
		Modules: e.modules, Resources: c.Bindings(), SDK: e.sdk,
		Workers: c.Workers.Count, Limits: limits, Usage: o.usage, Observer: o.observer, Log: o.log,
	})
	e.closers = append(e.closers, e.engine.Close)
	e.api = api.New(api.Options{
		Engine: e.engine, Registry: e.registry, Region: c.AWS.Region, Account: c.AWS.AccountID,
		MaxPayload: apiPayload(limits.Payload), Bound: c.Bindings().Binds, Expressions: limits.Expressions, Log: o.log,
	})
	return nil
}

func (e *environment) openModules(ctx context.Context, objects storage.Store, log *slog.Logger) error {
	specs, err := e.config.ModuleSpecs()
	if err != nil {
		return usage("%w", err)
	}
	for _, spec := range specs {
		if files := spec.Grants.Files; files != nil {
			e.closers = append(e.closers, files.Close)
		}
	}
	store, err := openStore(ctx, e.config)
	if err != nil {
		return err
	}
	e.modules = runtime.NewModuleSet(runtime.ModuleSetOptions{
		Store: store, Storage: objects, Specs: specs, Folder: string(e.config.Wasm.ModuleDir), Log: log,
	})
	e.closers = append(e.closers, e.modules.Close, func() error { return store.Close(context.WithoutCancel(ctx)) })
	for name, path := range e.modules.Missing() { // perhaps mistyped, and the module that is meant has no grants
		log.Warn(fmt.Sprintf("[modules.%s] is for a file that is not there", name), "path", path)
	}
	return nil
}

// openStore makes the sandbox that a configuration asks for.
func openStore(ctx context.Context, c *config.Config) (*modules.Store, error) {
	store, err := modules.NewStore(ctx, modules.Options{
		Host:        hostfuncs.New(hostfuncs.Options{}),
		CacheDir:    string(c.Wasm.CacheDir),
		Engine:      c.ModuleEngine(),
		Compile:     compileModes[c.Wasm.Compile],
		MemoryTotal: c.MemoryTotal(),
		MaxIdle:     cmp.Or(c.Workers.Count, runtime.DefaultWorkers()), // each may need one again
	})
	if err != nil {
		return nil, usage("[wasm] cache_dir: %w", err)
	}
	return store, nil
}

// unlimitedPayload is how large a payload may be on its way through the API
// when the configuration sets no limit.
const unlimitedPayload = 32 << 20

func apiPayload(limit int) int {
	if limit == 0 {
		return unlimitedPayload
	}
	return limit
}

// compileModes are the values of [wasm] compile. A child process is used where
// the platform has one.
var compileModes = map[string]modules.CompileMode{
	"process": modules.CompileAuto, "in-process": modules.CompileInProcess,
}

// Close stops the engine and lets go of modules and storage. Closing again does
// nothing.
func (e *environment) Close() error {
	var all []error
	for _, f := range slices.Backward(e.closers) {
		all = append(all, f())
	}
	e.closers = nil
	return errors.Join(all...)
}

// loadConfig reads a configuration; "" are the defaults.
func loadConfig(file string) (*config.Config, error) {
	if file == "" {
		return config.Parse("", "")
	}
	c, err := config.Load(file)
	if path := (*os.PathError)(nil); errors.As(err, &path) {
		return nil, usage("%s: %w", path.Path, path.Err)
	}
	if err != nil {
		return nil, usage("%w", err)
	}
	return c, nil
}

// sdk answers the engine's aws-sdk:sfn calls with the API.
func (e *environment) sdk(ctx context.Context, service, action string, args jsonvalue.Value) (jsonvalue.Value, error) {
	if service != "sfn" {
		return jsonvalue.Value{}, &runtime.ServiceError{
			Code: "UnknownServiceException", Message: fmt.Sprintf("wasl has no service %s", service),
		}
	}
	answer, err := e.api.SDK(ctx, action, args)
	if known := (*api.Error)(nil); errors.As(err, &known) {
		return jsonvalue.Value{}, &runtime.ServiceError{Code: known.Type, Message: known.Message}
	}
	return answer, err
}
