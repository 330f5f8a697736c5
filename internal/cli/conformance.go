package cli

import (
	"errors"
	"fmt"
	goruntime "runtime"

	"github.com/urfave/cli/v2"

	"github.com/waslrun/wasl/conformance"
)

func conformanceCommand(std streams) *cli.Command {
	return &cli.Command{
		Name:  "conformance",
		Usage: "run the conformance suite",
		Flags: []cli.Flag{
			&cli.StringSliceFlag{Name: "only", Usage: "run the cases whose ID or file matches `PATTERN`; repeatable"},
			&cli.IntFlag{Name: "jobs", Usage: "run `N` cases at a time", Value: goruntime.GOMAXPROCS(0)},
		},
		Action: func(c *cli.Context) error {
			if c.Args().Present() {
				return usage("conformance: takes no arguments, not %q", c.Args().Slice())
			}
			if c.Int("jobs") < 1 {
				return usage("conformance: --jobs must be at least 1")
			}
			cases, err := conformance.Cases()
			if err != nil {
				return err
			}
			report, err := conformance.Run(c.Context, conformance.InProcess{}, cases, conformance.Options{
				Only: c.StringSlice("only"), Concurrency: c.Int("jobs"),
			})
			if c.Context.Err() != nil {
				return &exitError{exitInterrupt, errors.New("interrupted")}
			}
			if err != nil {
				return usage("conformance: %w", err)
			}
			if len(report.Results) == 0 {
				return usage("conformance: no case matches %q", c.StringSlice("only"))
			}
			if err := report.Write(std.out); err != nil {
				return err
			}
			if n := report.Count(conformance.Failed); n > 0 {
				return &exitError{exitFailed, fmt.Errorf("%d of %d cases failed", n, len(report.Results))}
			}
			return nil
		},
	}
}
