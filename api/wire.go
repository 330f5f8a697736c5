package api

import (
	"fmt"
	"math"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/waslrun/wasl/asl/history"
	"github.com/waslrun/wasl/asl/jsonvalue"
)

// style is a way to write the API's structures as JSON.
type style int

const (
	// wireStyle is awsJson1_0: member names start with a small letter, times
	// are seconds since 1970 with milliseconds.
	wireStyle style = iota
	// sdkStyle is what aws-sdk integrations show: member names start with a
	// capital, times are RFC 3339 texts.
	sdkStyle
)

// codec converts between one Go type of the SDK and JSON in one style. Absent
// members are nil.
type codec struct {
	// encode gives the JSON of v; ok is false when v is absent.
	encode func(v reflect.Value) (x jsonvalue.Value, ok bool)
	// decode sets v from JSON that is not null.
	decode func(x jsonvalue.Value, v reflect.Value) error
}

// codecs remembers the codec of each type and style, so that types are
// inspected once.
var codecs sync.Map // codecKey → *codec

type codecKey struct {
	t     reflect.Type
	style style
}

var timeType = reflect.TypeFor[time.Time]()

// codecOf gives the codec of t. The SDK's types do not contain themselves.
func codecOf(t reflect.Type, s style) *codec {
	if c, ok := codecs.Load(codecKey{t, s}); ok {
		return c.(*codec)
	}
	c, _ := codecs.LoadOrStore(codecKey{t, s}, newCodec(t, s))
	return c.(*codec)
}

func newCodec(t reflect.Type, s style) *codec {
	if t == timeType && s == sdkStyle {
		return textTimeCodec()
	}
	if t == timeType {
		return epochCodec()
	}
	switch t.Kind() {
	case reflect.Pointer:
		return pointerCodec(t, s)
	case reflect.Struct:
		return structCodec(t, s)
	case reflect.Slice:
		return sliceCodec(t, s)
	case reflect.Map:
		return mapCodec(t, s)
	case reflect.String:
		return stringCodec()
	case reflect.Bool:
		return boolCodec()
	case reflect.Int32, reflect.Int64:
		return intCodec(t)
	case reflect.Float32, reflect.Float64:
		return floatCodec()
	}
	panic("api: no codec for " + t.String())
}

// wrongType is how awsJson1_0 refuses a member of another JSON type.
func wrongType(x jsonvalue.Value, want string) error {
	return &Error{
		Type:    "SerializationException",
		Message: fmt.Sprintf("%s_VALUE can not be converted to %s", strings.ToUpper(x.Kind().String()), want),
	}
}

func epochCodec() *codec {
	return &codec{
		encode: func(v reflect.Value) (jsonvalue.Value, bool) {
			return history.Epoch(v.Interface().(time.Time)), true
		},
		decode: func(x jsonvalue.Value, v reflect.Value) error {
			if x.Kind() != jsonvalue.Number {
				return wrongType(x, "Date")
			}
			v.Set(reflect.ValueOf(time.UnixMilli(int64(math.Round(x.Float64() * 1000))).UTC()))
			return nil
		},
	}
}

func textTimeCodec() *codec {
	return &codec{
		encode: func(v reflect.Value) (jsonvalue.Value, bool) {
			return history.RFC3339(v.Interface().(time.Time)), true
		},
		decode: func(x jsonvalue.Value, v reflect.Value) error {
			t, err := time.Parse(time.RFC3339, x.Text())
			if x.Kind() != jsonvalue.String || err != nil {
				return wrongType(x, "Date")
			}
			v.Set(reflect.ValueOf(t))
			return nil
		},
	}
}

func pointerCodec(t reflect.Type, s style) *codec {
	elem := codecOf(t.Elem(), s)
	isString := t.Elem().Kind() == reflect.String
	return &codec{
		encode: func(v reflect.Value) (jsonvalue.Value, bool) {
			if v.IsNil() {
				return jsonvalue.Value{}, false
			}
			if isString { // a pointer to "" is present
				return jsonvalue.StringOf(v.Elem().String()), true
			}
			return elem.encode(v.Elem())
		},
		decode: func(x jsonvalue.Value, v reflect.Value) error {
			v.Set(reflect.New(t.Elem()))
			return elem.decode(x, v.Elem())
		},
	}
}

// field is one member of a structure.
type field struct {
	index int
	name  string
	codec *codec
}

