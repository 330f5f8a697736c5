package api

import (
	"math"
	"reflect"
	"slices"
	"testing"
	"time"

	"github.com/waslrun/wasl/asl/jsonvalue"
)

// fill gives every field below v a value that is not zero.
func fill(t *testing.T, v reflect.Value) {
	t.Helper()
	switch v.Kind() {
	case reflect.Pointer:
		v.Set(reflect.New(v.Type().Elem()))
		fill(t, v.Elem())
	case reflect.Struct:
		if v.Type() == timeType {
			v.Set(reflect.ValueOf(time.UnixMilli(1790000000123).UTC()))
			return
		}
		for i := range v.NumField() {
			if f := v.Type().Field(i); f.IsExported() && f.Name != "ResultMetadata" {
				fill(t, v.Field(i))
			}
		}
	case reflect.Slice:
		v.Set(reflect.MakeSlice(v.Type(), 2, 2))
		fill(t, v.Index(0))
		fill(t, v.Index(1))
	case reflect.Map:
		v.Set(reflect.MakeMap(v.Type()))
		e := reflect.New(v.Type().Elem()).Elem()
		fill(t, e)
		v.SetMapIndex(reflect.ValueOf("k").Convert(v.Type().Key()), e)
	case reflect.String:
		v.SetString("s\u2028<é>")
	case reflect.Bool:
		v.SetBool(true)
	case reflect.Int32, reflect.Int64:
		v.SetInt(7)
	case reflect.Float32, reflect.Float64:
		v.SetFloat(1.5)
	default:
		t.Fatal("no value for", v.Kind())
	}
}

func TestEveryStructureSurvivesBothStyles(t *testing.T) {
	for name, op := range operations {
		for _, structure := range []reflect.Type{op.in, op.out} {
			for _, s := range []style{wireStyle, sdkStyle} {
				want := reflect.New(structure).Elem()
				fill(t, want)
				c := codecOf(structure, s)
				x, ok := c.encode(want)
				if !ok {
					t.Fatalf("%s: %s is absent", name, structure)
				}
				got := reflect.New(structure).Elem()
				if err := c.decode(x, got); err != nil {
					t.Fatalf("%s: %s: %v", name, structure, err)
				}
				if !reflect.DeepEqual(got.Interface(), want.Interface()) {
					t.Errorf("%s: %s changed: %s", name, structure, x)
				}
			}
		}
	}
}

func TestStyles(t *testing.T) {
	type inner struct{ DeepName *string }
	type outer struct {
		StartDate *time.Time
		Names     []inner
		Free      map[string]string
		Absent    *string
		Count     int32
		Share     float32
		Level     string // an enumeration
	}
	name, at := "", time.UnixMilli(1790000000123).UTC()
	v := outer{StartDate: &at, Names: []inner{{&name}}, Free: map[string]string{"z": "1", "A": "2"}, Share: 12.5}
	for s, want := range map[style]string{
		wireStyle: `{"startDate":1790000000.123,"names":[{"deepName":""}],"free":{"A":"2","z":"1"},"count":0,"share":12.5}`,
		sdkStyle: `{"StartDate":"2026-09-21T14:13:20.123Z","Names":[{"DeepName":""}],"Free":{"A":"2","z":"1"},` +
			`"Count":0,"Share":12.5}`,
	} {
		x, _ := codecOf(reflect.TypeFor[outer](), s).encode(reflect.ValueOf(v))
		if x.String() != want {
			t.Errorf("style %d:\n got %s\nwant %s", s, x, want)
		}
	}
}

