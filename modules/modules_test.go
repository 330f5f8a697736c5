package modules

import (
	"context"
	"errors"
	"testing"

	"github.com/waslrun/wasl/modules/internal/wat"
)

func TestOpenAndInvoke(t *testing.T) {
	ctx := t.Context()
	store, err := NewStore(ctx, helped(t, Options{}))
	if err != nil {
		t.Fatal(err)
	}
	defer store.Close(context.WithoutCancel(ctx))
	fib := wat.MustAssemble(`(module
		(func $fib (param $n i32) (result i32)
			(if (result i32) (i32.lt_u (local.get $n) (i32.const 2))
				(then (local.get $n))
				(else (i32.add
					(call $fib (i32.sub (local.get $n) (i32.const 1)))
					(call $fib (i32.sub (local.get $n) (i32.const 2)))))))
		(func (export "wasl_handle") (result i32) (call $fib (i32.const 20))))`)
	module, err := store.Open(ctx, Source{Name: "fib", Bytes: fib}, Limits{})
	if err != nil {
		t.Fatal(err)
	}
	result, err := module.Invoke(ctx, Call{})
	if err != nil || result.Failure != nil {
		t.Fatalf("Invoke: %v, %+v", err, result.Failure)
	}
	again, err := store.Open(ctx, Source{Name: "fib", Bytes: fib}, Limits{})
	if err != nil || again != module {
		t.Errorf("opened again: %p, %v; want the same module %p", again, err, module)
	}
}

func TestOpenRefuses(t *testing.T) {
	ctx := t.Context()
	store, err := NewStore(ctx, helped(t, Options{}))
	if err != nil {
		t.Fatal(err)
	}
	defer store.Close(context.WithoutCancel(ctx))
	_, err = store.Open(ctx, Source{Name: "empty", Bytes: []byte("\x00asm\x01\x00\x00\x00")}, Limits{})
	if bad := new(BadModuleError); !errors.As(err, &bad) {
		t.Errorf("got %v, want a BadModuleError", err)
	}
}
