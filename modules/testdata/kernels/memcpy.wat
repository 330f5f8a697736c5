;; Copies: many of 64 bytes, some of 2 KiB, a few of 256 KiB.
(module
  (memory 16)
  (func $copies (param $length i32) (param $times i32)
    (loop $next
      (memory.copy (i32.const 524288) (i32.const 0) (local.get $length))
      (br_if $next (local.tee $times (i32.sub (local.get $times) (i32.const 1))))))
  (func (export "wasl_handle") (result i32)
    (call $copies (i32.const 64) (i32.const 200000))
    (call $copies (i32.const 2048) (i32.const 20000))
    (call $copies (i32.const 262144) (i32.const 100))
    (i32.const 0)))
