package cli

import (
	"strings"

	"github.com/urfave/cli/v2"
)

// interspersed moves flags in front of the positional arguments of their
// command, because urfave/cli v2 takes everything after the first positional
// argument for positional too. A lone "-" is positional, and so is everything
// after "--".
func interspersed(app *cli.App, args []string) ([]string, error) {
	if len(args) == 0 {
		return args, nil
	}
	s := sorter{flags: app.Flags, commands: app.Commands, out: args[:1:1]}
	for i := 1; i < len(args); i++ {
		arg := args[i]
		switch {
		case arg == "--":
			s.positional = append(s.positional, args[i+1:]...)
			return s.result(), nil
		case len(arg) > 1 && arg[0] == '-':
			s.options = append(s.options, arg)
			if s.wantsValue(arg) {
				if i+1 == len(args) {
					return nil, usage("flag needs a value: %s", arg)
				}
				i++
				s.options = append(s.options, args[i])
			}
		default:
			s.word(arg)
		}
	}
	return s.result(), nil
}

// sorter collects the arguments of the command that it has reached.
type sorter struct {
	flags      []cli.Flag
	commands   []*cli.Command
	out        []string // what lies before the current command's own arguments
	options    []string
	positional []string
}

// wantsValue tells whether a flag takes the next argument as its value.
func (s *sorter) wantsValue(arg string) bool {
	name, _, assigned := strings.Cut(strings.TrimLeft(arg, "-"), "=")
	if assigned {
		return false
	}
	for _, f := range s.flags {
		for _, n := range f.Names() {
			if n == name {
				_, isBool := f.(*cli.BoolFlag)
				return !isBool
			}
		}
	}
	return false
}

// word takes the name of a subcommand, or else a positional argument.
func (s *sorter) word(arg string) {
	if len(s.positional) == 0 {
		for _, c := range s.commands {
			if c.HasName(arg) {
				s.out = append(append(s.out, s.options...), arg)
				s.options, s.flags, s.commands = nil, c.Flags, c.Subcommands
				return
			}
		}
	}
	s.positional = append(s.positional, arg)
}

func (s *sorter) result() []string {
	out := append(s.out, s.options...)
	if len(s.positional) > 0 {
		out = append(append(out, "--"), s.positional...)
	}
	return out
}
