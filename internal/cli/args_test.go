package cli

import (
	"slices"
	"testing"

	"github.com/urfave/cli/v2"
)

func TestInterspersed(t *testing.T) {
	app := &cli.App{
		Flags: []cli.Flag{&cli.BoolFlag{Name: "quiet", Aliases: []string{"q"}}},
		Commands: []*cli.Command{
			{Name: "run", Flags: []cli.Flag{
				&cli.StringFlag{Name: "input", Aliases: []string{"i"}},
				&cli.BoolFlag{Name: "json"},
			}},
			{Name: "module", Subcommands: []*cli.Command{
				{Name: "inspect", Flags: []cli.Flag{&cli.BoolFlag{Name: "json"}, &cli.StringFlag{Name: "as"}}},
			}},
		},
	}
	for _, c := range []struct{ args, want []string }{
		{[]string{"wasl"}, []string{"wasl"}},
		{[]string{"wasl", "run", "F"}, []string{"wasl", "run", "--", "F"}},
		{[]string{"wasl", "run", "F", "--input", "{}", "--json"}, []string{"wasl", "run", "--input", "{}", "--json", "--", "F"}},
		{[]string{"wasl", "run", "--json", "F", "-i", "1"}, []string{"wasl", "run", "--json", "-i", "1", "--", "F"}},
		{[]string{"wasl", "run", "F", "--input=-"}, []string{"wasl", "run", "--input=-", "--", "F"}},
		// The value of a flag may look like a flag.
		{[]string{"wasl", "run", "F", "--input", "-1"}, []string{"wasl", "run", "--input", "-1", "--", "F"}},
		{[]string{"wasl", "run", "F", "--input", "-"}, []string{"wasl", "run", "--input", "-", "--", "F"}},
		{[]string{"wasl", "run", "-", "--json"}, []string{"wasl", "run", "--json", "--", "-"}},
		{[]string{"wasl", "run", "--", "--json"}, []string{"wasl", "run", "--", "--json"}},
		// A file may have the name of a command.
		{[]string{"wasl", "run", "run"}, []string{"wasl", "run", "--", "run"}},
		{[]string{"wasl", "-q", "module", "inspect", "F", "--as", "x", "--json"}, []string{"wasl", "-q", "module", "inspect", "--as", "x", "--json", "--", "F"}},
		{[]string{"wasl", "run", "F", "--unknown", "x"}, []string{"wasl", "run", "--unknown", "--", "F", "x"}},
	} {
		got, err := interspersed(app, c.args)
		if err != nil || !slices.Equal(got, c.want) {
			t.Errorf("%q:\n got %q, %v\nwant %q", c.args, got, err, c.want)
		}
	}
	if _, err := interspersed(app, []string{"wasl", "run", "F", "--input"}); err == nil {
		t.Error("a flag without its value passes")
	}
}
