package cli

import (
	"crypto/sha256"
	"fmt"
	"strings"
)

// sandbox is the part of a configuration that finds the guests.
const sandbox = "[wasm]\nmodule_dir = \"$GUESTS\"\ncache_dir = \"\"\ncompile = \"in-process\"\n"

// mayStore and mayAsk are sections of modules that are granted what they need.
const (
	mayStore = "[modules.put]\nstorage = [{ bucket = \"b\", mode = \"read-write\" }]\n"
	mayAsk   = "[modules.fetch]\nhttp.hosts = [\"$SERVER\"]\n"
)

// calls is a workflow that calls modules one after the other, with the same
// input.
func calls(input string, modules ...string) string {
	var states []string
	for i, module := range modules {
		next := fmt.Sprintf(`"Next":"T%d"`, i+1)
		if i == len(modules)-1 {
			next = `"End":true`
		}
		states = append(states, fmt.Sprintf(`"T%d":{"Type":"Task","Resource":"wasm:%s","Parameters":%s,%s}`, i, module, input, next))
	}
	return `{"StartAt":"T0","States":{` + strings.Join(states, ",") + `}}`
}

// meets is a workflow of nine tasks at once that meet at the server.
const meets = `{"StartAt":"M","States":{"M":{"Type":"Map","ItemsPath":"$.items","End":true,
	"Parameters":{"url":"http://$SERVER/meet/VALUE"},
	"ItemProcessor":{"StartAt":"T","States":{"T":{"Type":"Task","Resource":"wasm:fetch","End":true}}}}}}`

var nineItems = []string{"--input", `{"items":[1,2,3,4,5,6,7,8,9]}`}

// says is a workflow of a Pass state with these members.
func says(members string) string {
	return `{"StartAt":"P","States":{"P":{"Type":"Pass",` + members + `,"End":true}}}`
}

// long is a text of n characters, as JSON, and textOf an object with one.
func long(n int) string { return `"` + strings.Repeat("x", n) + `"` }

func textOf(n int) string { return `{"text":` + long(n) + `}` }

