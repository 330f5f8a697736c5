;; Runs on.
(module
  (func (export "wasl_handle") (result i32) (loop $next (br $next)) (i32.const 0)))
