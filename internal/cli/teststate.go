package cli

import (
	"errors"
	"fmt"
	"log/slog"
	"strconv"
	"strings"

	"github.com/urfave/cli/v2"

	"github.com/waslrun/wasl/api"
	"github.com/waslrun/wasl/asl"
	"github.com/waslrun/wasl/asl/jsonvalue"
)

func testCommand(std streams) *cli.Command {
	return &cli.Command{
		Name:      "test",
		Usage:     "run one state on its own, as TestState does",
		ArgsUsage: "FILE",
		Description: "FILE is a state machine, with --state, or the definition of one state. The answer of\n" +
			"TestState goes to standard output. Exit codes: 0 SUCCEEDED, CAUGHT_ERROR or RETRIABLE,\n" +
			"1 FAILED, 2 usage, 3 invalid definition.",
		Flags: []cli.Flag{
			&cli.StringFlag{Name: "state", Aliases: []string{"s"}, Usage: "the state's `NAME`"},
			inputFlag(),
			&cli.StringFlag{Name: "variables", Usage: "what was assigned before: `JSON`, @FILE, or -"},
			&cli.StringFlag{Name: "context", Usage: "the context object: `JSON`, @FILE, or -"},
			&cli.StringFlag{Name: "mock", Usage: "the result of the state's task or iterations: `JSON`, @FILE, or -"},
			&cli.StringFlag{Name: "mock-error", Usage: "the error that the state's task ends with: `NAME` or NAME:CAUSE"},
			&cli.StringFlag{Name: "validation", Usage: "how the mock is held against the service's answer: `MODE` is STRICT, PRESENT or NONE"},
			&cli.StringFlag{Name: "inspect", Usage: "what to show of the data: `LEVEL` is INFO, DEBUG or TRACE", Value: "INFO"},
			&cli.Int64Flag{Name: "retries", Usage: "how often the matching retrier was used: `N`"},
			&cli.Int64Flag{Name: "failed-iterations", Usage: "how many iterations of the Map state failed: `N`"},
			&cli.StringFlag{Name: "error-caused-by", Usage: "the inner `STATE` that the mocked error comes from"},
			&cli.StringFlag{Name: "reader-data", Usage: "what the ItemReader of a Map state reads: `TEXT`, @FILE, or -"},
			queryFlag(),
			setFlag(),
			configFlag(),
		},
		Action: func(c *cli.Context) error { return testState(c, std) },
	}
}

func testState(c *cli.Context, std streams) error {
	file, err := oneFile(c)
	if err != nil {
		return err
	}
	if std.query, err = queryOf(c); err != nil {
		return err
	}
	cfg, err := loadConfig(c.String("config"))
	if err != nil {
		return err
	}
	read, err := definitionsOf(c, cfg, std)
	if err != nil {
		return err
	}
	definition, err := testDefinition(c, file, read)
	if err != nil {
		return err
	}
	request, err := testRequest(c, file, definition, std)
	if err != nil {
		return err
	}
	env, err := newEnvironment(c.Context, environmentOptions{config: cfg, log: newConsole(std.err).Logger(slog.LevelInfo)})
	if err != nil {
		return err
	}
	defer func() { _ = env.Close() }()
	request = request.With("roleArn", jsonvalue.StringOf(env.roleARN()))
	answer, err := env.api.Call(c.Context, "TestState", request)
	if refused := (*api.Error)(nil); errors.As(err, &refused) {
		code := exitUsage
		if refused.Type == "InvalidDefinition" {
			code = exitInvalid
		}
		return &exitError{code, errors.New(file + ": " + refused.Message)}
	}
	if c.Context.Err() != nil {
		return &exitError{exitInterrupt, errors.New("interrupted")}
	}
	if err != nil {
		return err
	}
	if err := std.printJSON(answer); err != nil {
		return err
	}
	if answer.Field("status").Text() == "FAILED" {
		return &exitError{code: exitFailed}
	}
	return nil
}

