package cli

import (
	"bytes"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/waslrun/wasl/modules"
	"github.com/waslrun/wasl/runtime"
)

// usageCalls are calls of two modules, and one that had no instance.
var usageCalls = []runtime.CallUsage{
	{
		Task: "arn:x/Scale#2", State: "Scale", Resource: "wasm:scale", Module: "scale", Usage: modules.Usage{
			Fuel: 1_000_000, MemoryPeak: 8256 << 10, Wall: 12345678, Tier: modules.TierCopyOnWrite,
			HostUsage: modules.HostUsage{OutputBytes: 130, LogBytes: 7, HostCalls: 5},
		},
	},
	{
		Task: "arn:x/Scale#3", State: "Scale", Resource: "wasm:scale", Module: "scale", Attempt: 1, Error: "<Bad>", Usage: modules.Usage{
			Fuel: 3000, MemoryPeak: 4 << 20, Wall: 9700, Tier: modules.TierPooled,
		},
	},
	{Task: "arn:x/List#1", State: "List", Resource: "arn:aws:states:::lambda:invoke", Module: "list", Killed: true},
}

func recordAll(u *usageRecorder) {
	for _, c := range usageCalls {
		u.RecordUsage(c)
	}
}

func TestUsageFileHasALineACallAndTheSums(t *testing.T) {
	var out bytes.Buffer
	u := &usageRecorder{lines: newLineWriter(&out)}
	recordAll(u)
	if err := u.finish(u.lines); err != nil {
		t.Fatal(err)
	}
	want := `{"type":"Call","task":"arn:x/Scale#2","state":"Scale","resource":"wasm:scale","module":"scale","attempt":0,"tier":"copy-on-write","fuel":1000000,"memoryPeak":8454144,"wallMicros":12345.678,"outputBytes":130,"logBytes":7,"hostCalls":5}
{"type":"Call","task":"arn:x/Scale#3","state":"Scale","resource":"wasm:scale","module":"scale","attempt":1,"error":"<Bad>","tier":"pooled","fuel":3000,"memoryPeak":4194304,"wallMicros":9.7,"outputBytes":0,"logBytes":0,"hostCalls":0}
{"type":"Call","task":"arn:x/List#1","state":"List","resource":"arn:aws:states:::lambda:invoke","module":"list","attempt":0,"killed":true,"fuel":0,"memoryPeak":0,"wallMicros":0,"outputBytes":0,"logBytes":0,"hostCalls":0}
{"type":"Usage",` +
		`"total":{"calls":3,"failed":1,"killed":1,"timedOut":0,"tiers":{"pooled":1,"copy-on-write":1,"plain":0},"fuel":1003000,"maxFuel":1000000,"memoryPeak":8454144,"wallMicros":12355.378,"maxWallMicros":12345.678,"outputBytes":130,"logBytes":7,"hostCalls":5},` +
		`"modules":[` +
		`{"module":"list","calls":1,"failed":0,"killed":1,"timedOut":0,"tiers":{"pooled":0,"copy-on-write":0,"plain":0},"fuel":0,"maxFuel":0,"memoryPeak":0,"wallMicros":0,"maxWallMicros":0,"outputBytes":0,"logBytes":0,"hostCalls":0},` +
		`{"module":"scale","calls":2,"failed":1,"killed":0,"timedOut":0,"tiers":{"pooled":1,"copy-on-write":1,"plain":0},"fuel":1003000,"maxFuel":1000000,"memoryPeak":8454144,"wallMicros":12355.378,"maxWallMicros":12345.678,"outputBytes":130,"logBytes":7,"hostCalls":5}]}
`
	if out.String() != want {
		t.Errorf("got\n%swant\n%s", out.String(), want)
	}
}

func TestUsageTable(t *testing.T) {
	u := &usageRecorder{}
	if got := usageTable(u.totals.Report()); got != "" {
		t.Errorf("without calls: %q", got)
	}
	recordAll(u)
	want := `
  calls  failed  killed  timed out  pooled  copy-on-write  plain     fuel     time  longest    memory  module
      1       0       1          0       0              0      0        0       0s       0s       0 B  list
      2       1       0          0       1              1      0  1003000  12.36ms  12.35ms  8256 KiB  scale
      3       1       1          0       1              1      0  1003000  12.36ms  12.35ms  8256 KiB  all`
	if got := "\n" + usageTable(u.totals.Report()); got != want {
		t.Errorf("got%s\nwant%s", got, want)
	}
}

func TestShortTime(t *testing.T) {
	for d, want := range map[time.Duration]string{
		0: "0s", 987: "987ns", 9_700: "9.7µs", 123_456: "123.5µs", 12_345_678: "12.35ms",
		999_960_000: "1s", 83 * time.Second: "1m23s",
	} {
		if got := shortTime(d); got != want {
			t.Errorf("%d: got %s, want %s", d, got, want)
		}
	}
}

