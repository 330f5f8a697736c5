package config

import (
	"strings"
	"testing"
)

// Each text has one mistake, and the error says where it is, which key it is
// about, what is wrong and what to do.
func TestMistakes(t *testing.T) {
	cases := []struct{ text, want string }{
		// Not TOML: the library's words.
		{"[server\n", `1:8: expected '.' or ']' to end table name, but got '\n' instead`},
		{"[wasm]\nengine = auto\n", `2:10: wasm.engine: expected value but found "auto" instead`},
		{"[workers]\ncount = 1\ncount = 2\n", `3:1: workers.count: Key 'workers.count' has already been defined.`},

		// Keys that are none.
		{"[server]\nlisten = \"x:1\"\nport = 3", `3:1: server.port: unknown key`},
		{"[server]\n  lissten = \"x:1\"", `2:3: server.lissten: unknown key (listen was meant?)`},
		{"[servre]\n", `1:2: servre: unknown key (server was meant?)`},
		{"[Workers]\ncount = 1", `1:2: Workers: unknown key (workers was meant?)`},
		{"[workers]\nCount = 1", `2:1: workers.Count: unknown key (count was meant?)`},
		{"[modules.a]\n\nmemori = \"1MiB\"", `3:1: modules.a.memori: unknown key (memory was meant?)`},
		{"[modules.a]\nstorage = [{ bucket = \"b\", mod = \"read\" }]", `2:28: modules.a.storage.mod: unknown key (mode was meant?)`},
		{"[modules.a]\nstorage = [\n  # two\n  { bucket = \"b\", mode = \"read\" },\n  { bucket = \"c\", mod = \"read\" },\n]", `5:19: modules.a.storage.mod: unknown key (mode was meant?)`},
		{"[[modules.a.storage]]\nbucket = \"b\"\nmode = \"read\"\n[[modules.a.storage]]\nbuckett = \"c\"", `5:1: modules.a.storage.buckett: unknown key (bucket was meant?)`},
		{"[modules.a.http]\nhost = [\"x\"]", `2:1: modules.a.http.host: unknown key (hosts was meant?)`},
		{"server.listen = \"x:1\"\nworkers.number = 3", `2:1: workers.number: unknown key`},

		// Values of a wrong type.
		{"workers = 4", `1:1: workers is an integer, but must be a table`},
		{"modules = 1", `1:1: modules is an integer, but must be a table`},
		{"[modules]\na = \"b.wasm\"", `2:1: modules.a is a text, but must be a table`},
		{"[[workers]]\ncount = 1", `1:3: workers is an array, but must be a table`},
		{"[workers]\ncount = \"many\"", `2:1: workers.count is a text, but must be an integer`},
		{"[workers]\ncount = 1.5", `2:1: workers.count is a fraction, but must be an integer`},
		{"[wasm]\nengine = true", `2:1: wasm.engine is a truth value, but must be a text`},
		{"[wasm]\nmodule_dir = 2026-01-01", `2:1: wasm.module_dir is a time, but must be a text`},
		{"[modules.a]\nmemory = 64", `2:1: modules.a.memory is an integer, but must be a size: a text such as "64MiB"`},
		{"[modules.a]\nwall = 5", `2:1: modules.a.wall is an integer, but must be a duration: a text such as "1m30s"`},
		{"[modules.a]\nfuel = 1e9", `2:1: modules.a.fuel is a fraction, but must be an integer`},
		{"[modules.a]\nenv = [\"A=b\"]", `2:1: modules.a.env is an array, but must be a table`},
		{"[modules.a]\nenv = { A = 1 }", `2:9: modules.a.env.A is an integer, but must be a text`},
		{"[modules.a]\nsecrets = { A = 1 }", `2:13: modules.a.secrets.A is an integer, but must be the text "env:NAME" or "file:PATH"`},
		{"[modules.a]\nstorage = { bucket = \"b\" }", `2:1: modules.a.storage is a table, but must be an array`},
		{"[modules.a]\nstorage = [\"b\"]", `2:12: modules.a.storage is a text, but must be a table`},
		{"[modules.a]\nhttp = [\"api.example.com\"]", `2:1: modules.a.http is an array, but must be a table`},
		{"[modules.a]\nhttp = { hosts = \"api.example.com\" }", `2:10: modules.a.http.hosts is a text, but must be an array`},
		{"[modules.a]\nhttp = { hosts = [\"a\", 1] }", `2:24: modules.a.http.hosts is an integer, but must be a text`},
		{"[resources]\n\"arn:x\" = 3", `2:1: resources."arn:x" is an integer, but must be the text "module NAME"`},

		// Numbers, sizes and durations that are out of range.
		{"[workers]\ncount = -1", `2:1: workers.count is -1, but must be 0 or more`},
		{"[limits]\nevents = -1", `2:1: limits.events is -1, but must be 0 or more`},
		{"[modules.a]\nfuel = -1", `2:1: modules.a.fuel is -1, but must be 0 or more`},
		{"[modules.a]\nconcurrency = -1", `2:1: modules.a.concurrency is -1, but must be 0 or more`},
		{"[modules.a]\ntable = 5_000_000_000", `2:1: modules.a.table is 5000000000, but must be at most 4294967295`},
		{"[modules.a]\nmemory = \"64\"", `2:1: modules.a.memory: "64" is not a size: write a number with a unit, such as "64MiB" (B, kB, MB, GB, KiB, MiB, GiB)`},
		{"[modules.a]\nmemory = \"-64MiB\"", `2:1: modules.a.memory: "-64MiB" is not a size: write a number with a unit, such as "64MiB" (B, kB, MB, GB, KiB, MiB, GiB)`},
		{"[modules.a]\nmemory = \"5GiB\"", `2:1: modules.a.memory is 5GiB, but must be at most 4GiB, all that a module can address`},
		{"[modules.a]\nstack = \"4GiB\"", `2:1: modules.a.stack is 4GiB, but must be at most 48MiB`},
		{"[modules.a]\nwall = \"5\"", `2:1: modules.a.wall: "5" is not a duration: write numbers with units, such as "1m30s" (ms, s, m, h)`},
		{"[modules.a]\nwall = \"-5s\"", `2:1: modules.a.wall: "-5s" is not a duration: write numbers with units, such as "1m30s" (ms, s, m, h)`},
		{"[modules.a]\nmemory = \"0\"", `2:1: modules.a.memory is 0, but must be more; without the key it is 256MiB`},
		{"[modules.a]\nfuel = 0", `2:1: modules.a.fuel is 0, but must be more; without the key it is 100000000000`},
		{"[modules.a]\nwall = \"0s\"", `2:1: modules.a.wall is 0, but must be more; without the key it is 15m0s`},
		{"[modules.a]\ntable = 0", `2:1: modules.a.table is 0, but must be more; without the key it is 65536`},
		{"[modules.a]\nstack = \"0B\"", `2:1: modules.a.stack is 0, but must be more; without the key it is 4MiB`},
		{"[modules.a]\noutput = \"0\"", `2:1: modules.a.output is 0, but must be more; without the key it is 6MiB`},
		{"[modules.a]\nlog = \"0\"", `2:1: modules.a.log is 0, but must be more; without the key it is 1MiB`},
		{"[modules.a]\nstored = \"0\"", `2:1: modules.a.stored is 0, but must be more; without the key it is 256MiB`},
		{"[modules.a]\nhttp = { max_body = \"0\" }", `2:10: modules.a.http.max_body is 0, but must be more; without the key it is 4MiB`},
		{"[modules.a.http]\ntimeout = \"0s\"", `2:1: modules.a.http.timeout is 0, but must be more; without the key it is 30s`},

		// Values that cannot be meant.
		{"[server]\nlisten = \"localhost\"", `2:1: server.listen is "localhost", but must be HOST:PORT, such as "127.0.0.1:8083"`},
		{"[aws]\naccount_id = \"12\"", `2:1: aws.account_id is "12", but must be twelve digits`},
		{"[aws]\nregion = \"Frankfurt\"", `2:1: aws.region is "Frankfurt", but must be the name of a region, such as "us-east-1"`},
		{"[wasm]\nengine = \"v8\"", `2:1: wasm.engine is "v8", but must be one of "auto", "compiler", "interpreter"`},
		{"[wasm]\ncompile = \"\"", `2:1: wasm.compile is "", but must be one of "process", "in-process"`},
		{"[wasm]\nmodule_dir = \"\"", `2:1: wasm.module_dir is "", but must be a folder`},
		{"[storage]\nbackend = \"s3\"", `2:1: storage.backend is "s3", but must be one of "memory", "dir"`},
		{"[storage]\nbackend = \"dir\"", `2:1: storage.backend: "dir" needs a path: add path = "FOLDER"`},
		{"[storage]\npath = \"objects\"", `2:1: storage.path: the backend "memory" has no path: backend = "dir" keeps objects in files`},
		{"[resources]\n\"arn:x\" = \"thing\"", `2:1: resources."arn:x": "thing" binds to nothing: write "module NAME"`},
		{"[modules.\"a/b\"]\n", `1:2: modules."a/b": a module cannot be called so: letters, digits and . _ - are allowed`},
		{"[modules.a]\ndigest = \"12\"", `2:1: modules.a.digest is "12", but must be a SHA-256: 64 hexadecimal digits`},
		{"[modules.a]\nclock = \"fast\"", `2:1: modules.a.clock is "fast", but must be one of "fixed", "real"`},
		{"[modules.a]\nrandom = \"\"", `2:1: modules.a.random is "", but must be one of "seeded", "real"`},
		{"[modules.a]\nenv = { \"A=B\" = \"c\" }", `2:9: modules.a.env."A=B": a variable cannot be called "A=B": a name is not empty and has no = and no NUL`},
		{"[modules.a]\nenv = { A = \"b\\u0000\" }", `2:9: modules.a.env.A is "b\x00", but must be without a NUL`},
		{"[modules.a]\nenv = { K = \"\" }\nsecrets = { K = \"env:PATH\" }", `3:13: modules.a.secrets.K: env has this variable too: take one of them out`},
		{"[modules.a]\nsecrets = { K = \"plain\" }", `2:13: modules.a.secrets.K: a secret is not written down here: say "env:NAME" or "file:PATH"`},
		{"[modules.a]\n[modules.a.secrets]\nK = \"env:WASL_NO_SUCH_VARIABLE\"", `3:1: modules.a.secrets.K: the environment variable WASL_NO_SUCH_VARIABLE is not set`},
		{"[modules.a]\nsecrets.K = \"file:no-such-file\"", `2:1: modules.a.secrets.K: open `},
		{"[modules.a]\nstorage = [{ mode = \"read\" }]", `2:12: modules.a.storage.bucket is "", but must be the name of a bucket: up to 63 letters, digits and . _ -, and no . at the beginning`},
		{"[modules.a]\nstorage = [{ bucket = \"b\" }]", `2:12: modules.a.storage.mode is "", but must be one of "read", "write", "read-write"`},
		{"[modules.a]\nstorage = [{ bucket = \"b\", mode = \"rw\" }]", `2:28: modules.a.storage.mode is "rw", but must be one of "read", "write", "read-write"`},
		{"[modules.a]\nstorage = [{ bucket = \"b\", prefix = \"/in\", mode = \"read\" }]", `2:28: modules.a.storage.prefix is "/in", but must be what keys can begin with, such as "in/": they have no / at the beginning, no empty part and no . or ..`},
		{"[modules.a]\nhttp = { hosts = [\"a.example\", \"https://api.example.com/v1\"] }", `2:32: modules.a.http.hosts: "https://api.example.com/v1" is a URL: write the host alone, "api.example.com"`},
		{"[modules.a]\nhttp.hosts = [\"example.com:8443/x\"]", `2:15: modules.a.http.hosts: "example.com:8443/x" is a URL: write the host alone, "example.com:8443"`},
		{"[modules.a]\nhttp.hosts = [\"*\"]", `2:15: modules.a.http.hosts is "*", but must be a host: a name, "*." and a name, or an IP address; with :PORT if that is not the scheme's own`},
		{"[modules.a]\nhttp.hosts = [\"x:port\"]", `2:15: modules.a.http.hosts is "x:port", but must be a host: `},
		{"[modules.a]\nfiles = [{ host = \"d\" }]", `2:10: modules.a.files.guest is "", but must be a folder's name for the module, such as "/data"`},
		{"[modules.a]\nfiles = [{ guest = \"/d\" }]", `2:10: modules.a.files.host is "", but must be a folder of this machine`},
		{"[modules.a]\nfiles = [{ guest = \"/d\", host = \"d\", mode = \"write\" }]", `2:38: modules.a.files.mode is "write", but must be one of "read", "read-write", "copy"`},
		{"[modules.a]\nfiles = [{ guest = \"/d\", host = \"d\" }]\nscratch.guest = \"/d\"", `3:1: modules.a.scratch.guest: there are two folders "/d": take one of them out`},
		{"[modules.a]\nscratch = { size = \"1MiB\" }", `2:1: modules.a.scratch.guest is "", but must be a folder's name for the module, such as "/data"`},
		{"[modules.a]\nscratch = { guest = \"/t\", size = \"0\" }", `2:27: modules.a.scratch.size is 0, but must be more; without the key it is 64MiB`},
		{"[modules.a]\nargs = [\"a\\u0000\"]", `2:9: modules.a.args is "a\x00", but must be without a NUL`},
		{"[modules.a]\nhttp = { private = [\"x\"] }", `2:21: modules.a.http.private is "x", but must be an IP address or a prefix such as "10.1.0.0/16"`},
	}
	for _, c := range cases {
		_, err := Parse("c.toml", c.text)
		if err == nil || !strings.HasPrefix(err.Error(), "c.toml:"+c.want) {
			t.Errorf("%s\ngot  %v\nwant c.toml:%s", c.text, err, c.want)
		}
	}
}