// testDefinition reads the definition of a machine, of which --state names a
// state, or that of a state.
func testDefinition(c *cli.Context, file string, read definitions) (jsonvalue.Value, error) {
	definition, found, err := read.parse(file)
	if err != nil {
		return jsonvalue.Value{}, err
	}
	if definition != nil {
		found = asl.Unfilled(definition)
	}
	for _, d := range found {
		fmt.Fprintln(read.std.err, diagnosticText(file, d))
	}
	if definition == nil {
		return jsonvalue.Value{}, &exitError{code: exitInvalid}
	}
	return definition.Source.Document, nil
}

// testRequest makes TestState's request of the flags.
func testRequest(c *cli.Context, file string, definition jsonvalue.Value, std streams) (jsonvalue.Value, error) {
	b := jsonvalue.NewObject(8)
	b.Set("definition", jsonvalue.StringOf(definition.String()))
	b.Set("inspectionLevel", jsonvalue.StringOf(strings.ToUpper(c.String("inspect"))))
	switch states := definition.Field("States"); {
	case c.IsSet("state"):
		b.Set("stateName", jsonvalue.StringOf(c.String("state")))
	case states.Kind() == jsonvalue.Object:
		return jsonvalue.Value{}, &exitError{exitUsage, errors.New(file + " is a state machine: say with --state which state to test" + examples(states))}
	}
	for _, name := range []string{"input", "variables", "context"} {
		if err := setJSON(b, name, c, name, std); err != nil {
			return jsonvalue.Value{}, err
		}
	}
	mock, err := mockOf(c, std)
	if err != nil {
		return jsonvalue.Value{}, err
	}
	configuration, err := stateConfiguration(c, std)
	if err != nil {
		return jsonvalue.Value{}, err
	}
	for key, v := range map[string]jsonvalue.Value{"mock": mock, "stateConfiguration": configuration} {
		if v.Len() > 0 {
			b.Set(key, v)
		}
	}
	return b.Value(), nil
}

// examples names a few of a machine's states, for a hint.
func examples(states jsonvalue.Value) string {
	const few = 5
	var names []string
	for name := range states.Members() {
		if len(names) == few {
			names = append(names, "…")
			break
		}
		names = append(names, strconv.Quote(name))
	}
	if len(names) == 0 {
		return ""
	}
	return " (it has " + strings.Join(names, ", ") + ")"
}

// setJSON sets a member of a request to the JSON text that a flag gives.
func setJSON(b jsonvalue.ObjectBuilder, key string, c *cli.Context, flag string, std streams) error {
	if !c.IsSet(flag) {
		return nil
	}
	text, _, err := readJSON("--"+flag, c.String(flag), std.in)
	b.Set(key, jsonvalue.StringOf(text))
	return err
}

func mockOf(c *cli.Context, std streams) (jsonvalue.Value, error) {
	b := jsonvalue.NewObject(3)
	if err := setJSON(b, "result", c, "mock", std); err != nil {
		return jsonvalue.Value{}, err
	}
	if c.IsSet("mock-error") {
		name, cause, _ := strings.Cut(c.String("mock-error"), ":")
		b.Set("errorOutput", jsonvalue.ObjectOf(
			jsonvalue.Member{Key: "error", Value: jsonvalue.StringOf(name)},
			jsonvalue.Member{Key: "cause", Value: jsonvalue.StringOf(cause)},
		))
	}
	if c.IsSet("validation") {
		b.Set("fieldValidationMode", jsonvalue.StringOf(strings.ToUpper(c.String("validation"))))
	}
	return b.Value(), nil
}

func stateConfiguration(c *cli.Context, std streams) (jsonvalue.Value, error) {
	b := jsonvalue.NewObject(4)
	for flag, key := range map[string]string{"retries": "retrierRetryCount", "failed-iterations": "mapIterationFailureCount"} {
		if c.IsSet(flag) {
			b.Set(key, jsonvalue.IntOf(c.Int64(flag)))
		}
	}
	if c.IsSet("error-caused-by") {
		b.Set("errorCausedByState", jsonvalue.StringOf(c.String("error-caused-by")))
	}
	if c.IsSet("reader-data") {
		text, _, err := readText("--reader-data", c.String("reader-data"), std.in)
		if err != nil {
			return jsonvalue.Value{}, err
		}
		b.Set("mapItemReaderData", jsonvalue.StringOf(text))
	}
	return b.Value(), nil
}
