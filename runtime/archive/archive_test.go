package archive_test

import (
	"reflect"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/waslrun/wasl/asl/history"
	"github.com/waslrun/wasl/asl/jsonvalue"
	"github.com/waslrun/wasl/runtime/archive"
)

var (
	when  = time.Unix(1735787045, 678_901_234)
	value = jsonvalue.MustParse(`{"b":1.0,"a":[true,null,{"text":"a text"}]}`)
)

func text(s string) *string { return &s }

// details has every type of details, as full as they get.
func details() []history.Details {
	return []history.Details{
		nil,
		&history.StateEntered{Name: "s", Input: value},
		&history.StateExited{Name: "s", Output: value, Assigned: []history.Variable{{Name: "v", Value: value}, {Name: "w", Value: jsonvalue.False}}},
		&history.StateExited{Name: "s", Output: jsonvalue.NullValue},
		&history.ExecutionStart{Input: value, RoleARN: "r", AliasARN: "a", VersionARN: "v"},
		&history.Output{Output: value},
		&history.Failure{Error: text("E"), Cause: text("")},
		&history.Failure{Cause: text("a cause")},
		&history.EvaluationFailure{Error: "E", Cause: "c", Location: "Output/x", State: "s"},
		&history.FunctionSchedule{Resource: "arn", Input: value, Timeout: 9, RoleARN: "r"},
		&history.ActivitySchedule{Resource: "arn", Input: value, Timeout: 9, Heartbeat: 3},
		&history.ActivityStart{WorkerName: "w"},
		&history.TaskSchedule{ResourceType: "lambda", Resource: "invoke", Region: "us-east-1", Parameters: value, Timeout: 9, Heartbeat: 3, RoleARN: "r"},
		&history.TaskStart{ResourceType: "lambda", Resource: "invoke"},
		&history.TaskOutput{ResourceType: "lambda", Resource: "invoke", Output: value},
		&history.TaskFailure{ResourceType: "lambda", Resource: "invoke", Error: text("E"), Cause: text("c")},
		&history.MapStart{Length: 1 << 40},
		&history.MapIteration{Name: "m", Index: 3},
		&history.MapRunStart{MapRunARN: "arn"},
		&history.MapRunRedrive{MapRunARN: "arn", Count: 1},
		&history.ExecutionRedrive{Count: 1},
	}
}

// events has an event of every type, and every type of details.
func events() []history.Event {
	all := details()
	list := make([]history.Event, max(len(history.Types), len(all)))
	for i := range list {
		list[i] = history.Event{
			ID: int64(i + 1), Previous: int64(i), Time: when.Add(time.Duration(i)),
			Type: history.Types[i%len(history.Types)], Details: all[i%len(all)],
		}
	}
	return list
}

func TestEventsComeBackAsTheyWere(t *testing.T) {
	want := events()
	w := archive.NewWriter()
	w.Value(value)
	for i := range want {
		w.Events(want[i : i+1])
	}
	w.Value(value)
	var got []history.Event
	for e := range w.Close().Events(1, int64(len(want))+1) {
		got = append(got, e)
	}
	if len(got) != len(want) {
		t.Fatalf("%d events, want %d", len(got), len(want))
	}
	for i, e := range got {
		if !e.Time.Equal(want[i].Time) {
			t.Errorf("event %d is of %s, not %s", e.ID, e.Time, want[i].Time)
		}
		if reflect.TypeOf(e.Details) != reflect.TypeOf(want[i].Details) {
			t.Errorf("event %d has details of type %T, not %T", e.ID, e.Details, want[i].Details)
		}
		if g, w := e.Value(history.Epoch).String(), want[i].Value(history.Epoch).String(); g != w {
			t.Errorf("got  %s\nwant %s", g, w)
		}
	}
}

func TestEventsAreFoundByTheirIDs(t *testing.T) {
	w := archive.NewWriter()
	w.Value(value)
	w.Events(events()[:9])
	running := w.Book()
	w.Events(events()[9:20])
	over := w.Close()
	cases := []struct {
		book       archive.Book
		first, end int64
		want       string
	}{
		{running, 1, 10, "1 2 3 4 5 6 7 8 9"},
		{running, 8, 21, "8 9"},
		{running, 21, 7, "9 8"},
		{over, 8, 12, "8 9 10 11"},
		{over, 11, 7, "11 10 9 8"},
		{over, 3, 0, "3 2 1"},
		{over, 20, 21, "20"},
		{over, 21, 30, ""},
		{over, 5, 5, ""},
		{over, 0, 0, ""},
		{archive.Book{}, 1, 9, ""},
		{archive.Book{}, 9, 0, ""},
	}
	for _, c := range cases {
		var ids []string
		for e := range c.book.Events(c.first, c.end) {
			ids = append(ids, strconv.FormatInt(e.ID, 10))
		}
		if got := strings.Join(ids, " "); got != c.want {
			t.Errorf("from %d to %d there are %q, want %q", c.first, c.end, got, c.want)
		}
	}
}

// With each event comes what its payloads are as text, wherever they are.
func TestEventsHaveASize(t *testing.T) {
	list := events()[:4]
	w := archive.NewWriter()
	w.Events(list)
	want := []int{0, len(value.String()), 2*len(value.String()) + len("false"), len("null")}
	for e, size := range w.Book().Events(1, 5) {
		if size != want[e.ID-1] {
			t.Errorf("%s has a size of %d, want %d", e.Type, size, want[e.ID-1])
		}
	}
}

