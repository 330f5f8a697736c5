;; Counts down from a million.
(module
  (func (export "wasl_handle") (result i32)
    (local $left i32)
    (local.set $left (i32.const 1000000))
    (loop $next (br_if $next (local.tee $left (i32.sub (local.get $left) (i32.const 1)))))
    (i32.const 0)))
