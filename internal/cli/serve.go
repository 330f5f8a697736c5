package cli

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"sync"
	"time"

	"github.com/urfave/cli/v2"

	"github.com/waslrun/wasl/api"
)

// drainTime is how long requests under way may take once the server is stopped.
const drainTime = 5 * time.Second

func serveCommand(std streams) *cli.Command {
	return &cli.Command{
		Name:  "serve",
		Usage: "serve the Step Functions API",
		Description: "The address is [server] listen of the configuration, 127.0.0.1:8083 without one.\n" +
			"Everything is kept in memory; an interrupt ends the server. GET /health answers while it\n" +
			"serves. The log goes to standard error, a line a record.",
		Flags: append(
			logFlags(),
			configFlag(),
			&cli.StringFlag{Name: "listen", Usage: "listen on `ADDRESS` instead of the configured one"},
		),
		Action: func(c *cli.Context) error {
			if c.Args().Present() {
				return usage("serve: takes no arguments, not %q", c.Args().Slice())
			}
			cfg, err := loadConfig(c.String("config"))
			if err != nil {
				return err
			}
			log, err := operatorLog(c, std.err)
			if err != nil {
				return err
			}
			env, err := newEnvironment(c.Context, environmentOptions{
				config: cfg, log: log, observer: executionLog{log},
			})
			if err != nil {
				return err
			}
			defer func() { _ = env.Close() }()
			address := env.config.Server.Listen
			if c.IsSet("listen") {
				address = c.String("listen")
			}
			stop := env.mindModules(c.Context)
			defer stop()
			return serve(c.Context, env.api, address, func(url string) {
				text := "serving the Step Functions API on " + url
				if c.String("log-format") == "json" {
					log.Info(text)
					return
				}
				fmt.Fprintf(std.err, "wasl: %s\n", text)
			})
		},
	}
}

// filesEvery is how often the files of modules are looked at.
const filesEvery = time.Second

// mindModules prepares the modules that the configuration describes, in the
// background, and minds the files of all that are open until stop is called.
func (e *environment) mindModules(ctx context.Context) (stop func()) {
	ctx, cancel := context.WithCancel(ctx)
	var minding sync.WaitGroup
	minding.Go(func() { e.modules.Watch(ctx, filesEvery) })
	missing := e.modules.Missing()
	for name := range e.config.Modules {
		if missing[name] == "" {
			e.modules.Prepare(name, func() {})
		}
	}
	return func() {
		cancel()
		minding.Wait()
	}
}

// serve listens until the context ends, then lets requests finish for a while.
// announce is told the server's URL once it can be reached.
func serve(ctx context.Context, s *api.Server, address string, announce func(url string)) error {
	listener, err := net.Listen("tcp", address)
	if err != nil {
		return usage("cannot listen on %s: %w", address, cause(err))
	}
	server := s.NewHTTPServer()
	announce("http://" + listener.Addr().String())
	failed := make(chan error, 1)
	go func() { failed <- server.Serve(listener) }()
	select {
	case err := <-failed:
		return err
	case <-ctx.Done():
	}
	drain, cancel := context.WithTimeout(context.WithoutCancel(ctx), drainTime)
	defer cancel()
	if err := server.Shutdown(drain); err != nil {
		_ = server.Close() // what still waits is cut off
	}
	if err := <-failed; !errors.Is(err, http.ErrServerClosed) {
		return err
	}
	return nil
}

// cause is the innermost error of a network error: "address already in use".
func cause(err error) error {
	for {
		inner := errors.Unwrap(err)
		if inner == nil {
			return err
		}
		err = inner
	}
}