// The place of a key is found however the file is written.
func TestKeysAreFoundInAnyNotation(t *testing.T) {
	text := `# [a]
a = """
b = 1 "" """""
"c\"d" . 'e f' = [ [1, 2], { g = ']}' , h = "#" }, # ]
  '''
]''' ] # i = 1

[j . "k"] # l
m.n = 2026-01-01T00:00:00Z
[[o]]
p = {q={r=1},
  s = 2}
[[o]]
`
	places := newPlaces("c.toml", text)
	for _, c := range []struct {
		key  []string
		want string
	}{
		{[]string{"a"}, "2:1"},
		{[]string{"b"}, ""},
		{[]string{`c"d`}, "4:1"},
		{[]string{`c"d`, "e f"}, "4:1"},
		{[]string{`c"d`, "e f", "[0]", "[1]"}, "4:24"},
		{[]string{`c"d`, "e f", "[1]", "g"}, "4:30"},
		{[]string{`c"d`, "e f", "[1]", "h"}, "4:41"},
		{[]string{`c"d`, "e f", "[2]"}, "5:3"},
		{[]string{"i"}, ""},
		{[]string{"j", "k"}, "8:2"},
		{[]string{"j", "k", "m"}, "9:1"},
		{[]string{"j", "k", "m", "n"}, "9:1"},
		{[]string{"o"}, "10:3"},
		{[]string{"o", "[0]", "p", "q", "r"}, "11:9"},
		{[]string{"o", "[0]", "p", "s"}, "12:3"},
		{[]string{"o", "[1]"}, "13:3"},
	} {
		got := ""
		if places.has(c.key) {
			_, got, _ = strings.Cut(places.errorf(c.key, "").Error(), ":")
			got, _, _ = strings.Cut(got, ": ")
		}
		if got != c.want {
			t.Errorf("%q stands at %q, want %q", c.key, got, c.want)
		}
	}
}
