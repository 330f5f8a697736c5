;; An Extism plug-in of two functions, which give 1 and 2.
(module
  (import "extism:host/env" "alloc" (func $alloc (param i64) (result i64)))
  (import "extism:host/env" "store_u8" (func $store_u8 (param i64 i32)))
  (import "extism:host/env" "output_set" (func $output_set (param i64 i64)))
  (func $give (param $digit i32) (result i32)
    (local $block i64)
    (local.set $block (call $alloc (i64.const 1)))
    (call $store_u8 (local.get $block) (local.get $digit))
    (call $output_set (local.get $block) (i64.const 1))
    (i32.const 0))
  (func (export "one") (result i32) (call $give (i32.const 49)))
  (func (export "two") (result i32) (call $give (i32.const 50))))
