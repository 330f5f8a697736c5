package cli

import (
	"fmt"
	"strings"
)

// sandbox is the part of a configuration that finds the guests.
const sandbox = "[wasm]\nmodule_dir = \"$GUESTS\"\ncache_dir = \"$CACHE\"\n"

// guest is the section of the guest in Go; allGranted has what it may need.
const (
	guest      = sandbox + "[modules.guest]\n"
	allGranted = guest + "storage = [{ bucket = \"b\", mode = \"read-write\" }]\nhttp.hosts = [\"$SERVER\"]\n"
)

// calls is a workflow of one state that calls a module.
func calls(module, input string) string {
	return fmt.Sprintf(`{"StartAt":"T","States":{"T":{"Type":"Task","Resource":"wasm:%s","Parameters":%s,"End":true}}}`, module, input)
}

// does is a workflow in which the guest in Go does one thing after the other.
func does(inputs ...string) string {
	var states []string
	for i, input := range inputs {
		next := fmt.Sprintf(`"Next":"S%d"`, i+1)
		if i == len(inputs)-1 {
			next = `"End":true`
		}
		states = append(states, fmt.Sprintf(`"S%d":{"Type":"Task","Resource":"wasm:guest","Parameters":%s,%s}`, i, input, next))
	}
	return `{"StartAt":"S0","States":{` + strings.Join(states, ",") + `}}`
}

// meets is a workflow of nine guests at once that meet at the server.
const meets = `{"StartAt":"M","States":{"M":{"Type":"Map","ItemsPath":"$.items","End":true,
	"Parameters":{"Do":"fetch","Key":"http://$SERVER/meet/VALUE"},
	"ItemProcessor":{"StartAt":"T","States":{"T":{"Type":"Task","Resource":"wasm:guest","End":true}}}}}}`

var nineItems = []string{"--input", `{"items":[1,2,3,4,5,6,7,8,9]}`}

// says is a workflow of a Pass state with these members.
func says(members string) string {
	return `{"StartAt":"P","States":{"P":{"Type":"Pass",` + members + `,"End":true}}}`
}

// long is a text of n characters, as JSON.
func long(n int) string { return `"` + strings.Repeat("x", n) + `"` }