var keys = []key{
	{
		name: "server.listen", config: "[server]\nlisten = VALUE", run: trial.serves,
		outcomes: []outcome{
			{`"127.0.0.1:0"`, `exit 0\n.*serving the Step Functions API on http://127\.0\.0\.1:`},
			{`"$SERVER"`, `exit 2\n.*cannot listen on 127\.0\.0\.1:\d+: address already in use`},
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
		name: "wasm.module_dir", config: "[wasm]\nmodule_dir = VALUE\ncache_dir = \"\"", workflow: calls("{}", "quick"),
		outcomes: []outcome{
			{`"$GUESTS"`, `exit 0\nnull`},
			{`"$DIR"`, `exit 6\n.*there is no module "quick"`},
		},
	},
	{
		// In the interpreter 2,000 nested calls are the most.
		name: "wasm.engine", config: sandbox + "engine = VALUE\n[modules.deep]\nstack = \"16MiB\"", workflow: calls(textOf(10_000), "deep"),
		outcomes: []outcome{
			{`"compiler"`, `exit 0\nnull`},
			{`"interpreter"`, `exit 1\n.*Wasm\.Trap: stack overflow`},
			{`"auto"`, `exit 0\nnull`},
		},
	},
	{
		name: "wasm.cache_dir", config: "[wasm]\nmodule_dir = \"$GUESTS\"\ncache_dir = VALUE", workflow: calls("{}", "quick"), run: trial.runsAsUser,
		outcomes: []outcome{
			{`"$DIR/mine"`, `exit 0\nnull\nfile mine/[^\n]+\n(file mine/[^\n]+\n)*0 met`},
			{`"auto"`, `exit 0\nnull\nfile user/[^\n]*wasl/[^\n]+\n(file user/[^\n]*wasl/[^\n]+\n)*0 met`},
			{`""`, `exit 0\nnull\n0 met`},
		},
	},
	{
		name: "wasm.compile", config: "[wasm]\nmodule_dir = \"$GUESTS\"\ncache_dir = \"\"\ncompile = VALUE", workflow: calls("{}", "wide"),
		outcomes: []outcome{
			{`"process"`, `exit 0\nnull`},
			{`"in-process"`, `exit 6\n.*module wide: .*locals`},
		},
	},
	{
		name: "storage.backend", config: sandbox + mayStore + "[storage]\nbackend = VALUE", workflow: calls("{}", "put"),
		outcomes: []outcome{
			{`"memory"`, `exit 0\nnull\n0 met`},
			{"\"dir\"\npath = \"$DIR/objects\"", `exit 0\nnull\nfile objects/b/in/k\n`},
		},
	},
	{
		name: "storage.path", config: sandbox + mayStore + "[storage]\nbackend = \"dir\"\npath = VALUE", workflow: calls("{}", "put"),
		outcomes: []outcome{
			{`"$DIR/one"`, `exit 0\nnull\nfile one/b/in/k\n`},
			{`"$DIR/two"`, `exit 0\nnull\nfile two/b/in/k\n`},
		},
	},
	{
		name: "modules.NAME.path", config: sandbox + "[modules.mine]\npath = VALUE", workflow: calls("{}", "mine"),
		outcomes: []outcome{
			{`"$GUESTS/quick.wasm"`, `exit 0\nnull`},
			{`"$GUESTS/slow.wasm"`, `exit 6\n.*slow\.wasm: no such file`},
		},
	},
	{
		name: "modules.NAME.digest", config: sandbox + "[modules.quick]\ndigest = VALUE", workflow: calls("{}", "quick"),
		outcomes: []outcome{
			{fmt.Sprintf(`"%x"`, sha256.Sum256(guest("quick"))), `exit 0\nnull`},
			{fmt.Sprintf(`"%x"`, sha256.Sum256(guest("grow"))), `exit 6\n.*module quick: digest mismatch: want sha256:`},
		},
	},
	{
		name: "modules.NAME.entry", config: sandbox + "[modules.plugin]\nentry = VALUE", workflow: calls("{}", "plugin"),
		outcomes: []outcome{
			{`"one"`, `exit 0\n1\n`},
			{`"two"`, `exit 0\n2\n`},
			{`"three"`, `exit 6\n.*its entry is to be "three", which it does not export as a function; it exports "one", "two"`},
			{`""`, `exit 6\n.*its entry cannot be told.*entry = "NAME".*it exports "one", "two"`},
		},
	},
	{
		name: "wasm.memory_total", config: sandbox + "memory_total = VALUE", workflow: calls("{}", "grow"),
		outcomes: []outcome{
			{`"1MiB"`, `exit 1\n.*Wasm\.MemoryLimit: the module needed more memory, and all modules together hold too much memory`},
			{`"8MiB"`, `exit 0\nnull`},
			{`"0B"`, `exit 0\nnull`},
		},
	},
	{
		name: "modules.NAME.memory", config: sandbox + "[modules.grow]\nmemory = VALUE", workflow: calls("{}", "grow"),
		outcomes: []outcome{
			{`"1MiB"`, `exit 1\n.*Wasm\.MemoryLimit: the module needed more than 1048576 bytes of memory`},
			{`"2MiB"`, `exit 0\nnull`},
			{`"32KiB"`, `exit 6\n.*its memory starts at 65536 bytes, above the limit of 32768`},
		},
	},
	{
		name: "modules.NAME.fuel", config: sandbox + "[modules.count]\nfuel = VALUE", workflow: calls("{}", "count"),
		outcomes: []outcome{
			{`1_000`, `exit 1\n.*Wasm\.OutOfFuel: the call used up its 1000 units of fuel`},
			{`1_000_000_000`, `exit 0\nnull`},
		},
	},
	{
		name: "modules.NAME.fuel_per_second", config: sandbox + "[modules.count]\nwall = \"10s\"\nfuel_per_second = VALUE", workflow: calls("{}", "count"),
		outcomes: []outcome{
			{`1_000`, `exit 1\n.*Wasm\.OutOfFuel: the call used up its 9\d\d\d units of fuel`},
			{`1_000_000_000`, `exit 0\nnull`},
			{`0`, `exit 0\nnull`},
		},
	},
	{
		name: "modules.NAME.wall", config: sandbox + "[modules.forever]\nfuel = 200_000_000\nwall = VALUE", workflow: calls("{}", "forever"),
		outcomes: []outcome{
			{`"1ms"`, `exit 1\n.*States\.Timeout: the module ran longer than its limit of 1ms`},
			{`"1h"`, `exit 1\n.*Wasm\.OutOfFuel`},
		},
	},
	{
		name: "modules.NAME.table", config: sandbox + "[modules.table]\ntable = VALUE", workflow: calls("{}", "table"),
		outcomes: []outcome{
			{`1_000`, `exit 1\n.*Wasm\.Trap: unreachable`},
			{`1_001`, `exit 0\nnull`},
		},
	},
	{
		name: "modules.NAME.stack", config: sandbox + "[modules.deep]\nstack = VALUE", workflow: calls(textOf(1_000), "deep"),
		outcomes: []outcome{
			{`"8KiB"`, `exit 1\n.*Wasm\.Trap: stack overflow`},
			{`"1MiB"`, `exit 0\nnull`},
		},
	},
	{
		name: "modules.NAME.output", config: sandbox + "[modules.echo]\noutput = VALUE", workflow: calls(textOf(2000), "echo"),
		outcomes: []outcome{
			{`"1KiB"`, `exit 1\n.*Wasm\.OutputTooLarge: the output is larger than 1024 bytes`},
			{`"4KiB"`, `exit 0\n\{"text":"xxx`},
		},
	},
	{
		name: "modules.NAME.log", config: sandbox + "[modules.log]\nlog = VALUE", args: []string{"--verbose"}, workflow: calls(textOf(2000), "log"),
		outcomes: []outcome{
			{`"1KiB"`, `exit 0\nnull\nT0#1: the log is longer than its limit; the rest is dropped\n`},
			{`"8KiB"`, `exit 0\nnull\nT0#1: \{"text":"xxx`},
		},
	},
	{
		name: "modules.NAME.stored", config: sandbox + mayStore + "stored = VALUE", workflow: calls(textOf(3000), "put"),
		outcomes: []outcome{
			{`"2KiB"`, `exit 1\n.*Refused: the task has stored more than 2048 bytes`},
			{`"4KiB"`, `exit 0\nnull`},
		},
	},
	{
		name: "modules.NAME.concurrency", config: sandbox + mayAsk + "concurrency = VALUE", workflow: meets, args: nineItems,
		outcomes: []outcome{
			{`1`, `exit 0\n.*\n1 met`},
			{`3`, `exit 0\n.*\n3 met`},
		},
	},
	{
		name: "modules.NAME.env", config: sandbox + "[modules.env]\nenv = VALUE", workflow: calls("{}", "env"),
		outcomes: []outcome{
			{`{ A = "1" }`, `exit 0\n1\n`},
			{`{ A = "2" }`, `exit 0\n2\n`},
			{`{ B = "1" }`, `exit 1\n.*Refused: there is no variable "A"`},
		},
	},
	{
		name: "modules.NAME.secrets", config: sandbox + "[modules.env]\nsecrets = VALUE\n[modules.log]\nsecrets = VALUE",
		args: []string{"--verbose"}, run: trial.runsWithSecrets, workflow: calls(`{"secrets":"11111 and 22222"}`, "log", "env"),
		outcomes: []outcome{
			{`{ A = "env:WASL_TEST_SECRET" }`, `exit 0\n11111\nT0#1: \{"secrets":"\[secret\] and 22222"\}\n`},
			{`{ A = "file:secret" }`, `exit 0\n22222\nT0#1: \{"secrets":"11111 and \[secret\]"\}\n`},
		},
	},
	{
		name: "modules.NAME.storage.bucket", config: sandbox + "[modules.put]\nstorage = [{ bucket = VALUE, mode = \"write\" }]", workflow: calls("{}", "put"),
		outcomes: []outcome{
			{`"b"`, `exit 0\nnull`},
			{`"c"`, `exit 1\n.*Refused: writing "in/k" in bucket "b" is not granted`},
		},
	},
	{
		name: "modules.NAME.storage.prefix", config: sandbox + "[modules.put]\nstorage = [{ bucket = \"b\", mode = \"write\", prefix = VALUE }]", workflow: calls("{}", "put"),
		outcomes: []outcome{
			{`"in/"`, `exit 0\nnull`},
			{`"out/"`, `exit 1\n.*Refused: writing "in/k" in bucket "b" is not granted`},
			{`""`, `exit 0\nnull`},
		},
	},
	{
		name:     "modules.NAME.storage.mode",
		config:   sandbox + "[modules.put]\nstorage = [{ bucket = \"b\", mode = VALUE }]\n[modules.get]\nstorage = [{ bucket = \"b\", mode = VALUE }]",
		workflow: calls(`{"text":"t"}`, "put", "get"),
		outcomes: []outcome{
			{`"read"`, `exit 1\n.*Refused: writing "in/k" in bucket "b" is not granted`},
			{`"write"`, `exit 1\n.*Refused: reading "in/k" in bucket "b" is not granted`},
			{`"read-write"`, `exit 0\n\{"text":"t"\}\n`},
		},
	},
	{
		name: "modules.NAME.http.hosts", config: sandbox + "[modules.fetch]\nhttp.hosts = VALUE", workflow: calls(`{"url":"http://$SERVER/moved"}`, "fetch"),
		outcomes: []outcome{
			{`["$SERVER"]`, `exit 0\n\{"status":302,.*"Location":\["/bytes/1"\]`},
			{`["api.example.com"]`, `exit 1\n.*Refused: requests to "127\.0\.0\.1:\d+" are not granted`},
			{`[]`, `exit 1\n.*Refused: requests to "127\.0\.0\.1:\d+" are not granted`},
		},
	},
	{
		name: "modules.NAME.http.private", config: sandbox + "[modules.fetch]\nhttp = { hosts = [\"localhost:$PORT\"], private = VALUE }",
		workflow: calls(`{"url":"http://localhost:$PORT/bytes/3"}`, "fetch"),
		outcomes: []outcome{
			{`[]`, `exit 1\n.*Refused: the address .* is not public`},
			{`["127.0.0.0/8", "::1"]`, `exit 0\n\{"status":200,.*"body":"xxx"\}`},
		},
	},
	{
		name: "modules.NAME.http.max_body", config: sandbox + "[modules.fetch]\nhttp = { hosts = [\"$SERVER\"], max_body = VALUE }",
		workflow: calls(`{"url":"http://$SERVER/bytes/2000"}`, "fetch"),
		outcomes: []outcome{
			{`"1KiB"`, `exit 1\n.*Refused: the answer's body is larger than 1024 bytes`},
			{`"2000B"`, `exit 0\n\{"status":200,.*"body":"xxx`},
		},
	},
	{
		name: "modules.NAME.http.timeout", config: sandbox + "[modules.fetch]\nhttp = { hosts = [\"$SERVER\"], timeout = VALUE }",
		workflow: calls(`{"url":"http://$SERVER/bytes/3"}`, "fetch"),
		outcomes: []outcome{
			{`"1ns"`, `exit 1\n.*Refused: HTTP: context deadline exceeded`},
			{`"1h"`, `exit 0\n\{"status":200,.*"body":"xxx"\}`},
		},
	},
	{
		name: "modules.NAME.files.guest", config: sandbox + "[modules.folder]\nfiles = [{ guest = VALUE, host = \"$DIR\" }]", workflow: calls("{}", "folder"),
		outcomes: []outcome{
			{`"/lib/python"`, `exit 0\n"/lib/python"\n`},
			{`"data"`, `exit 0\n"data"\n`},
		},
	},
	{
		name: "modules.NAME.files.host", config: sandbox + "[modules.show]\nfiles = [{ guest = \"/d\", host = VALUE }]",
		run: trial.runsWithFolders, workflow: calls("{}", "show"),
		outcomes: []outcome{
			{`"$DIR/one"`, `exit 0\n1\n`},
			{`"$DIR/two"`, `exit 0\n2\n`},
			{`"$DIR/none"`, `exit 2\n.*\[modules\.show\] files: the folder for /d cannot be opened: open [^\n]*/none: no such file or directory`},
		},
	},
	{
		name: "modules.NAME.files.mode", config: sandbox + "[modules.make]\nfiles = [{ guest = \"/d\", host = \"$DIR/one\", mode = VALUE }]",
		run: trial.runsWithFolders, workflow: calls("{}", "make"),
		outcomes: []outcome{
			{`"read"`, `exit 0\n69\nfile one/f\nfile two/f\n`},
			{`"read-write"`, `exit 0\n0\nfile one/f\nfile one/new\n`},
			{`"copy"`, `exit 0\n0\nfile one/f\nfile two/f\n`},
		},
	},
	{
		name: "modules.NAME.scratch.guest", config: sandbox + "[modules.folder]\nscratch.guest = VALUE", workflow: calls("{}", "folder"),
		outcomes: []outcome{
			{`"/tmp"`, `exit 0\n"/tmp"\n`},
			{`"/var/tmp"`, `exit 0\n"/var/tmp"\n`},
		},
	},
	{
		name: "modules.NAME.scratch.size", config: sandbox + "[modules.make]\nscratch = { guest = \"/tmp\", size = VALUE }", workflow: calls("{}", "make"),
		outcomes: []outcome{
			{`"64KiB"`, `exit 0\n51\n`}, // ENOSPC
			{`"128KiB"`, `exit 0\n0\n`},
		},
	},
	{
		name: "modules.NAME.args", config: sandbox + "[modules.args]\nargs = VALUE", workflow: calls("{}", "args"),
		outcomes: []outcome{
			{`["1"]`, `exit 0\n1\n`},
			{`["[2]"]`, `exit 0\n\[2\]\n`},
		},
	},
	{
		name: "modules.NAME.clock", config: sandbox + "[modules.clock]\nclock = VALUE", workflow: calls("{}", "clock"),
		outcomes: []outcome{
			{`"fixed"`, `exit 0\n946684800000001000\n`}, // the beginning of 2000
			{`"real"`, `exit 0\n[1-9]\d{18}\n`},         // after 2001
		},
	},
	{
		name: "modules.NAME.random", config: sandbox + "[modules.random]\nrandom = VALUE", workflow: calls("{}", "random"),
		args: []string{"--name", "same"}, run: trial.runsTwice,
		outcomes: []outcome{
			{`"seeded"`, `exit 0\n"[0-7]{8}"\n.*the same again`},
			{`"real"`, `exit 0\n"[0-7]{8}"\n.*another one`},
		},
	},
	{
		name: "resources", config: sandbox + "[resources]\n\"arn:aws:states:::sns:publish\" = VALUE",
		workflow: `{"StartAt":"T","States":{"T":{"Type":"Task","Resource":"arn:aws:states:::sns:publish","Parameters":{"TopicArn":"t","Message":"m"},"End":true}}}`,
		outcomes: []outcome{
			{`"module echo"`, `exit 0\n\{"TopicArn":"t","Message":"m"\}`},
			{`"module quick"`, `exit 0\nnull`},
			{`"module none"`, `exit 6\n.*there is no module "none"`},
		},
	},
	{
		name: "substitutions", config: "[substitutions]\nn = VALUE", workflow: says(`"Result":${n}`),
		outcomes: []outcome{
			{`7`, `exit 0\n7\n`},
			{`"[true]"`, `exit 0\n\[true\]\n`},
			{`false`, `exit 0\nfalse\n`},
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
		name: "limits.expression_work", config: "[limits]\nexpression_work = VALUE", workflow: says(`"QueryLanguage":"JSONata","Output":"{% $sum([1..1000].($ * 2)) %}"`),
		outcomes: []outcome{
			{`2_000`, `exit 1\n.*States\.QueryEvaluationError.*U1001: .*more work than \[limits\] expression_work allows \(2000 units\)`},
			{`20_000`, `exit 0\n1001000`},
			{`0`, `exit 0\n1001000`},
		},
	},
	{
		name: "limits.expression_memory", config: "[limits]\nexpression_memory = VALUE", workflow: says(`"QueryLanguage":"JSONata","Output":"{% $length($pad('', 4000, 'x')) %}"`),
		outcomes: []outcome{
			{`"3KiB"`, `exit 1\n.*States\.QueryEvaluationError.*U1001: .*more memory than \[limits\] expression_memory allows \(3072 bytes\)`},
			{`"100KiB"`, `exit 0\n4000`},
			{`"0"`, `exit 0\n4000`},
		},
	},
	{
		name: "limits.closed_kept", config: "[limits]\nclosed_kept = VALUE", run: trial.starts, workflow: says(`"Result":1`),
		outcomes: []outcome{
			{`2`, `SUCCEEDED\n2 on record`},
			{`3`, `SUCCEEDED\n3 on record`},
			{`0`, `SUCCEEDED\n3 on record`},
		},
	},
	{
		name: "limits.closed_children_kept", config: "[limits]\nclosed_children_kept = VALUE", run: trial.starts,
		workflow: `{"StartAt":"I","States":{"I":{"Type":"Pass","Result":[1,2,3],"Next":"M"},"M":{"Type":"Map","End":true,"ItemProcessor":{
			"ProcessorConfig":{"Mode":"DISTRIBUTED","ExecutionType":"STANDARD"},"StartAt":"P","States":{"P":{"Type":"Pass","End":true}}}}}}`,
		outcomes: []outcome{
			{`2`, `SUCCEEDED\n3 on record\n2 children on record`},
			{`3`, `SUCCEEDED\n3 on record\n3 children on record`},
			{`0`, `SUCCEEDED\n3 on record\n3 children on record`},
		},
	},
	{
		name: "limits.closed_size", config: "[limits]\nclosed_size = VALUE", run: trial.starts, workflow: says(`"Result":` + long(2000)),
		outcomes: []outcome{
			{`"1KiB"`, `SUCCEEDED\n1 on record`}, // the last one stays
			{`"1MiB"`, `SUCCEEDED\n3 on record`},
			{`"0"`, `SUCCEEDED\n3 on record`},
		},
	},
	{
		name: "workers.count", config: sandbox + mayAsk + "[workers]\ncount = VALUE", workflow: meets, args: nineItems,
		outcomes: []outcome{
			{`1`, `exit 0\n.*\n1 met`},
			{`3`, `exit 0\n.*\n3 met`},
		},
	},
}