func TestDecodeRefusesWrongTypes(t *testing.T) {
	type request struct {
		Name  *string
		Max   int32
		Big   int64
		Share float32
		Flag  bool
		At    *time.Time
		Tags  []string
		Map   map[string]string
		Inner *struct{ Key *string }
	}
	for text, want := range map[string]string{
		`{"name":1}`:                    "NUMBER_VALUE can not be converted to String",
		`{"max":"1"}`:                   "STRING_VALUE can not be converted to Integer",
		`{"max":1.5}`:                   "NUMBER_VALUE can not be converted to Integer",
		`{"max":2147483648}`:            "NUMBER_VALUE can not be converted to Integer",
		`{"big":9223372036854775808}`:   "NUMBER_VALUE can not be converted to Long",
		`{"share":true}`:                "BOOLEAN_VALUE can not be converted to Float",
		`{"flag":"true"}`:               "STRING_VALUE can not be converted to Boolean",
		`{"at":"2026-01-01T00:00:00Z"}`: "STRING_VALUE can not be converted to Date",
		`{"tags":{}}`:                   "OBJECT_VALUE can not be converted to List",
		`{"map":[]}`:                    "ARRAY_VALUE can not be converted to Map",
		`{"inner":[]}`:                  "ARRAY_VALUE can not be converted to ",
		`{"inner":{"key":{}}}`:          "OBJECT_VALUE can not be converted to String",
	} {
		var v request
		err := codecOf(reflect.TypeFor[request](), wireStyle).decode(jsonvalue.MustParse(text), reflect.ValueOf(&v).Elem())
		if e, ok := err.(*Error); !ok || e.Type != "SerializationException" || e.Message != want {
			t.Errorf("%s: got %v, want %s", text, err, want)
		}
	}
	var v request
	text := `{"name":null,"unknown":{"deep":[1]},"max":100.0}`
	if err := codecOf(reflect.TypeFor[request](), wireStyle).decode(jsonvalue.MustParse(text), reflect.ValueOf(&v).Elem()); err != nil || v.Max != 100 {
		t.Errorf("%s: %v, %+v", text, err, v)
	}
}

func TestEveryOperationHasConstraints(t *testing.T) {
	var missing []string
	for name, op := range operations {
		s := shapes()[name+"Input"]
		if s == nil {
			missing = append(missing, name)
			continue
		}
		for _, m := range s.members {
			field := string(m.name[0]-'a'+'A') + m.name[1:]
			if _, ok := op.in.FieldByName(field); !ok {
				t.Errorf("%s has no field for %s", op.in, m.name)
			}
		}
	}
	if slices.Sort(missing); len(missing) > 0 {
		t.Errorf("no constraints for %v", missing)
	}
}

func FuzzDecode(f *testing.F) {
	f.Add(`{"name":"x","definition":"{}","roleArn":"arn:","tags":[{"key":"a","value":"b"}]}`)
	f.Add(`{"loggingConfiguration":{"level":"ALL","destinations":[{"cloudWatchLogsLogGroup":null}]}}`)
	f.Add(`{"maxResults":1e400}`)
	f.Fuzz(func(t *testing.T, text string) {
		x, err := jsonvalue.Parse(text)
		if err != nil || x.Kind() != jsonvalue.Object {
			return
		}
		for name, op := range operations {
			s := &Server{}
			_ = s.check(name+"Input", x)
			v := reflect.New(op.in).Elem()
			if err := codecOf(op.in, wireStyle).decode(x, v); err != nil {
				continue
			}
			if y, ok := codecOf(op.in, wireStyle).encode(v); !ok || y.Kind() != jsonvalue.Object {
				t.Fatalf("%s: %s became %s", name, x, y)
			}
		}
	})
}

func TestEpochIsExact(t *testing.T) {
	for _, ms := range []int64{0, 1, 999, 1790000000123, 4102444799999, -1} {
		want := time.UnixMilli(ms).UTC()
		x, _ := codecOf(timeType, wireStyle).encode(reflect.ValueOf(want))
		var got time.Time
		if err := codecOf(timeType, wireStyle).decode(x, reflect.ValueOf(&got).Elem()); err != nil || !got.Equal(want) {
			t.Errorf("%d: %s, %v, %v", ms, x, got, err)
		}
		if f := x.Float64(); math.Abs(f*1000-float64(ms)) > 1e-3 {
			t.Errorf("%d: %s", ms, x)
		}
	}
}
