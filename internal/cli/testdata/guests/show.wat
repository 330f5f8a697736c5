;; Hands over the file "f" in its first folder.
(module
  (import "wasi_snapshot_preview1" "path_open" (func $open (param i32 i32 i32 i32 i32 i64 i64 i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "fd_read" (func $read (param i32 i32 i32 i32) (result i32)))
  (import "wasl" "output_write" (func $output_write (param i32 i32) (result i32)))
  (memory 1)
  (data (i32.const 100) "f")
  (data (i32.const 104) "\e8\03\00\00\e8\03\00\00")
  (func (export "wasl_handle") (result i32)
    (drop (call $open (i32.const 3) (i32.const 0) (i32.const 100) (i32.const 1)
      (i32.const 0) (i64.const 2) (i64.const 0) (i32.const 0) (i32.const 0)))
    (drop (call $read (i32.load (i32.const 0)) (i32.const 104) (i32.const 1) (i32.const 8)))
    (call $output_write (i32.const 1000) (i32.load (i32.const 8)))))
