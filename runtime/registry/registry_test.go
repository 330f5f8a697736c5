package registry_test

import (
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/waslrun/wasl/asl/interp"
	"github.com/waslrun/wasl/runtime/registry"
)

const (
	pass    = `{"StartAt":"P","States":{"P":{"Type":"Pass","End":true}}}`
	succeed = `{"StartAt":"S","States":{"S":{"Type":"Succeed"}}}`
)

// compile compiles a definition that has no mistakes.
func compile(t *testing.T, text string) *interp.Program {
	t.Helper()
	d, diagnostics := interp.Load("m.json", []byte(text))
	if d == nil {
		t.Fatal(diagnostics)
	}
	return d
}

// newRegistry makes a registry on a clock that goes on by a second at each look,
// and whose dice show what dice says.
func newRegistry(dice *int) *registry.Registry {
	now := time.Unix(1_700_000_000, 0)
	return registry.New(registry.Options{
		Region: "eu-central-1", Account: "123456789012",
		Now: func() time.Time {
			now = now.Add(time.Second)
			return now
		},
		Random: func(int) int { return *dice },
	})
}

const arn = "arn:aws:states:eu-central-1:123456789012:stateMachine:m"

func TestCreateIsIdempotent(t *testing.T) {
	r := newRegistry(new(int))
	p := registry.Properties{Definition: compile(t, pass), RoleARN: "role"}
	first, err := r.Create("m", registry.Standard, p)
	if err != nil || first.ARN != arn || first.Revision != "" {
		t.Fatalf("%+v, %v", first, err)
	}
	p.RoleARN = "another role"
	if again, err := r.Create("m", registry.Standard, p); err != nil || again != first {
		t.Errorf("the same again: %v, %v", again, err)
	}
	if _, err := r.Create("m", registry.Express, p); !errors.Is(err, registry.ErrMachineAlreadyExists) {
		t.Errorf("another type: %v", err)
	}
	p.Definition = compile(t, pass+" ")
	if _, err := r.Create("m", registry.Standard, p); !errors.Is(err, registry.ErrMachineAlreadyExists) {
		t.Errorf("another text: %v", err)
	}
	r.Delete(arn)
	r.Delete(arn)
	if _, err := r.Create("m", registry.Standard, p); err != nil {
		t.Errorf("after deleting: %v", err)
	}
}

func TestUpdateMakesARevision(t *testing.T) {
	r := newRegistry(new(int))
	if _, err := r.Update(arn, registry.Change{}); !errors.Is(err, registry.ErrMachineDoesNotExist) {
		t.Errorf("no machine: %v", err)
	}
	old, err := r.Create("m", registry.Standard, registry.Properties{Definition: compile(t, pass), RoleARN: "role"})
	if err != nil {
		t.Fatal(err)
	}
	changed, err := r.Update(arn, registry.Change{Definition: compile(t, succeed)})
	if err != nil || changed.Revision == "" || changed.RoleARN != "role" || changed.Created != old.Created || !changed.Updated.After(old.Updated) {
		t.Errorf("%+v, %v", changed, err)
	}
	if old.Definition.Text() != pass {
		t.Error("the old revision changed")
	}
	if now, err := r.Machine(arn); err != nil || now != changed {
		t.Errorf("the current revision is %v, %v", now, err)
	}
}

