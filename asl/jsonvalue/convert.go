package jsonvalue

import (
	"encoding/json"
	"fmt"
)

// FromGo makes a Value of what encoding/json would marshal x to.
func FromGo(x any) (Value, error) {
	switch x := x.(type) {
	case nil:
		return NullValue, nil
	case Value:
		return x, nil
	case bool:
		return BoolOf(x), nil
	case string:
		return StringOf(x), nil
	case int:
		return IntOf(int64(x)), nil
	case int64:
		return IntOf(x), nil
	case float64:
		return FloatOf(x), nil
	}
	text, err := json.Marshal(x)
	if err != nil {
		return Value{}, fmt.Errorf("jsonvalue: %w", err)
	}
	return Parse(string(text))
}
