;; Hands over the time, in nanoseconds since 1970.
(module
  (import "wasi_snapshot_preview1" "clock_time_get" (func $clock_time_get (param i32 i64 i32) (result i32)))
  (import "wasl" "output_write" (func $output_write (param i32 i32) (result i32)))
  (memory 1)
  (func (export "wasl_handle") (result i32)
    (local $left i64) (local $at i32)
    (drop (call $clock_time_get (i32.const 0) (i64.const 1) (i32.const 0)))
    (local.set $left (i64.load (i32.const 0)))
    (local.set $at (i32.const 64))
    (loop $digit
      (local.set $at (i32.sub (local.get $at) (i32.const 1)))
      (i32.store8 (local.get $at) (i32.add (i32.const 48) (i32.wrap_i64 (i64.rem_u (local.get $left) (i64.const 10)))))
      (local.set $left (i64.div_u (local.get $left) (i64.const 10)))
      (br_if $digit (i64.ne (local.get $left) (i64.const 0))))
    (call $output_write (local.get $at) (i32.sub (i32.const 64) (local.get $at)))))