func structCodec(t reflect.Type, s style) *codec {
	var fields []field
	byName := make(map[string]int)
	for i := range t.NumField() {
		f := t.Field(i)
		if !f.IsExported() || f.Name == "ResultMetadata" {
			continue
		}
		name := f.Name
		if s == wireStyle {
			name = strings.ToLower(name[:1]) + name[1:]
		}
		byName[name] = len(fields)
		fields = append(fields, field{i, name, codecOf(f.Type, s)})
	}
	return &codec{
		encode: func(v reflect.Value) (jsonvalue.Value, bool) {
			b := jsonvalue.NewObject(len(fields))
			for _, f := range fields {
				if x, ok := f.codec.encode(v.Field(f.index)); ok {
					b.Set(f.name, x)
				}
			}
			return b.Value(), true
		},
		decode: func(x jsonvalue.Value, v reflect.Value) error {
			if x.Kind() != jsonvalue.Object {
				return wrongType(x, t.Name())
			}
			for key, member := range x.Members() {
				i, known := byName[key]
				if !known || member.IsNull() {
					continue // AWS ignores unknown members
				}
				if err := fields[i].codec.decode(member, v.Field(fields[i].index)); err != nil {
					return err
				}
			}
			return nil
		},
	}
}

func sliceCodec(t reflect.Type, s style) *codec {
	elem := codecOf(t.Elem(), s)
	return &codec{
		encode: func(v reflect.Value) (jsonvalue.Value, bool) {
			if v.IsNil() {
				return jsonvalue.Value{}, false
			}
			list := make([]jsonvalue.Value, v.Len())
			for i := range list {
				x, ok := elem.encode(v.Index(i))
				if !ok {
					x = jsonvalue.StringOf("")
				}
				list[i] = x
			}
			return jsonvalue.ArrayOf(list...), true
		},
		decode: func(x jsonvalue.Value, v reflect.Value) error {
			if x.Kind() != jsonvalue.Array {
				return wrongType(x, "List")
			}
			v.Set(reflect.MakeSlice(t, x.Len(), x.Len()))
			for i, e := range x.Elems() {
				if e.IsNull() {
					continue
				}
				if err := elem.decode(e, v.Index(i)); err != nil {
					return err
				}
			}
			return nil
		},
	}
}

func mapCodec(t reflect.Type, s style) *codec {
	elem := codecOf(t.Elem(), s)
	return &codec{
		encode: func(v reflect.Value) (jsonvalue.Value, bool) {
			if v.IsNil() {
				return jsonvalue.Value{}, false
			}
			keys := v.MapKeys()
			slices.SortFunc(keys, func(a, b reflect.Value) int { return strings.Compare(a.String(), b.String()) })
			b := jsonvalue.NewObject(len(keys))
			for _, k := range keys {
				if x, ok := elem.encode(v.MapIndex(k)); ok {
					b.Set(k.String(), x)
				}
			}
			return b.Value(), true
		},
		decode: func(x jsonvalue.Value, v reflect.Value) error {
			if x.Kind() != jsonvalue.Object {
				return wrongType(x, "Map")
			}
			v.Set(reflect.MakeMapWithSize(t, x.Len()))
			for key, member := range x.Members() {
				e := reflect.New(t.Elem()).Elem()
				if err := elem.decode(member, e); err != nil {
					return err
				}
				v.SetMapIndex(reflect.ValueOf(key).Convert(t.Key()), e)
			}
			return nil
		},
	}
}

func stringCodec() *codec {
	return &codec{
		// A string that is not behind a pointer is an enumeration: empty is absent.
		encode: func(v reflect.Value) (jsonvalue.Value, bool) {
			return jsonvalue.StringOf(v.String()), v.Len() > 0
		},
		decode: func(x jsonvalue.Value, v reflect.Value) error {
			if x.Kind() != jsonvalue.String {
				return wrongType(x, "String")
			}
			v.SetString(x.Text())
			return nil
		},
	}
}

func boolCodec() *codec {
	return &codec{
		encode: func(v reflect.Value) (jsonvalue.Value, bool) { return jsonvalue.BoolOf(v.Bool()), true },
		decode: func(x jsonvalue.Value, v reflect.Value) error {
			if x.Kind() != jsonvalue.Bool {
				return wrongType(x, "Boolean")
			}
			v.SetBool(x.Bool())
			return nil
		},
	}
}

func intCodec(t reflect.Type) *codec {
	name := map[reflect.Kind]string{reflect.Int32: "Integer", reflect.Int64: "Long"}[t.Kind()]
	return &codec{
		encode: func(v reflect.Value) (jsonvalue.Value, bool) { return jsonvalue.IntOf(v.Int()), true },
		decode: func(x jsonvalue.Value, v reflect.Value) error {
			n, ok := x.Int64()
			if !ok || v.OverflowInt(n) {
				return wrongType(x, name)
			}
			v.SetInt(n)
			return nil
		},
	}
}

func floatCodec() *codec {
	return &codec{
		encode: func(v reflect.Value) (jsonvalue.Value, bool) {
			text := strconv.FormatFloat(v.Float(), 'f', -1, v.Type().Bits())
			return jsonvalue.NumberOf(text), true
		},
		decode: func(x jsonvalue.Value, v reflect.Value) error {
			if x.Kind() != jsonvalue.Number {
				return wrongType(x, "Float")
			}
			v.SetFloat(x.Float64())
			return nil
		},
	}
}
