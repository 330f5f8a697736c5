package api

import (
	"bytes"
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/waslrun/wasl/asl/jsonvalue"
)

var update = flag.Bool("update", false, "rewrite constraints.txt from the API model in WASL_REFERENCE")

// modelShape is a shape of the API model that AWS publishes.
type modelShape struct {
	Type      string
	Min, Max  *int64
	Pattern   string
	Enum      []string
	Sensitive bool
	Required  []string
	Member    struct{ Shape string }
	Value     struct{ Shape string } // of a map
	Members   json.RawMessage
}

// member is a member of a structure, in the model's order.
type modelMember struct{ name, shape string }

// membersOf reads the members in their order, which a map would lose.
func membersOf(t *testing.T, text json.RawMessage) (members []modelMember) {
	t.Helper()
	d := json.NewDecoder(bytes.NewReader(text))
	if _, err := d.Token(); err != nil {
		t.Fatal(err)
	}
	for d.More() {
		name, err := d.Token()
		if err != nil {
			t.Fatal(err)
		}
		var m struct{ Shape string }
		if err := d.Decode(&m); err != nil {
			t.Fatal(err)
		}
		members = append(members, modelMember{name.(string), m.Shape})
	}
	return members
}

// TestConstraintsFollowTheModel derives constraints.txt, of requests, and
// testdata/model/answers.txt from the API model and compares.
// go test -run ConstraintsFollow -update writes them.
func TestConstraintsFollowTheModel(t *testing.T) {
	reference := os.Getenv("WASL_REFERENCE")
	if reference == "" {
		t.Skip("WASL_REFERENCE is not set")
	}
	text, err := os.ReadFile(filepath.Join(reference, "sfn-api-model.json"))
	if err != nil {
		t.Fatal(err)
	}
	var model struct {
		Operations map[string]struct{ Input, Output struct{ Shape string } }
		Shapes     map[string]modelShape
	}
	if err := json.Unmarshal(text, &model); err != nil {
		t.Fatal(err)
	}
	var inputs, outputs []string
	for _, op := range model.Operations {
		inputs, outputs = append(inputs, op.Input.Shape), append(outputs, op.Output.Shape)
	}
	for file, roots := range map[string][]string{"constraints.txt": inputs, answersFile: outputs} {
		slices.Sort(roots)
		w := constraintsWriter{t: t, shapes: model.Shapes, done: map[string]bool{}}
		for _, name := range roots {
			w.shape(name)
		}
		got := w.out.String()
		if *update {
			if err := os.WriteFile(file, []byte(got), 0o644); err != nil {
				t.Fatal(err)
			}
		}
		if have, err := os.ReadFile(file); err != nil || string(have) != got {
			t.Errorf("%s differs from the model; run with -update (%v)", file, err)
		}
	}
}

type constraintsWriter struct {
	t      *testing.T
	shapes map[string]modelShape
	done   map[string]bool
	out    strings.Builder
}

func (w *constraintsWriter) shape(name string) {
	if w.done[name] {
		return
	}
	w.done[name] = true
	s := w.shapes[name]
	line := name + " " + s.Type
	if s.Type == "list" {
		line += " of=" + s.Member.Shape
	}
	if s.Type == "map" {
		line += " of=" + s.Value.Shape
	}
	if s.Min != nil {
		line += fmt.Sprintf(" min=%d", *s.Min)
	}
	if s.Max != nil {
		line += fmt.Sprintf(" max=%d", *s.Max)
	}
	if s.Enum != nil {
		line += " enum=" + strings.Join(s.Enum, ",")
	}
	if s.Sensitive {
		line += " sensitive"
	}
	if s.Pattern != "" {
		line += " pattern=" + s.Pattern
	}
	fmt.Fprintln(&w.out, line)
	switch s.Type {
	case "list":
		w.shape(s.Member.Shape)
	case "map":
		w.shape(s.Value.Shape)
	}
	if s.Type != "structure" {
		return
	}
	members := membersOf(w.t, s.Members)
	for _, m := range members {
		line := "  " + m.name + " " + m.shape
		if slices.Contains(s.Required, m.name) {
			line += " required"
		}
		fmt.Fprintln(&w.out, line)
	}
	for _, m := range members {
		w.shape(m.shape)
	}
}

