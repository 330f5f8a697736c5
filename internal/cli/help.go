package cli

import (
	"fmt"
	"strings"

	"github.com/urfave/cli/v2"
	"github.com/xrash/smetrics"
)

// helpCommand is `wasl help COMMAND…`, the same as `wasl COMMAND… --help`.
func helpCommand(std streams) *cli.Command {
	return &cli.Command{
		Name:      "help",
		Usage:     "tell what a command does",
		ArgsUsage: "[COMMAND…]",
		Action: func(c *cli.Context) error {
			words := c.Args().Slice()
			s := sorter{commands: c.App.Commands}
			for _, word := range words {
				s.word(word)
			}
			if len(s.positional) > 0 {
				return noCommand(s.positional[0], s.commands)
			}
			args := append(append([]string{"wasl"}, words...), "--help")
			return newApp(std).RunContext(c.Context, args)
		},
	}
}

// noCommand says that a command does not exist, and which may be meant.
func noCommand(given string, commands []*cli.Command) error {
	var names []string
	for _, c := range commands {
		if !c.Hidden {
			names = append(names, c.Name)
		}
	}
	return usage("no command %q%s (wasl help lists them)", given, didYouMean(nearest(given, names)))
}

// unknownFlag adds to the library's words about a flag that does not exist which
// one may be meant.
func unknownFlag(err error, flags []cli.Flag) error {
	given, unknown := strings.CutPrefix(err.Error(), "flag provided but not defined: -")
	if !unknown {
		return usage("%w", err)
	}
	var names []string
	for _, f := range flags {
		for _, name := range f.Names() {
			if len(name) > 1 {
				names = append(names, name)
			}
		}
	}
	meant := nearest(strings.TrimLeft(given, "-"), names)
	if meant != "" {
		meant = "--" + meant
	}
	return usage("no flag --%s%s", strings.TrimLeft(given, "-"), didYouMean(meant))
}

func didYouMean(what string) string {
	if what == "" {
		return ""
	}
	return fmt.Sprintf(", did you mean %s?", what)
}

// nearest gives the name with the fewest edits from what was given; "" when
// more than a third of it would have to change, or two letters of a short one.
func nearest(given string, names []string) string {
	best, fewest := "", max(2, len(given)/3)+1
	for _, name := range names {
		if n := smetrics.WagnerFischer(given, name, 1, 1, 1); n < fewest {
			best, fewest = name, n
		}
	}
	return best
}
