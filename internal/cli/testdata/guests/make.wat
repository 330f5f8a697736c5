;; Makes a file of 100,000 bytes, "new", in its first folder, and hands over the
;; error number of WASI.
(module
  (import "wasi_snapshot_preview1" "path_open" (func $open (param i32 i32 i32 i32 i32 i64 i64 i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "fd_allocate" (func $allocate (param i32 i64 i64) (result i32)))
  (import "wasl" "output_write" (func $output_write (param i32 i32) (result i32)))
  (memory 1)
  (data (i32.const 100) "new")
  (func (export "wasl_handle") (result i32)
    (local $errno i32)
    (local.set $errno (call $open (i32.const 3) (i32.const 0) (i32.const 100) (i32.const 3)
      (i32.const 1) (i64.const 66) (i64.const 0) (i32.const 0) (i32.const 0)))
    (if (i32.eqz (local.get $errno))
      (then (local.set $errno (call $allocate (i32.load (i32.const 0)) (i64.const 0) (i64.const 100000)))))
    (i32.store8 (i32.const 200) (i32.add (i32.const 48) (i32.div_u (local.get $errno) (i32.const 10))))
    (i32.store8 (i32.const 201) (i32.add (i32.const 48) (i32.rem_u (local.get $errno) (i32.const 10))))
    (call $output_write
      (i32.add (i32.const 200) (i32.eqz (i32.div_u (local.get $errno) (i32.const 10))))
      (i32.sub (i32.const 2) (i32.eqz (i32.div_u (local.get $errno) (i32.const 10)))))))
