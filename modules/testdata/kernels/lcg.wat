;; Two million steps of a linear congruential generator: the tightest loop.
(module
  (memory 1)
  (func (export "wasl_handle") (result i32)
    (local $x i64) (local $n i32)
    (local.set $x (i64.const 88172645463325252))
    (loop $next
      (local.set $x (i64.add (i64.mul (local.get $x) (i64.const 6364136223846793005)) (i64.const 1442695040888963407)))
      (br_if $next (i32.lt_u (local.tee $n (i32.add (local.get $n) (i32.const 1))) (i32.const 2000000))))
    (i64.store (i32.const 0) (local.get $x))
    (i32.const 0)))