func TestCheck(t *testing.T) {
	long := strings.Repeat("x", 257)
	for _, c := range []struct{ name, shape, request, want string }{
		{"all well", "ListExecutionsInput", `{"stateMachineArn":"a","maxResults":1000,"statusFilter":"RUNNING"}`, ""},
		{"unknown members pass", "ListExecutionsInput", `{"later":1}`, ""},
		{
			"too large", "ListExecutionsInput", `{"maxResults":1001}`,
			"1 validation error detected: Value '1001' at 'maxResults' failed to satisfy constraint: " +
				"Member must have value less than or equal to 1000",
		},
		{
			"too small", "ListExecutionsInput", `{"maxResults":-1}`,
			"1 validation error detected: Value '-1' at 'maxResults' failed to satisfy constraint: " +
				"Member must have value greater than or equal to 0",
		},
		{
			"enumeration", "ListExecutionsInput", `{"statusFilter":"succeeded"}`,
			"1 validation error detected: Value 'succeeded' at 'statusFilter' failed to satisfy constraint: Member must " +
				"satisfy enum value set: [SUCCEEDED, TIMED_OUT, PENDING_REDRIVE, ABORTED, FAILED, RUNNING]",
		},
		{
			"required", "DescribeExecutionInput", `{"executionArn":null}`,
			"1 validation error detected: Value null at 'executionArn' failed to satisfy constraint: Member must not be null",
		},
		{
			"empty", "ListStateMachinesInput", `{"nextToken":""}`,
			"1 validation error detected: Value '' at 'nextToken' failed to satisfy constraint: " +
				"Member must have length greater than or equal to 1",
		},
		{
			"length counts characters", "DescribeExecutionInput", `{"executionArn":"` + strings.Repeat("é", 256) + `"}`, "",
		},
		{
			"too long", "DescribeExecutionInput", `{"executionArn":"` + long + `"}`,
			"1 validation error detected: Value '" + long + "' at 'executionArn' failed to satisfy constraint: " +
				"Member must have length less than or equal to 256",
		},
		{
			"sensitive values are not shown", "SendTaskFailureInput", `{"taskToken":"t","error":"` + long + `"}`,
			"1 validation error detected: Value at 'error' failed to satisfy constraint: " +
				"Member must have length less than or equal to 256",
		},
		{
			"pattern", "CreateStateMachineAliasInput", `{"name":"123","routingConfiguration":[{"stateMachineVersionArn":"a","weight":1}]}`,
			`1 validation error detected: Value '123' at 'name' failed to satisfy constraint: ` +
				`Member must satisfy regular expression pattern: ^(?=.*[a-zA-Z_\-\.])[a-zA-Z0-9_\-\.]+$`,
		},
		{
			"several", "CreateStateMachineAliasInput", `{"routingConfiguration":[{"weight":101}]}`,
			"3 validation errors detected: Value null at 'name' failed to satisfy constraint: Member must not be null; " +
				"Value null at 'routingConfiguration.1.member.stateMachineVersionArn' failed to satisfy constraint: Member must not be null; " +
				"Value '101' at 'routingConfiguration.1.member.weight' failed to satisfy constraint: Member must have value less than or equal to 100",
		},
		{
			"lists are shown", "CreateStateMachineAliasInput", `{"name":"a","routingConfiguration":[` +
				`{"stateMachineVersionArn":"x:1","weight":50},{"weight":30,"stateMachineVersionArn":"x:2"},{"stateMachineVersionArn":"x:3","weight":20}]}`,
			"1 validation error detected: Value '[RoutingConfigurationListItem(stateMachineVersionArn=x:1, weight=50), " +
				"RoutingConfigurationListItem(stateMachineVersionArn=x:2, weight=30), RoutingConfigurationListItem(stateMachineVersionArn=x:3, " +
				"weight=20)]' at 'routingConfiguration' failed to satisfy constraint: Member must have length less than or equal to 2",
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			got := ""
			if err := (&Server{}).check(c.shape, jsonvalue.MustParse(c.request)); err != nil {
				got = strings.TrimPrefix(err.Error(), "ValidationException: ")
			}
			if got != c.want {
				t.Errorf("got  %s\nwant %s", got, c.want)
			}
		})
	}
}

func TestMaxPayloadReplacesTheModelsBound(t *testing.T) {
	request := jsonvalue.MustParse(`{"stateMachineArn":"a","input":"` + strings.Repeat("x", 262145) + `"}`)
	if err := (&Server{}).check("StartExecutionInput", request); err == nil {
		t.Error("262145 characters pass AWS's bound")
	}
	if err := (&Server{payload: 262145}).check("StartExecutionInput", request); err != nil {
		t.Error(err)
	}
}
