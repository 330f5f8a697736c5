package cli

import (
	"fmt"
	goruntime "runtime"
	"runtime/debug"

	"github.com/urfave/cli/v2"
)

// version is set by the linker; see the Makefile.
var version string

// buildVersion is the version to show: the linker's, else the module's, else dev.
func buildVersion() string {
	if version != "" {
		return version
	}
	if info, ok := debug.ReadBuildInfo(); ok && info.Main.Version != "" && info.Main.Version != "(devel)" {
		return info.Main.Version
	}
	return "dev"
}

func versionCommand(std streams) *cli.Command {
	return &cli.Command{
		Name:   "version",
		Usage:  "print the version",
		Action: func(*cli.Context) error { return printVersion(std) },
	}
}

func printVersion(std streams) error {
	_, err := fmt.Fprintf(std.out, "wasl %s %s %s/%s\n",
		buildVersion(), goruntime.Version(), goruntime.GOOS, goruntime.GOARCH)
	return err
}
