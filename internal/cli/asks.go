package cli

import (
	"slices"

	"github.com/waslrun/wasl/hostfuncs"
	"github.com/waslrun/wasl/modules"
)

// ask is something that a module's imports show it may want to use, and whether
// the configuration grants it.
type ask struct {
	what    string
	granted bool
	hint    string // what to write into the configuration
}

func (a ask) state() string {
	if a.granted {
		return "granted"
	}
	return "not granted (" + a.hint + ")"
}

// grantKind is a capability, the imports that need it, and how it is granted.
type grantKind struct {
	what    string
	imports []string
	granted func(*hostfuncs.Grants) bool
	key     string
}

var grantKinds = []grantKind{
	{
		"files",
		[]string{"path_open", "fd_readdir", "path_filestat_get", "path_create_directory", "path_unlink_file", "path_rename"},
		func(g *hostfuncs.Grants) bool { return g.Files != nil }, "files = [{ guest = \"/data\", host = \"DIR\", mode = \"read\" }]",
	},
	{
		"storage",
		[]string{"storage_get", "storage_put", "storage_list", "storage_delete"},
		func(g *hostfuncs.Grants) bool { return len(g.Storage) > 0 }, "storage = [{ bucket = \"NAME\", mode = \"read\" }]",
	},
	{
		"http",
		[]string{"http_fetch", "http_request"},
		func(g *hostfuncs.Grants) bool { return g.HTTP != nil }, "http = { hosts = [\"HOST\"] }",
	},
	{
		"env",
		[]string{"env", "environ_get", "config_get"},
		func(g *hostfuncs.Grants) bool { return len(g.Env)+len(g.Secrets) > 0 }, "env = { NAME = \"VALUE\" }, or secrets",
	},
	{
		"clock",
		[]string{"clock_time_get"},
		func(g *hostfuncs.Grants) bool { return g.RealClock }, "clock = \"real\"; without it the time is a fixed one",
	},
	{
		"random",
		[]string{"random_get"},
		func(g *hostfuncs.Grants) bool { return g.RealRandom }, "random = \"real\"; without it the numbers follow from a seed",
	},
}

// asksOf gives what a module's imports show that it may use. Compilers import
// much that a program never calls, so it may well do without.
func asksOf(r modules.Report, name string, g *hostfuncs.Grants) []ask {
	var asks []ask
	for _, k := range grantKinds {
		if slices.ContainsFunc(r.Imports, func(i modules.ImportReport) bool { return slices.Contains(k.imports, i.Name) }) {
			asks = append(asks, ask{k.what, k.granted(g), "[modules." + name + "] " + k.key})
		}
	}
	return asks
}
