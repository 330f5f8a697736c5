package asl

import (
	"fmt"
	goruntime "runtime"
	"strings"
	"testing"
)

// hostile are definitions of a size that want to cost much more.
func hostile() map[string]string {
	const size = 300_000 // a third of what is allowed
	long := strings.Repeat("k", size/2)
	fill := func(n int, f func(i int) string) string {
		var b strings.Builder
		for i := 0; b.Len() < n; i++ {
			if i > 0 {
				b.WriteString(",")
			}
			b.WriteString(f(i))
		}
		return b.String()
	}
	ones := fill(size/2, func(int) string { return "1" })
	machine := func(states string) string { return `{"StartAt": "x", "States": {` + states + `}}` }
	pass := func(fields string) string { return machine(`"x": {"Type": "Pass", "End": true, ` + fields + `}`) }
	return map[string]string{
		"a long key around many values": pass(`"Parameters": {"` + long + `": [` + ones + `]}`),
		"a long key around many mistakes": pass(`"Parameters": {"` + long + `": {` +
			fill(size/2, func(i int) string { return fmt.Sprintf(`"%d.$": 1`, i) }) + `}}`),
		"many values deep inside": pass(`"Parameters": {"a": ` + strings.Repeat("[", 900) + ones + strings.Repeat("]", 900) + `}`),
		"a long name around many states": machine(`"` + long + `": {"Type": "Map", "End": true, "ItemProcessor": ` +
			machine(fill(size/2, func(i int) string { return fmt.Sprintf(`"%d": {"Type": "Succeed"}`, i) })) + `}`),
		"many missing targets": machine(fill(size, func(i int) string { return fmt.Sprintf(`"%d": {"Type": "Pass", "Next": "n%d"}`, i, i) })),
		"many unknown fields":  pass(fill(size, func(i int) string { return fmt.Sprintf(`"Typ%d": 1`, i) })),
		"one key many times":   pass(fill(size, func(int) string { return `"Comment": ""` })),
		"many variables around many states": machine(`"x": {"Type": "Pass", "Next": "0", "Assign": {` +
			fill(size/2, func(i int) string { return fmt.Sprintf(`"v%d": 1`, i) }) + `}}, ` +
			fill(size/2, func(i int) string {
				return fmt.Sprintf(`"%d": {"Type": "Map", "Next": "%d", "ItemProcessor": {"StartAt": "i%d", "States": {"i%d": {"Type": "Succeed"}}}}`, i, i+1, i, i)
			})),
	}
}

// TestHostileDefinitionsCostLittle holds that a definition's checks cost what
// its text costs.
func TestHostileDefinitionsCostLittle(t *testing.T) {
	const most = 150 << 20 // bytes, freed ones too
	for name, text := range hostile() {
		for _, file := range []string{"m.json", "m.yaml"} {
			t.Run(name+" in "+file, func(t *testing.T) {
				var before, after goruntime.MemStats
				goruntime.ReadMemStats(&before)
				m, ds := Check(file, []byte(text))
				goruntime.ReadMemStats(&after)
				if used := after.TotalAlloc - before.TotalAlloc; used > most {
					t.Errorf("%d MB", used>>20)
				}
				if n := len(ds); n > MaxDiagnostics {
					t.Errorf("%d diagnostics", n)
				}
				if m != nil {
					VariableReferences(m)
				}
			})
		}
	}
}
