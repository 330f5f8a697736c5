package main

import (
	"strings"
	"testing"
)

const usage = `{"type":"Call","module":"scale","tier":"pooled","fuel":2000000,"memoryPeak":8388608,"wallMicros":2000}
{"type":"Call","module":"scale","tier":"copy-on-write","error":"Wasm.MemoryLimit","fuel":9000000,"memoryPeak":8388608,"wallMicros":40000.125}
{"type":"Call","module":"scale","tier":"pooled","killed":true,"fuel":4000000,"memoryPeak":4194304,"wallMicros":3000}
{"type":"Call","module":"list","tier":"plain","fuel":100000,"memoryPeak":65536,"wallMicros":400}
{"type":"Call","module":"scale","tier":"pooled","fuel":3000000,"memoryPeak":4194304,"wallMicros":8000}
{"type":"Call","module":"scale","killed":true,"fuel":0,"memoryPeak":0,"wallMicros":0}
{"type":"Usage","total":{"calls":6},"modules":[]}
`

const table = `
  calls  failed  median ms  most ms  median Mfuel  most Mfuel  most MiB  module, tier
      1       0        0.4      0.4           0.1         0.1       0.1  list, plain
      1       1        0.0      0.0           0.0         0.0       0.0  scale, no instance
      1       1       40.0     40.0           9.0         9.0       8.0  scale, copy-on-write
      3       1        3.0      8.0           3.0         4.0       8.0  scale, pooled
`

func TestTable(t *testing.T) {
	groups, err := read(strings.NewReader(usage))
	if err != nil {
		t.Fatal(err)
	}
	var b strings.Builder
	if err := printTable(&b, groups); err != nil {
		t.Fatal(err)
	}
	if got := "\n" + b.String(); got != table {
		t.Errorf("got%swant%s", got, table)
	}
}

func TestWhatIsNoUsage(t *testing.T) {
	if _, err := read(strings.NewReader("usage:")); err == nil {
		t.Error("no error")
	}
}