func TestValuesComeBackAsTheyWere(t *testing.T) {
	many := jsonvalue.NewObject(30)
	for i := range 30 {
		many.Set("key"+strconv.Itoa(i), value)
	}
	cases := []jsonvalue.Value{
		{},
		jsonvalue.NullValue, jsonvalue.True, jsonvalue.False, jsonvalue.EmptyArray, jsonvalue.EmptyObject,
		jsonvalue.NumberOf("1.50e+300"), jsonvalue.StringOf(""), jsonvalue.StringOf("no UTF-8: \xff"),
		value, many.Value(), jsonvalue.ArrayOf(value, jsonvalue.Value{}, value),
		// The same elements, in other containers.
		jsonvalue.ArrayOf(value, jsonvalue.ArrayOf(value.Elems()...), jsonvalue.ArrayOf(value.Elems()[:1]...)),
	}
	w := archive.NewWriter()
	places := make([]int, len(cases))
	for i, v := range cases {
		places[i] = w.Value(v)
	}
	book := w.Close()
	for i, want := range cases {
		got := book.Value(places[i])
		if got.Kind() != want.Kind() || got.Text() != want.Text() || got.String() != want.String() {
			t.Errorf("got %s, want %s", got, want)
		}
	}
}

// What a book costs, in bytes: each value is written to a book that has the
// values before it.
func TestWhatIsThereIsNotWrittenAgain(t *testing.T) {
	blob := jsonvalue.StringOf(strings.Repeat("x", 200_000))
	large := jsonvalue.MustParse("[" + strings.Repeat(`{"name":"value"},`, 10_000) + "0]")
	counting := func(n int64, v jsonvalue.Value) jsonvalue.Value {
		return jsonvalue.ObjectOf(jsonvalue.Member{Key: "n", Value: jsonvalue.IntOf(n)}, jsonvalue.Member{Key: "of", Value: v})
	}
	cases := []struct {
		name     string
		value    jsonvalue.Value
		min, max int
	}{
		{"a long text", blob, 200_000, 200_020},
		{"the same text", blob, 1, 20},
		{"a text that is equal", jsonvalue.StringOf(strings.Repeat("x", 200_000)), 1, 20},
		{"a text within an object", counting(1, blob), 1, 30},
		{"a large array", large, 60_000, 140_000},
		{"the same array", large, 1, 20},
		{"an array within an object", counting(2, large), 1, 30},
		{"an object within an object", counting(3, counting(2, large)), 1, 50},
		{"an array that is only equal", jsonvalue.MustParse(large.String()), 60_000, 140_000},
	}
	w := archive.NewWriter()
	for _, c := range cases {
		before := w.Book().Len()
		w.Value(c.value)
		if n := w.Book().Len() - before; n < c.min || n > c.max {
			t.Errorf("%s takes %d bytes, want %d to %d", c.name, n, c.min, c.max)
		}
	}
}

// A Writer forgets what it did not meet for long, and remembers what comes again
// and again.
func TestWhatComesAgainIsRemembered(t *testing.T) {
	often := jsonvalue.StringOf(strings.Repeat("o", 1000))
	once := jsonvalue.StringOf(strings.Repeat("1", 1000))
	w := archive.NewWriter()
	w.Value(once)
	for i := range 20_000 {
		w.Value(jsonvalue.ArrayOf(often, jsonvalue.StringOf("text "+strconv.Itoa(i))))
	}
	for _, c := range []struct {
		value jsonvalue.Value
		known bool
	}{{often, true}, {once, false}} {
		before := w.Book().Len()
		w.Value(c.value)
		if n := w.Book().Len() - before; c.known != (n < 1000) {
			t.Errorf("%.3s… takes %d bytes", c.value, n)
		}
	}
}

// FuzzValue: whatever parses is the same after it was in a book, twice.
func FuzzValue(f *testing.F) {
	for _, s := range []string{`{"a":[1,"text","text"],"b":{}}`, `[[],[[]],"\u0000"]`, `"x"`, `1e5`} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		v, err := jsonvalue.Parse(s)
		if err != nil {
			t.Skip()
		}
		w := archive.NewWriter()
		first, second := w.Value(v), w.Value(v)
		book := w.Close()
		for _, place := range []int{first, second} {
			if got := book.Value(place).String(); got != v.String() {
				t.Errorf("got %s, want %s", got, v)
			}
		}
	})
}

// BenchmarkEvents writes the history of a small execution.
func BenchmarkEvents(b *testing.B) {
	list := events()[:10]
	b.ReportAllocs()
	for b.Loop() {
		w := archive.NewWriter()
		w.Value(value)
		w.Events(list)
		w.Close()
	}
}

// BenchmarkLarge writes and reads one large value.
func BenchmarkLarge(b *testing.B) {
	text := "[" + strings.Repeat(`{"name":"value","n":12},`, 10_000) + "0]"
	large := jsonvalue.MustParse(text)
	w := archive.NewWriter()
	w.Value(large)
	book := w.Close()
	b.Run("parse", func(b *testing.B) {
		b.SetBytes(int64(len(text)))
		for b.Loop() {
			jsonvalue.MustParse(text)
		}
	})
	b.Run("write", func(b *testing.B) {
		b.SetBytes(int64(len(text)))
		for b.Loop() {
			w := archive.NewWriter()
			w.Value(large)
		}
	})
	b.Run("read", func(b *testing.B) {
		b.SetBytes(int64(len(text)))
		for b.Loop() {
			book.Value(5)
		}
	})
}
