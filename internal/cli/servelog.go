package cli

import (
	"context"
	"io"
	"log/slog"
	"strings"

	"github.com/urfave/cli/v2"

	"github.com/waslrun/wasl/asl/interp"
	"github.com/waslrun/wasl/runtime"
)

// logFlags are the flags of commands that log for operators.
func logFlags() []cli.Flag {
	return []cli.Flag{
		&cli.StringFlag{Name: "log-level", Usage: "log from `LEVEL` on: debug, info, warn or error", Value: "info"},
		&cli.StringFlag{Name: "log-format", Usage: "`FORMAT` of the log: text or json", Value: "text"},
	}
}

// operatorLog makes the log that the flags ask for: a line a record, with time
// and level. What guests say in it is quoted by slog.
func operatorLog(c *cli.Context, w io.Writer) (*slog.Logger, error) {
	var o slog.HandlerOptions
	var level slog.Level
	if err := level.UnmarshalText([]byte(c.String("log-level"))); err != nil || strings.ContainsAny(c.String("log-level"), "+-") {
		return nil, usage("--log-level: %q is not debug, info, warn or error", c.String("log-level"))
	}
	o.Level = level
	switch c.String("log-format") {
	case "text":
		return slog.New(slog.NewTextHandler(w, &o)), nil
	case "json":
		return slog.New(slog.NewJSONHandler(w, &o)), nil
	}
	return nil, usage("--log-format: %q is not text or json", c.String("log-format"))
}

// executionLog logs how executions start and end. It implements
// runtime.ExecutionObserver. The children of Map Runs are many: they are logged
// at debug, unless they fail.
type executionLog struct{ log *slog.Logger }

// ExecutionStarted implements runtime.ExecutionObserver.
func (l executionLog) ExecutionStarted(i runtime.ExecutionInfo) {
	level := slog.LevelInfo
	if i.MapRunARN != "" {
		level = slog.LevelDebug
	}
	l.log.Log(context.Background(), level, "execution started", "execution", i.ARN)
}

// maxLoggedCause is how much of a cause a line has, in bytes.
const maxLoggedCause = 1 << 10

// ExecutionEnded implements runtime.ExecutionObserver.
func (l executionLog) ExecutionEnded(i runtime.ExecutionInfo) {
	level := slog.LevelInfo
	attributes := []any{"execution", i.ARN, "status", string(i.Status), "took", i.Stopped.Sub(i.Started)}
	switch {
	case i.Status != interp.Succeeded && i.Status != interp.Aborted:
		level = slog.LevelWarn
	case i.MapRunARN != "":
		level = slog.LevelDebug
	}
	if o := i.Origin; o != nil {
		attributes = append(attributes, "state", whereabouts(o), "attempt", o.Attempt)
	}
	if i.Error != nil {
		attributes = append(attributes, "error", *i.Error)
	}
	if i.Cause != nil {
		cause := *i.Cause
		if len(cause) > maxLoggedCause {
			cause = strings.ToValidUTF8(cause[:maxLoggedCause], "") + "…"
		}
		attributes = append(attributes, "cause", cause)
	}
	l.log.Log(context.Background(), level, "execution ended", attributes...)
}
