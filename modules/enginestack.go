package modules

import (
	"reflect"

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
	stack := v.Elem().FieldByName("stack")
	if !stack.IsValid() || stack.Kind() != reflect.Slice {
		return 0, false
	}
	return stack.Len() * int(stack.Type().Elem().Size()), true
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
