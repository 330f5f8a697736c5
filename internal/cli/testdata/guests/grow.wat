;; Asks for another MiB of memory and traps without.
(module (memory 1)
  (func (export "wasl_handle") (result i32)
    (if (i32.eq (memory.grow (i32.const 16)) (i32.const -1)) (then unreachable))
    (i32.const 0)))
