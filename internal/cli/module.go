package cli

import (
	"context"
	"fmt"
	"io"
	"strings"

	"github.com/urfave/cli/v2"

	"github.com/waslrun/wasl/asl/jsonvalue"
	"github.com/waslrun/wasl/hostfuncs"
	"github.com/waslrun/wasl/modules"
)

func moduleCommand(std streams) *cli.Command {
	return &cli.Command{
		Name:  "module",
		Usage: "look at modules",
		Action: func(c *cli.Context) error {
			if c.Args().Present() {
				return noCommand(c.Args().First(), c.Command.Subcommands)
			}
			return cli.ShowSubcommandHelp(c)
		},
		Subcommands: []*cli.Command{{
			Name:      "inspect",
			Usage:     "tell what a module is, what it asks for and whether it would be run",
			ArgsUsage: "FILE",
			Flags:     []cli.Flag{&cli.BoolFlag{Name: "json", Usage: "print one JSON object"}},
			Action: func(c *cli.Context) error {
				file, err := oneFile(c)
				if err != nil {
					return err
				}
				binary, err := readFile(file, std.in)
				if err != nil {
					return err
				}
				report, refused, err := inspectModule(c.Context, binary)
				if err != nil {
					return err
				}
				print := printReport
				if c.Bool("json") {
					print = printReportJSON
				}
				if err := print(std.out, report); err != nil {
					return err
				}
				if refused != nil {
					return &exitError{exitModule, fmt.Errorf("%s would not be run: %w", file, refused)}
				}
				return nil
			},
		}},
	}
}

// inspectModule inspects a binary as the engine would, with the imports that
// the host provides. refused says why the engine would not run it.
func inspectModule(ctx context.Context, binary []byte) (report modules.Report, refused, err error) {
	store, err := modules.NewStore(ctx, modules.Options{Host: hostfuncs.New(hostfuncs.Options{}), Engine: modules.EngineInterpreter})
	if err != nil {
		return report, nil, err
	}
	defer func() { _ = store.Close(ctx) }()
	report, refused = store.Inspect(binary, modules.Limits{})
	return report, refused, nil
}

var abiNames = map[modules.ABI]string{
	modules.ABIUnknown: "unknown", modules.ABICommand: "command", modules.ABIReactor: "reactor",
	modules.ABIExtism: "extism", modules.ABIComponent: "component",
}

func printReport(w io.Writer, r modules.Report) error {
	var b strings.Builder
	fmt.Fprintf(&b, "ABI        %s\n", abiNames[r.ABI])
	if r.Entry != "" {
		fmt.Fprintf(&b, "entry      %s\n", r.Entry)
	}
	fmt.Fprintf(&b, "size       %d bytes, %d functions\n", r.Size, r.Functions)
	if r.HasMemory {
		fmt.Fprintf(&b, "memory     %s at least", bytesText(r.MemoryMin))
		if r.MemoryMax > 0 {
			fmt.Fprintf(&b, ", %s at most", bytesText(r.MemoryMax))
		}
		b.WriteString("\n")
	}
	for i, size := range r.Tables {
		fmt.Fprintf(&b, "table %-4d %d elements\n", i, size)
	}
	if len(r.Refusals) == 0 {
		fmt.Fprintf(&b, "instances  %s", r.Tier)
		if r.TierReason != "" {
			fmt.Fprintf(&b, " (%s)", r.TierReason)
		}
		b.WriteString("\n")
	}
	for _, i := range r.Imports {
		fmt.Fprintf(&b, "import     %s.%s %s", i.Module, i.Name, i.Signature)
		if i.Problem != "" {
			fmt.Fprintf(&b, "  <- %s", i.Problem)
		}
		b.WriteString("\n")
	}
	fmt.Fprintf(&b, "exports    %s\n", strings.Join(r.Exports, " "))
	for _, why := range r.Refusals {
		fmt.Fprintf(&b, "refused    %s\n", why)
	}
	_, err := io.WriteString(w, b.String())
	return err
}

// bytesText writes a size with the largest unit that divides it.
func bytesText(n uint64) string {
	units := []string{"B", "KiB", "MiB", "GiB"}
	i := 0
	for n > 0 && n%1024 == 0 && i < len(units)-1 {
		n, i = n/1024, i+1
	}
	return fmt.Sprintf("%d %s", n, units[i])
}

func printReportJSON(w io.Writer, r modules.Report) error {
	texts := func(list []string) jsonvalue.Value {
		out := make([]jsonvalue.Value, len(list))
		for i, s := range list {
			out[i] = jsonvalue.StringOf(s)
		}
		return jsonvalue.ArrayOf(out...)
	}
	imports := make([]jsonvalue.Value, len(r.Imports))
	for i, imp := range r.Imports {
		b := jsonvalue.NewObject(4)
		b.Set("module", jsonvalue.StringOf(imp.Module))
		b.Set("name", jsonvalue.StringOf(imp.Name))
		b.Set("signature", jsonvalue.StringOf(imp.Signature))
		if imp.Problem != "" {
			b.Set("problem", jsonvalue.StringOf(imp.Problem))
		}
		imports[i] = b.Value()
	}
	b := jsonvalue.NewObject(10)
	b.Set("abi", jsonvalue.StringOf(abiNames[r.ABI]))
	b.Set("entry", jsonvalue.StringOf(r.Entry))
	b.Set("size", jsonvalue.IntOf(int64(r.Size)))
	b.Set("functions", jsonvalue.IntOf(int64(r.Functions)))
	if r.HasMemory {
		b.Set("memoryMin", jsonvalue.IntOf(int64(r.MemoryMin)))
		if r.MemoryMax > 0 {
			b.Set("memoryMax", jsonvalue.IntOf(int64(r.MemoryMax)))
		}
	}
	b.Set("tier", jsonvalue.StringOf(r.Tier.String()))
	b.Set("imports", jsonvalue.ArrayOf(imports...))
	b.Set("exports", texts(r.Exports))
	b.Set("refusals", texts(r.Refusals))
	_, err := fmt.Fprintln(w, b.Value())
	return err
}
