package asl

import (
	"fmt"
	"testing"
)

// Whether a Map is a Distributed one is the same for who builds it and for who
// validates it, under either name of its processor.
func TestWhatADistributedMapIs(t *testing.T) {
	const inner = `"StartAt":"i","States":{"i":{"Type":"Succeed"}}`
	for _, field := range []string{"ItemProcessor", "Iterator"} {
		for config, want := range map[string]bool{
			"":                                     false,
			`"ProcessorConfig":{},`:                false,
			`"ProcessorConfig":{"Mode":"INLINE"},`: false,
			`"ProcessorConfig":{"Mode":"DISTRIBUTED","ExecutionType":"STANDARD"},`: true,
		} {
			text := fmt.Sprintf(`{"StartAt":"m","States":{"m":{"Type":"Map","Label":"L",%q:{%s%s},"End":true}}}`, field, config, inner)
			m, found := Check("m.json", []byte(text))
			if m == nil {
				t.Fatal(found)
			}
			if got := m.State("m").(*Map).Distributed; got != want || HasErrors(found) == want {
				t.Errorf("%s %s: distributed %v, %v", field, config, got, found)
			}
		}
	}
}
