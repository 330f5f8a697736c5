package cli

import (
	"cmp"
	"context"
	"fmt"
	"io"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/urfave/cli/v2"

	"github.com/waslrun/wasl/asl/jsonvalue"
	"github.com/waslrun/wasl/internal/config"
	"github.com/waslrun/wasl/modules"
	"github.com/waslrun/wasl/runtime"
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
			Description: "The judgement is that of `wasl run` with the same configuration: the module is compiled and\n" +
				"initialised. Its limits and grants are those of the section whose file it is.",
			Flags: []cli.Flag{configFlag(), &cli.BoolFlag{Name: "json", Usage: "print one JSON object"}},
			Action: func(c *cli.Context) error {
				file, err := oneFile(c)
				if err != nil {
					return err
				}
				binary, err := readFile(file, std.in)
				if err != nil {
					return err
				}
				conf, err := loadConfig(c.String("config"))
				if err != nil {
					return err
				}
				report, asks, refused, err := inspectModule(c.Context, conf, file, binary)
				if err != nil {
					return err
				}
				if c.Bool("json") {
					err = printReportJSON(std.out, report, asks)
				} else {
					err = printReport(std.out, report, asks)
				}
				if err != nil {
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

// inspectModule looks at a binary and opens it as the engine would. refused says
// why the engine would not run it.
func inspectModule(ctx context.Context, c *config.Config, file string, binary []byte) (report modules.Report, asks []ask, refused, err error) {
	name, spec, err := specOf(c, file)
	if err != nil {
		return report, nil, nil, err
	}
	store, err := openStore(ctx, c)
	if err != nil {
		return report, nil, nil, err
	}
	defer func() { _ = store.Close(context.WithoutCancel(ctx)) }()
	source := spec.Source(name, binary)
	report, refused = store.Inspect(source, spec.Limits)
	if refused == nil {
		_, refused = store.Open(ctx, source, spec.Limits)
	}
	return report, asksOf(report, name, &spec.Grants), refused, ctx.Err()
}

// specOf finds the section of the configuration that a file belongs to, and the
// name of its module: that of the section, or the file's.
func specOf(c *config.Config, file string) (string, runtime.ModuleSpec, error) {
	specs, err := c.ModuleSpecs()
	if err != nil {
		return "", runtime.ModuleSpec{}, usage("%w", err)
	}
	this, err := os.Stat(file)
	for _, name := range slices.Sorted(maps.Keys(specs)) {
		path := cmp.Or(specs[name].Path, filepath.Join(string(c.Wasm.ModuleDir), name+".wasm"))
		if other, otherErr := os.Stat(path); err == nil && otherErr == nil && os.SameFile(this, other) {
			return name, specs[name], nil
		}
	}
	return strings.TrimSuffix(filepath.Base(file), ".wasm"), runtime.ModuleSpec{}, nil
}

var abiNames = map[modules.ABI]string{
	modules.ABIUnknown: "unknown", modules.ABICommand: "command", modules.ABIReactor: "reactor",
	modules.ABIExtism: "extism", modules.ABIComponent: "component",
}

func printReport(w io.Writer, r modules.Report, asks []ask) error {
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
	for _, a := range asks {
		fmt.Fprintf(&b, "asks for   %s: %s\n", a.what, a.state())
	}
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

func printReportJSON(w io.Writer, r modules.Report, asks []ask) error {
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
	wanted := make([]jsonvalue.Value, len(asks))
	for i, a := range asks {
		wanted[i] = jsonvalue.ObjectOf(
			jsonvalue.Member{Key: "what", Value: jsonvalue.StringOf(a.what)},
			jsonvalue.Member{Key: "granted", Value: jsonvalue.BoolOf(a.granted)},
			jsonvalue.Member{Key: "hint", Value: jsonvalue.StringOf(a.state())},
		)
	}
	b.Set("asks", jsonvalue.ArrayOf(wanted...))
	b.Set("refusals", texts(r.Refusals))
	_, err := fmt.Fprintln(w, b.Value())
	return err
}