// pickyModule returns 0 for an input of one byte and 1, which is a failure, for
// a longer one.
const pickyModule = "\x00asm\x01\x00\x00\x00" +
	"\x01\x05\x01\x60\x00\x01\x7f" + // a type: () -> i32
	"\x02\x12\x01\x04wasl\x09input_len\x00\x00" +
	"\x03\x02\x01\x00" + // a function of that type
	"\x05\x03\x01\x00\x01" + // a page of memory
	"\x07\x18\x02\x06memory\x02\x00\x0bwasl_handle\x00\x01" +
	"\x0a\x09\x01\x07\x00\x10\x00\x41\x01\x4b\x0b" // call input_len; i32.const 1; i32.gt_u

// pickyMap calls the module for one item after the other. The first call is the
// one that finds no used instance.
const pickyMap = `{"StartAt":"M","States":{"M":{"Type":"Map","MaxConcurrency":1,"End":true,"ItemProcessor":{
	"StartAt":"T","States":{
		"T":{"Type":"Task","Resource":"wasm:picky","End":true,"Catch":[{"ErrorEquals":["States.ALL"],"Next":"C"}]},
		"C":{"Type":"Pass","Result":"caught","End":true}}}}}}`

// runPicky runs pickyMap over the items [1,22,3] and gives what it printed and
// wrote, with times as T and execution names as NAME.
func runPicky(t *testing.T, flags ...string) (out, errs, file string) {
	t.Helper()
	dir := t.TempDir()
	for name, text := range map[string]string{"map.json": pickyMap, "picky.wasm": pickyModule, "here.toml": files["here.toml"]} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	args := []string{"wasl", "run", filepath.Join(dir, "map.json"), "--config", filepath.Join(dir, "here.toml"), "--input", "[1,22,3]"}
	for _, f := range flags {
		args = append(args, strings.ReplaceAll(f, "$DIR", dir))
	}
	var o, e bytes.Buffer
	if code := Main(args, strings.NewReader(""), &o, &e); code != exitOK {
		t.Fatal(code, e.String())
	}
	written, err := os.ReadFile(filepath.Join(dir, "usage"))
	if err != nil && !os.IsNotExist(err) {
		t.Fatal(err)
	}
	return masked(o.String()), masked(e.String()), masked(string(written))
}

// masked hides what differs from run to run, and what the sandbox meters.
func masked(text string) string {
	for pattern, with := range map[string]string{
		`icros":[0-9.]+`:                  `icros":T`,
		`uel":\d+`:                        `uel":F`,
		`(execution:[^:]*:)[0-9a-f-]{36}`: `${1}NAME`,
	} {
		text = regexp.MustCompile(pattern).ReplaceAllString(text, with)
	}
	return text
}

const pickySum = `"calls":3,"failed":1,"killed":0,"timedOut":0,"tiers":{"pooled":2,"copy-on-write":1,"plain":0},"fuel":F,"maxFuel":F,` +
	`"memoryPeak":65536,"wallMicros":T,"maxWallMicros":T,"outputBytes":0,"logBytes":0,"hostCalls":3}`

const pickyUsage = `{"type":"Usage","total":{` + pickySum + `,"modules":[{"module":"picky",` + pickySum + "]}\n"

func TestRunReportsUsageAfterTheEvents(t *testing.T) {
	out, errs, _ := runPicky(t, "--json")
	lines := strings.SplitAfter(out, "\n")
	last := len(lines) - 2 // the final piece is empty
	if lines[last] != pickyUsage {
		t.Errorf("got  %swant %s", lines[last], pickyUsage)
	}
	if !strings.Contains(lines[last-1], `"type":"ExecutionSucceeded"`) {
		t.Errorf("before it: %s", lines[last-1])
	}
	if errs != "" {
		t.Error(errs)
	}
}

func TestRunWritesTheUsageOfEachCall(t *testing.T) {
	out, _, file := runPicky(t, "--usage", "$DIR/usage")
	const call = `{"type":"Call","task":"arn:aws:states:us-east-1:000000000000:execution:map:NAME/T#%","state":"T","resource":"wasm:picky","module":"picky","attempt":0,` +
		`"tier":"copy-on-write","fuel":F,"memoryPeak":65536,"wallMicros":T,"outputBytes":0,"logBytes":0,"hostCalls":1}` + "\n"
	pooled := strings.Replace(call, "copy-on-write", "pooled", 1)
	want := strings.Replace(call, "%", "1", 1) +
		strings.NewReplacer("%", "2", `"attempt":0`, `"attempt":0,"error":"States.TaskFailed"`).Replace(pooled) +
		strings.Replace(pooled, "%", "3", 1) + pickyUsage
	if file != want {
		t.Errorf("got\n%swant\n%s", file, want)
	}
	if out != "[null,\"caught\",null]\n" {
		t.Error(out)
	}
}

func TestVerboseRunEndsWithATable(t *testing.T) {
	_, errs, _ := runPicky(t, "--verbose")
	want := regexp.MustCompile(`(T#[123]: task done [^\n]+\n){3}` +
		`  calls  failed  killed  timed out  pooled  copy-on-write  plain  fuel +time +longest +memory  module\n` +
		`      3       1       0          0       2              1      0 +\d+ +[0-9.]+[µm]s +[0-9.]+[µm]s +64 KiB  picky\n$`)
	if !want.MatchString(errs) {
		t.Errorf("%s", errs)
	}
}
