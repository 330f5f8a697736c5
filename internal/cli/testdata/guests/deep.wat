;; Nests a call for each byte of its input.
(module
  (import "wasl" "input_len" (func $input_len (result i32)))
  (func $nest (param $left i32) (result i32)
    (if (result i32) (local.get $left)
      (then (call $nest (i32.sub (local.get $left) (i32.const 1))))
      (else (i32.const 0))))
  (func (export "wasl_handle") (result i32) (call $nest (call $input_len))))