func TestVersionsAndAliases(t *testing.T) {
	dice := 0
	r := newRegistry(&dice)
	if _, err := r.Create("m", registry.Standard, registry.Properties{Definition: compile(t, pass)}); err != nil {
		t.Fatal(err)
	}
	publish := func(revision string, want int) {
		t.Helper()
		v, err := r.Publish(arn, revision, "")
		if err != nil || v.Number != want || v.ARN != fmt.Sprintf("%s:%d", arn, want) {
			t.Fatalf("%+v, %v", v, err)
		}
	}
	publish("", 1)
	publish("", 1) // nothing has changed
	changed, err := r.Update(arn, registry.Change{Definition: compile(t, succeed)})
	if err != nil {
		t.Fatal(err)
	}
	publish(changed.Revision, 2)
	if _, err := r.Publish(arn, "other", ""); !errors.Is(err, registry.ErrConflict) {
		t.Errorf("an old revision: %v", err)
	}
	routes := []registry.Route{{VersionARN: arn + ":1", Weight: 30}, {VersionARN: arn + ":2", Weight: 70}}
	a, err := r.CreateAlias("prod", "", routes)
	if err != nil || a.ARN != arn+":prod" {
		t.Fatalf("%+v, %v", a, err)
	}
	for roll, want := range map[int]string{0: pass, 29: pass, 30: succeed, 99: succeed} {
		dice = roll
		m, err := r.Resolve(a.ARN)
		if err != nil || m.Definition.Text() != want || m.AliasARN != a.ARN || m.VersionARN == "" {
			t.Errorf("%d: %+v, %v", roll, m, err)
		}
	}
	if m, err := r.Resolve(arn + ":1"); err != nil || m.Definition.Text() != pass || m.VersionARN != arn+":1" || m.AliasARN != "" {
		t.Errorf("%+v, %v", m, err)
	}
	for _, missing := range []string{arn + ":3", arn + ":dev", arn + "x", "", "m"} {
		if _, err := r.Resolve(missing); !errors.Is(err, registry.ErrMachineDoesNotExist) {
			t.Errorf("%q: %v", missing, err)
		}
	}
	if err := r.DeleteVersion(arn + ":1"); !errors.Is(err, registry.ErrConflict) {
		t.Errorf("a version in use: %v", err)
	}
	if _, err := r.UpdateAlias(a.ARN, nil, routes[1:]); !errors.Is(err, registry.ErrInvalidRouting) {
		t.Errorf("70 %%: %v", err)
	}
	if _, err := r.UpdateAlias(a.ARN, nil, []registry.Route{{VersionARN: arn + ":2", Weight: 100}}); err != nil {
		t.Fatal(err)
	}
	if err := r.DeleteVersion(arn + ":1"); err != nil {
		t.Errorf("a version out of use: %v", err)
	}
	if list, err := r.Versions(arn); err != nil || len(list) != 1 || list[0].Number != 2 {
		t.Errorf("%v, %v", list, err)
	}
	if list, err := r.Aliases(arn + ":2"); err != nil || len(list) != 1 {
		t.Errorf("%v, %v", list, err)
	}
	if _, err := r.Update(arn, registry.Change{RoleARN: "role"}); err != nil {
		t.Fatal(err)
	}
	publish("", 3) // numbers are not used twice
}

func TestRoutingIsChecked(t *testing.T) {
	r := newRegistry(new(int))
	for _, name := range []string{"m", "n"} {
		if _, err := r.Create(name, registry.Standard, registry.Properties{Definition: compile(t, pass)}); err != nil {
			t.Fatal(err)
		}
		if _, err := r.Publish(r.ARN(name), "", ""); err != nil {
			t.Fatal(err)
		}
	}
	one := arn + ":1"
	cases := []struct {
		name   string
		routes []registry.Route
		want   error
	}{
		{"none", nil, registry.ErrInvalidRouting},
		{"three", make([]registry.Route, 3), registry.ErrInvalidRouting},
		{"twice", []registry.Route{{one, 50}, {one, 50}}, registry.ErrInvalidRouting},
		{"two machines", []registry.Route{{one, 50}, {r.ARN("n") + ":1", 50}}, registry.ErrInvalidRouting},
		{"no version", []registry.Route{{arn + ":9", 100}}, registry.ErrVersionDoesNotExist},
		{"a machine", []registry.Route{{arn, 100}}, registry.ErrVersionDoesNotExist},
		{"99 %", []registry.Route{{one, 99}}, registry.ErrInvalidRouting},
	}
	for _, c := range cases {
		if _, err := r.CreateAlias("a", "", c.routes); !errors.Is(err, c.want) {
			t.Errorf("%s: %v", c.name, err)
		}
	}
	if _, err := r.CreateAlias("a", "", []registry.Route{{one, 100}}); err != nil {
		t.Fatal(err)
	}
	if _, err := r.CreateAlias("a", "", []registry.Route{{one, 100}}); err != nil {
		t.Errorf("the same again: %v", err)
	}
	if _, err := r.CreateAlias("a", "else", []registry.Route{{one, 100}}); !errors.Is(err, registry.ErrConflict) {
		t.Errorf("another description: %v", err)
	}
	if err := r.DeleteAlias(arn + ":a"); err != nil {
		t.Fatal(err)
	}
	if err := r.DeleteAlias(arn + ":a"); !errors.Is(err, registry.ErrAliasDoesNotExist) {
		t.Errorf("deleted twice: %v", err)
	}
}

func TestTags(t *testing.T) {
	r := newRegistry(new(int))
	r.SetTags("x", []registry.Tag{{"a", "1"}, {"b", "2"}})
	r.SetTags("x", []registry.Tag{{"a", "3"}, {"c", "4"}})
	r.RemoveTags("x", []string{"b", "none"})
	if got := fmt.Sprint(r.Tags("x")); got != "[{a 3} {c 4}]" {
		t.Error(got)
	}
	r.RemoveTags("x", []string{"a", "c"})
	if got := r.Tags("x"); len(got) != 0 {
		t.Error(got)
	}
}
