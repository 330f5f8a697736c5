package modules

import (
	"reflect"
	"sync"

	"github.com/tetratelabs/wazero/api"
)

// engineStack gives the bytes that the engine has set aside for the stack of a
// function's calls; ok is false where that cannot be told.
//
// wazero keeps the stack with the api.Function, doubles it as needed, never
// shrinks it, and has no way to ask for it or to bound it. The depth counter of
// the meter bounds it by an estimate of the frames; this is the second line,
// for frames that are larger than estimated, and it tells which instances are
// not worth keeping. It reads the length of an unexported field, nothing more.
func engineStack(f api.Function) (bytes int, ok bool) {
	v := reflect.ValueOf(f)
	if v.Kind() != reflect.Pointer {
		return 0, false
	}
	field, ok := stackField(v.Type().Elem())
	if !ok {
		return 0, false
	}
	return v.Elem().Field(field).Len() * int(v.Type().Elem().Field(field).Type.Elem().Size()), true
}

// stackFields keeps what stackField found: reflect.Type → int, -1 for none.
var stackFields sync.Map

// stackField finds the field with the stack in an engine's type of functions.
func stackField(t reflect.Type) (int, bool) {
	if index, ok := stackFields.Load(t); ok {
		return index.(int), index.(int) >= 0
	}
	index := -1
	if t.Kind() == reflect.Struct {
		if f, ok := t.FieldByName("stack"); ok && f.Type.Kind() == reflect.Slice && len(f.Index) == 1 {
			index = f.Index[0]
		}
	}
	stackFields.Store(t, index)
	return index, index >= 0
}

// maxIdleStack is the largest stack that an idle instance may keep.
const maxIdleStack = 256 << 10

// trimStack gives an instance a new entry point when the old one holds a large
// stack, or may do so.
func (i *instance) trimStack() {
	if i.entry == nil {
		return
	}
	if bytes, ok := engineStack(i.entry); !ok || bytes > maxIdleStack {
		i.entry = i.wasm.ExportedFunction(i.module.report.Entry)
	}
}
