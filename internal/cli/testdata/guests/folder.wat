;; Hands over the name of its first folder.
(module
  (import "wasi_snapshot_preview1" "fd_prestat_get" (func $prestat (param i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "fd_prestat_dir_name" (func $name (param i32 i32 i32) (result i32)))
  (import "wasl" "output_write" (func $output_write (param i32 i32) (result i32)))
  (memory 1)
  (data (i32.const 99) "\22")
  (func (export "wasl_handle") (result i32)
    (local $size i32)
    (drop (call $prestat (i32.const 3) (i32.const 0)))
    (local.set $size (i32.load (i32.const 4)))
    (drop (call $name (i32.const 3) (i32.const 100) (local.get $size)))
    (i32.store8 (i32.add (i32.const 100) (local.get $size)) (i32.const 34))
    (call $output_write (i32.const 99) (i32.add (local.get $size) (i32.const 2)))))
