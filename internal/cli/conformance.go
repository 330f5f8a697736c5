package cli

import (
	"errors"
	"fmt"
	"os"
	goruntime "runtime"

	"github.com/urfave/cli/v2"

	"github.com/waslrun/wasl/conformance"
)

func conformanceCommand(std streams) *cli.Command {
	return &cli.Command{
		Name:  "conformance",
		Usage: "run the conformance suite",
		Description: "The cases run on this program's interpreter on virtual time, or on any endpoint that\n" +
			"speaks the Step Functions API. The exit code is 1 when a case fails.",
		Flags: []cli.Flag{
			&cli.StringSliceFlag{Name: "only", Usage: "run the cases whose ID or file matches `PATTERN`; repeatable"},
			&cli.StringFlag{Name: "endpoint", Usage: "test what speaks the Step Functions API at `URL`, signed with AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY if set"},
			&cli.StringFlag{Name: "region", Usage: "the endpoint's AWS `REGION`", Value: "us-east-1"},
			&cli.StringFlag{Name: "role-arn", Usage: "the `ARN` of the role that the endpoint's state machines get"},
			&cli.Float64Flag{Name: "max-seconds", Usage: "skip the endpoint's cases that take longer than `N` seconds", Value: 10},
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
			report, err := conformance.Run(c.Context, conformanceTarget(c), cases, conformance.Options{
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

// conformanceTarget is what the flags want tested.
func conformanceTarget(c *cli.Context) conformance.Target {
	url := c.String("endpoint")
	if url == "" {
		return conformance.InProcess{}
	}
	return conformance.NewEndpoint(url, conformance.EndpointOptions{
		Region: c.String("region"), RoleARN: c.String("role-arn"), MaxSeconds: c.Float64("max-seconds"),
		AccessKeyID: os.Getenv("AWS_ACCESS_KEY_ID"), SecretAccessKey: os.Getenv("AWS_SECRET_ACCESS_KEY"),
		SessionToken: os.Getenv("AWS_SESSION_TOKEN"),
	})
}
