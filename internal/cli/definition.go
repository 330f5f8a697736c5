package cli

import (
	"fmt"
	"strings"

	"github.com/urfave/cli/v2"

	"github.com/waslrun/wasl/asl"
	"github.com/waslrun/wasl/asl/interp"
	"github.com/waslrun/wasl/asl/jsonvalue"
	"github.com/waslrun/wasl/asl/substitution"
	"github.com/waslrun/wasl/internal/config"
)

// setFlag fills in what a definition leaves open.
func setFlag() cli.Flag {
	return &cli.StringSliceFlag{
		Name: "set", Usage: "`NAME=VALUE` puts VALUE in the place of each ${NAME} of the definition; may be given several times",
	}
}

// definitions is how commands read definitions.
type definitions struct {
	look    substitution.Lookup
	options []asl.Option
	std     streams
}

// definitionsOf makes it of what --set and the configuration say.
func definitionsOf(c *cli.Context, cfg *config.Config, std streams) (definitions, error) {
	values, err := assignments(c.StringSlice("set"))
	if err != nil {
		return definitions{}, err
	}
	return definitions{
		look:    substitution.First(values.Lookup, cfg.Fillings().Lookup),
		options: []asl.Option{asl.Fillable, asl.Bound(cfg.Bindings().Binds)},
		std:     std,
	}, nil
}

// assignments reads NAME=VALUE.
func assignments(given []string) (substitution.Values, error) {
	values := substitution.Values{}
	for _, text := range given {
		name, value, ok := strings.Cut(text, "=")
		name = strings.TrimSuffix(strings.TrimPrefix(name, "${"), "}")
		if !ok || !substitution.IsName(name) {
			return nil, usage("--set: write NAME=VALUE for a ${NAME} of the definition, not %q", text)
		}
		values[name] = value
	}
	return values, nil
}

// read reads a file and fills in its ${NAME}s.
func (d definitions) read(file string) (*substitution.Text, error) {
	text, err := readFile(file, d.std.in)
	if err != nil {
		return nil, err
	}
	plain, err := jsonvalue.TextOf(text)
	if err != nil {
		return nil, &exitError{exitInvalid, fmt.Errorf("%s: %w", file, err)}
	}
	return substitution.Apply(plain, d.look), nil
}

// check reads and validates a definition. Positions are those of the file.
func (d definitions) check(file string, more ...asl.Option) (*asl.StateMachine, []asl.Diagnostic, error) {
	text, err := d.read(file)
	if err != nil {
		return nil, nil, err
	}
	machine, found := asl.Check(file, []byte(text.Text), append(d.of(text), more...)...)
	return machine, found, nil
}

// parse reads a definition, or that of one state.
func (d definitions) parse(file string) (*asl.StateMachine, []asl.Diagnostic, error) {
	text, err := d.read(file)
	if err != nil {
		return nil, nil, err
	}
	machine, found := asl.Parse(file, []byte(text.Text), d.of(text)...)
	return machine, found, nil
}

func (d definitions) of(text *substitution.Text) []asl.Option {
	return append(d.options[:len(d.options):len(d.options)], asl.Original(text.Position))
}

// load reads and compiles a definition that is to be run. Its errors go to
// standard error, and so do the values that it lacks; other warnings do not
// concern a run.
func (d definitions) load(file string) (*interp.Program, error) {
	text, err := d.read(file)
	if err != nil {
		return nil, err
	}
	program, found := interp.Load(file, []byte(text.Text), d.of(text)...)
	for _, x := range found {
		if x.Severity == asl.Error || x.Code == asl.UnfilledSubstitution {
			fmt.Fprintln(d.std.err, diagnosticText(file, x))
		}
	}
	if program == nil {
		return nil, &exitError{code: exitInvalid}
	}
	return program, nil
}
