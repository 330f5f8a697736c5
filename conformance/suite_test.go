package conformance

import (
	"encoding/json"
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// sections are the headings of the specification that demand something. Two
// sections are called Using Assign.
var sections = []string{
	"Structure of a State Machine", "Top-level fields", "States", "Transitions", "Timestamps", "Data",
	"The Context Object", "Query Languages", "State Machine Variables", "Assigning State Machine Variables", "Variable Scope",
	"Expressions", `Reserved "states" Variable with JSONata`, "Using Arguments and Output", "Using Assign (JSONata)",
	"JSONata Evaluation", "JSONata Runtime Errors", "JSONata Restrictions",
	"Paths", "Reference Paths", "Payload Template", "Intrinsic Functions", `Reserved "states" Variable with JSONPath`,
	"Using InputPath, Parameters, ResultSelector, ResultPath and OutputPath", "Using Assign (JSONPath)", "Defaults",
	"Input/Output Processing Examples", "JSONPath Runtime Errors",
	"Errors", "Error representation", "Retrying after error", "Complex retry scenarios", "Fallback states", "Error output",
	"JSONata Catchers", "JSONPath Catchers",
	"State Types", "Table of State Types and Fields (JSONata)", "Table of State Types and Fields (JSONPath)",
	"Pass State", "JSONata Pass State", "JSONPath Pass State", "Task State", "Timeouts", "Credentials",
	"Choice State", "JSONata Choice Rules", "JSONPath Choice Rules", "Boolean expression for JSONPath Choice Rules",
	"Data-test expression for JSONPath Choice Rules", "Wait State", "JSONata Wait State", "JSONPath Wait State",
	"Succeed State", "Fail State", "JSONata Fail State", "JSONPath Fail State", "Parallel State",
	"Map State", "JSONata Map State", "JSONPath Map State", "Map State input/output processing", "Reading Items",
	"Selecting Items", "Batching Items", "Processing Items", "Writing Results", "Map State concurrency",
	"Map State ItemProcessor definition", "Map State Failure Tolerance",
	"Appendix A: Predefined Error Codes", "Appendix B: List of JSONPath Intrinsic Functions",
	"States.Format", "States.StringToJson", "States.JsonToString", "States.Array", "States.ArrayPartition",
	"States.ArrayContains", "States.ArrayRange", "States.ArrayGetItem", "States.ArrayLength", "States.ArrayUnique",
	"States.Base64Encode", "States.Base64Decode", "States.Hash", "States.JsonMerge", "States.MathRandom",
	"States.MathAdd", "States.StringSplit", "States.UUID",
}

func cases(t testing.TB) []Case {
	t.Helper()
	all, err := Cases()
	if err != nil {
		t.Fatal(err)
	}
	return all
}

func TestEverySectionHasACase(t *testing.T) {
	used := map[string]bool{}
	for _, c := range cases(t) {
		used[c.Spec] = true
		if !slices.Contains(sections, c.Spec) {
			t.Errorf("%s: the specification has no section %q", c.ID(), c.Spec)
		}
	}
	for _, s := range sections {
		if !used[s] {
			t.Errorf("no case for the section %q", s)
		}
	}
}

func TestSectionsAreThoseOfTheSpecification(t *testing.T) {
	folder := os.Getenv("WASL_REFERENCE")
	if folder == "" {
		t.Skip("WASL_REFERENCE is not set")
	}
	text, err := os.ReadFile(filepath.Join(folder, "asl-spec-2024-11-22.html"))
	if err != nil {
		t.Fatal(err)
	}
	headings := map[string]bool{}
	unmarked := strings.NewReplacer("&quot;", `"`, "&#39;", "'", "&amp;", "&")
	for _, m := range regexp.MustCompile(`(?s)<h[1-6][^>]*>(.*?)</h[1-6]>`).FindAllStringSubmatch(string(text), -1) {
		plain := regexp.MustCompile(`<[^>]*>`).ReplaceAllString(m[1], "")
		headings[strings.TrimSpace(unmarked.Replace(strings.Join(strings.Fields(plain), " ")))] = true
	}
	for _, s := range sections {
		if strings.HasPrefix(s, "Using Assign") {
			s = "Using Assign"
		}
		if !headings[s] {
			t.Errorf("the specification has no heading %q", s)
		}
	}
}

// TestSchemaNamesTheFields holds case.schema.json and the Go types together.
func TestSchemaNamesTheFields(t *testing.T) {
	text, err := os.ReadFile("case.schema.json")
	if err != nil {
		t.Fatal(err)
	}
	type object struct {
		Properties map[string]json.RawMessage `json:"properties"`
	}
	var schema struct {
		object
		Defs map[string]object `json:"$defs"`
	}
	if err := json.Unmarshal(text, &schema); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		name string
		def  object
		typ  reflect.Type
	}{
		{"file", schema.object, reflect.TypeFor[file]()},
		{"case", schema.Defs["case"], reflect.TypeFor[Case]()},
		{"mock", schema.Defs["mock"], reflect.TypeFor[Mock]()},
		{"expect", schema.Defs["expect"], reflect.TypeFor[Expect]()},
	} {
		fields := map[string]bool{}
		for i := range c.typ.NumField() {
			if name := c.typ.Field(i).Tag.Get("json"); name != "-" {
				fields[name] = true
			}
		}
		for name := range fields {
			if _, ok := c.def.Properties[name]; !ok {
				t.Errorf("the schema of a %s lacks %s", c.name, name)
			}
		}
		for name := range c.def.Properties {
			if !fields[name] {
				t.Errorf("the schema of a %s has %s, which is not read", c.name, name)
			}
		}
	}
}

func TestLoadRefusesBrokenCases(t *testing.T) {
	const good = `"name": "a", "spec": "States", "definition": {}`
	for _, c := range []struct{ name, text, want string }{
		{"no JSON", `{`, "invalid character"},
		{"an unknown field", `{` + good + `, "expct": {}}`, "unknown field"},
		{"nothing to expect", `{` + good + `, "expect": {}}`, "neither a status nor invalid"},
		{"no definition", `{"name": "a", "spec": "States", "expect": {"status": "RUNNING"}}`, "no definition"},
		{"no section", `{"name": "a", "definition": {}, "expect": {"status": "RUNNING"}}`, "section"},
		{"a success without output", `{` + good + `, "expect": {"status": "SUCCEEDED"}}`, "needs an output"},
		{"a failure without error", `{` + good + `, "expect": {"status": "FAILED"}}`, "needs an error"},
		{"a type that is none", `{` + good + `, "type": "FAST", "expect": {"status": "RUNNING"}}`, "unknown type"},
		{"a mock without answer", `{` + good + `, "mocks": {"x": {"0": {}}}, "expect": {"status": "RUNNING"}}`, "exactly one"},
		{"an invocation that is none", `{` + good + `, "mocks": {"x": {"a": {"Return": 1}}}, "expect": {"status": "RUNNING"}}`, "no invocation"},
		{"the same name twice", `{` + good + `, "expect": {"invalid": {}}}, {` + good + `, "expect": {"invalid": {}}}`, "twice"},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := Load(oneFile(`{"subject": "s", "cases": [` + c.text + `]}`))
			if err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("error %v, want one with %q", err, c.want)
			}
		})
	}
}