var keys = []key{
	{
		name: "server.listen", config: "[server]\nlisten = VALUE", run: trial.serves,
		outcomes: []outcome{
			{`"127.0.0.1:0"`, `exit 0\n.*serving the Step Functions API on http://127\.0\.0\.1:`},
			{`"$TAKEN"`, `exit 2\n.*cannot listen on 127\.0\.0\.1:\d+: address already in use`},
		},
	},
	{
		name: "aws.account_id", config: "[aws]\naccount_id = VALUE", workflow: says(`"Parameters":{"E.$":"$$.Execution.Id","M.$":"$$.StateMachine.Id"}`),
		outcomes: []outcome{
			{`"123456789012"`, `"arn:aws:states:us-east-1:123456789012:execution:m:[^"]*","M":"arn:aws:states:us-east-1:123456789012:stateMachine:m"`},
			{`"999999999999"`, `"arn:aws:states:us-east-1:999999999999:execution:m:[^"]*","M":"arn:aws:states:us-east-1:999999999999:stateMachine:m"`},
		},
	},
	{
		name: "aws.region", config: "[aws]\nregion = VALUE", workflow: says(`"Parameters":{"E.$":"$$.Execution.Id","M.$":"$$.StateMachine.Id"}`),
		outcomes: []outcome{
			{`"eu-central-1"`, `"arn:aws:states:eu-central-1:000000000000:execution:m:[^"]*","M":"arn:aws:states:eu-central-1:000000000000:stateMachine:m"`},
			{`"us-west-2"`, `"arn:aws:states:us-west-2:000000000000:execution:m:[^"]*","M":"arn:aws:states:us-west-2:000000000000:stateMachine:m"`},
		},
	},
	{
		name: "wasm.module_dir", config: "[wasm]\nmodule_dir = VALUE\ncache_dir = \"\"", workflow: calls("quick", "{}"),
		outcomes: []outcome{
			{`"$GUESTS"`, `exit 0\nnull`},
			{`"$DIR"`, `exit 6\n.*there is no module "quick"`},
		},
	},
	{
		// In the interpreter 2,000 nested calls are the most.
		name: "wasm.engine", config: sandbox + "engine = VALUE\n[modules.deeper]\nstack = \"16MiB\"", workflow: calls("deeper", "{}"),
		outcomes: []outcome{
			{`"compiler"`, `exit 0\nnull`},
			{`"interpreter"`, `exit 1\n.*Wasm\.Trap: stack overflow`},
			{`"auto"`, `exit 0\nnull`},
		},
	},
	{
		name: "wasm.cache_dir", config: "[wasm]\nmodule_dir = \"$GUESTS\"\ncache_dir = VALUE", workflow: calls("quick", "{}"), run: trial.runsAsUser,
		outcomes: []outcome{
			{`"$DIR/mine"`, `exit 0\nnull\nfile mine/[^\n]+\n(file mine/[^\n]+\n)*0 met`},
			{`"auto"`, `exit 0\nnull\nfile user/[^\n]*wasl/[^\n]+\n(file user/[^\n]*wasl/[^\n]+\n)*0 met`},
			{`""`, `exit 0\nnull\n0 met`},
		},
	},
	{
		name: "wasm.compile", config: "[wasm]\nmodule_dir = \"$GUESTS\"\ncache_dir = \"\"\ncompile = VALUE", workflow: calls("wide", "{}"),
		outcomes: []outcome{
			{`"process"`, `exit 0\nnull`},
			{`"in-process"`, `exit 6\n.*module wide: .*locals`},
		},
	},
	{
		name: "storage.backend", config: allGranted + "[storage]\nbackend = VALUE", workflow: does(`{"Do":"put","Bucket":"b","Key":"k"}`),
		outcomes: []outcome{
			{`"memory"`, `exit 0\nnull\n0 met`},
			{"\"dir\"\npath = \"$DIR/objects\"", `exit 0\nnull\nfile objects/b/k\n`},
		},
	},
	{
		name: "storage.path", config: allGranted + "[storage]\nbackend = \"dir\"\npath = VALUE", workflow: does(`{"Do":"put","Bucket":"b","Key":"k"}`),
		outcomes: []outcome{
			{`"$DIR/one"`, `exit 0\nnull\nfile one/b/k\n`},
			{`"$DIR/two"`, `exit 0\nnull\nfile two/b/k\n`},
		},
	},
	{
		name: "modules.NAME.path", config: sandbox + "[modules.mine]\npath = VALUE", workflow: calls("mine", "{}"),
		outcomes: []outcome{
			{`"$GUESTS/quick.wasm"`, `exit 0\nnull`},
			{`"$GUESTS/slow.wasm"`, `exit 6\n.*slow\.wasm: no such file`},
		},
	},
	{
		name: "modules.NAME.digest", config: sandbox + "[modules.quick]\ndigest = VALUE", workflow: calls("quick", "{}"),
		outcomes: []outcome{
			{fmt.Sprintf(`"%x"`, smallGuests["quick"].digest()), `exit 0\nnull`},
			{fmt.Sprintf(`"%x"`, smallGuests["grow"].digest()), `exit 6\n.*module quick: digest mismatch: want sha256:`},
		},
	},
	{
		name: "modules.NAME.memory", config: sandbox + "[modules.grow]\nmemory = VALUE", workflow: calls("grow", "{}"),
		outcomes: []outcome{
			{`"1MiB"`, `exit 1\n.*Wasm\.MemoryLimit: the module needed more than 1048576 bytes of memory`},
			{`"2MiB"`, `exit 0\nnull`},
			{`"32KiB"`, `exit 6\n.*its memory starts at 65536 bytes, above the limit of 32768`},
		},
	},
	{
		name: "modules.NAME.fuel", config: sandbox + "[modules.count]\nfuel = VALUE", workflow: calls("count", "{}"),
		outcomes: []outcome{
			{`1_000`, `exit 1\n.*Wasm\.OutOfFuel: the call used up its 1000 units of fuel`},
			{`1_000_000_000`, `exit 0\nnull`},
		},
	},
	{
		name: "modules.NAME.fuel_per_second", config: sandbox + "[modules.count]\nwall = \"10s\"\nfuel_per_second = VALUE", workflow: calls("count", "{}"),
		outcomes: []outcome{
			{`1_000`, `exit 1\n.*Wasm\.OutOfFuel: the call used up its 9\d\d\d units of fuel`},
			{`1_000_000_000`, `exit 0\nnull`},
			{`0`, `exit 0\nnull`},
		},
	},
	{
		name: "modules.NAME.wall", config: sandbox + "[modules.forever]\nfuel = 200_000_000\nwall = VALUE", workflow: calls("forever", "{}"),
		outcomes: []outcome{
			{`"1ms"`, `exit 1\n.*States\.Timeout: the module ran longer than its limit of 1ms`},
			{`"1h"`, `exit 1\n.*Wasm\.OutOfFuel`},
		},
	},
	{
		name: "modules.NAME.table", config: sandbox + "[modules.table]\ntable = VALUE", workflow: calls("table", "{}"),
		outcomes: []outcome{
			{`1_000`, `exit 1\n.*Wasm\.Trap: unreachable`},
			{`1_001`, `exit 0\nnull`},
		},
	},
	{
		name: "modules.NAME.stack", config: sandbox + "[modules.deep]\nstack = VALUE", workflow: calls("deep", "{}"),
		outcomes: []outcome{
			{`"8KiB"`, `exit 1\n.*Wasm\.Trap: stack overflow`},
			{`"1MiB"`, `exit 0\nnull`},
		},
	},
	{
		name: "modules.NAME.output", config: guest + "output = VALUE", workflow: does(`{"Do":"echo","Text":` + long(2000) + `}`),
		outcomes: []outcome{
			{`"1KiB"`, `exit 1\n.*Wasm\.OutputTooLarge: the output is larger than 1024 bytes`},
			{`"4KiB"`, `exit 0\n.*"Text":"xxx`},
		},
	},
	{
		name: "modules.NAME.log", config: guest + "log = VALUE", args: []string{"--verbose"},
		workflow: does(`{"Do":"log","Text":` + long(2000) + `}`),
		outcomes: []outcome{
			{`"1KiB"`, `exit 0\nnull\nS0#1: the log is longer than its limit; the rest is dropped\n`},
			{`"8KiB"`, `exit 0\nnull\nS0#1: xxx`},
		},
	},
	{
		name: "modules.NAME.stored", config: allGranted + "stored = VALUE", workflow: does(`{"Do":"put","Bucket":"b","Key":"k","Text":` + long(3000) + `}`),
		outcomes: []outcome{
			{`"2KiB"`, `exit 1\n.*put b/k: the task has stored more than 2048 bytes`},
			{`"4KiB"`, `exit 0\nnull`},
		},
	},
	{
		name: "modules.NAME.concurrency", config: allGranted + "concurrency = VALUE", workflow: meets, args: nineItems,
		outcomes: []outcome{
			{`1`, `exit 0\n.*\n1 met`},
			{`3`, `exit 0\n.*\n3 met`},
		},
	},
	{
		name: "modules.NAME.env", config: guest + "env = VALUE", workflow: does(`{"Do":"env","Key":"A"}`),
		outcomes: []outcome{
			{`{ A = "one" }`, `exit 0\n\["one",true,""\]`},
			{`{ A = "two" }`, `exit 0\n\["two",true,""\]`},
			{`{ B = "one" }`, `exit 0\n\["",false,""\]`},
		},
	},
	{
		name: "modules.NAME.secrets", config: guest + "secrets = VALUE", args: []string{"--verbose"}, run: trial.runsWithSecrets,
		workflow: does(`{"Do":"log","Text":"of the environment, of a file"}`, `{"Do":"env","Key":"A"}`),
		outcomes: []outcome{
			{`{ A = "env:WASL_TEST_SECRET" }`, `exit 0\n\["of the environment",true,""\]\nS0#1: \[secret\], of a file\n`},
			{`{ A = "file:secret" }`, `exit 0\n\["of a file",true,""\]\nS0#1: of the environment, \[secret\]\n`},
		},
	},
	{
		name: "modules.NAME.storage.bucket", config: guest + `storage = [{ bucket = VALUE, mode = "write" }]`, workflow: does(`{"Do":"put","Bucket":"b","Key":"k"}`),
		outcomes: []outcome{
			{`"b"`, `exit 0\nnull`},
			{`"c"`, `exit 1\n.*Wasm\.Denied: .*writing "k" in bucket "b" is not granted`},
		},
	},
	{
		name: "modules.NAME.storage.prefix", config: guest + `storage = [{ bucket = "b", mode = "write", prefix = VALUE }]`, workflow: does(`{"Do":"put","Bucket":"b","Key":"in/k"}`),
		outcomes: []outcome{
			{`"in/"`, `exit 0\nnull`},
			{`"out/"`, `exit 1\n.*Wasm\.Denied: .*writing "in/k" in bucket "b" is not granted`},
			{`""`, `exit 0\nnull`},
		},
	},
	{
		name: "modules.NAME.storage.mode", config: guest + `storage = [{ bucket = "b", mode = VALUE }]`,
		workflow: does(`{"Do":"put","Bucket":"b","Key":"k","Text":"t"}`, `{"Do":"get","Bucket":"b","Key":"k"}`),
		outcomes: []outcome{
			{`"read"`, `exit 1\n.*Wasm\.Denied: .*writing "k" in bucket "b" is not granted`},
			{`"write"`, `exit 1\n.*Wasm\.Denied: .*reading "k" in bucket "b" is not granted`},
			{`"read-write"`, `exit 0\n"t"\n`},
		},
	},
	{
		name: "modules.NAME.http.hosts", config: guest + "http.hosts = VALUE",
		workflow: does(`{"Do":"fetch","Key":"http://$SERVER/moved"}`),
		outcomes: []outcome{
			{`["$SERVER"]`, `exit 0\n\[302,""\]`},
			{`["api.example.com"]`, `exit 1\n.*Wasm\.Denied: .*requests to "127\.0\.0\.1:\d+" are not granted`},
			{`[]`, `exit 1\n.*Wasm\.Denied: .*requests to "127\.0\.0\.1:\d+" are not granted`},
		},
	},
	{
		name: "modules.NAME.http.private", config: guest + "http = { hosts = [\"localhost:$PORT\"], private = VALUE }",
		workflow: does(`{"Do":"fetch","Key":"http://localhost:$PORT/bytes/3"}`),
		outcomes: []outcome{
			{`[]`, `exit 1\n.*Wasm\.Denied: .*is not public`},
			{`["127.0.0.0/8", "::1"]`, `exit 0\n\[200,"xxx"\]`},
		},
	},
	{
		name: "modules.NAME.http.max_body", config: guest + "http = { hosts = [\"$SERVER\"], max_body = VALUE }",
		workflow: does(`{"Do":"fetch","Key":"http://$SERVER/bytes/2000"}`),
		outcomes: []outcome{
			{`"1KiB"`, `exit 1\n.*the answer's body is larger than 1024 bytes`},
			{`"2000B"`, `exit 0\n\[200,"xxx`},
		},
	},
	{
		name: "modules.NAME.http.timeout", config: guest + "http = { hosts = [\"$SERVER\"], timeout = VALUE }",
		workflow: does(`{"Do":"fetch","Key":"http://$SERVER/bytes/3"}`),
		outcomes: []outcome{
			{`"1ns"`, `exit 1\n.*HTTP: context deadline exceeded`},
			{`"1h"`, `exit 0\n\[200,"xxx"\]`},
		},
	},
	{
		name: "modules.NAME.clock", config: guest + "clock = VALUE", workflow: does(`{"Do":"clock"}`),
		outcomes: []outcome{
			{`"fixed"`, `exit 0\n\[94668\d{13}\]`}, // in 2000
			{`"real"`, `exit 0\n\[[1-9]\d{18}\]`},  // after 2001
		},
	},
	{
		name: "modules.NAME.random", config: guest + "random = VALUE", workflow: does(`{"Do":"random"}`), args: []string{"--name", "same"}, run: trial.runsTwice,
		outcomes: []outcome{
			{`"seeded"`, `exit 0\n.*the same again`},
			{`"real"`, `exit 0\n.*another one`},
		},
	},
	{
		name: "resources", config: sandbox + "[resources]\n\"arn:aws:states:::sns:publish\" = VALUE",
		workflow: strings.ReplaceAll(calls("", `{"Do":"echo","TopicArn":"arn:aws:sns:us-east-1:000000000000:t","Message":"m"}`), `"wasm:"`, `"arn:aws:states:::sns:publish"`),
		outcomes: []outcome{
			{`"module guest"`, `exit 0\n\{"Do":"echo"`},
			{`"module quick"`, `exit 0\nnull`},
			{`"module none"`, `exit 6\n.*there is no module "none"`},
		},
	},
	{
		name: "limits.payload", config: "[limits]\npayload = VALUE", workflow: says(`"Result":` + long(2000)),
		outcomes: []outcome{
			{`"1KiB"`, `exit 1\n.*States\.DataLimitExceeded`},
			{`"2KiB"`, `exit 0\n"xxx`},
			{`"0"`, `exit 0\n"xxx`},
		},
	},
	{
		name: "limits.events", config: "[limits]\nevents = VALUE", run: trial.starts,
		workflow: `{"StartAt":"A","States":{"A":{"Type":"Pass","Next":"B"},"B":{"Type":"Pass","Next":"C"},"C":{"Type":"Pass","End":true}}}`,
		outcomes: []outcome{
			{`5`, `FAILED States\.Runtime The execution reached the maximum number of history events \(5\)\.`},
			{`8`, `SUCCEEDED`},
			{`0`, `SUCCEEDED`},
		},
	},
	{
		name: "limits.variable", config: "[limits]\nvariable = VALUE", workflow: says(`"Assign":{"v":` + long(2000) + `}`),
		outcomes: []outcome{
			{`"1KiB"`, `exit 1\n`},
			{`"4KiB"`, `exit 0\n`},
			{`"0"`, `exit 0\n`},
		},
	},
	{
		name: "limits.variables", config: "[limits]\nvariables = VALUE", workflow: says(`"Assign":{"v":` + long(2000) + `,"w":` + long(2000) + `}`),
		outcomes: []outcome{
			{`"3KiB"`, `exit 1\n`},
			{`"5KiB"`, `exit 0\n`},
			{`"0"`, `exit 0\n`},
		},
	},
	{
		name: "workers.count", config: allGranted + "[workers]\ncount = VALUE", workflow: meets, args: nineItems,
		outcomes: []outcome{
			{`1`, `exit 0\n.*\n1 met`},
			{`3`, `exit 0\n.*\n3 met`},
		},
	},
}
