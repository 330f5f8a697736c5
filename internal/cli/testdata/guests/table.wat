;; Asks for another 1,000 elements of a table and traps without.
(module (table 1 funcref)
  (func (export "wasl_handle") (result i32)
    (if (i32.eq (table.grow (ref.null func) (i32.const 1000)) (i32.const -1)) (then unreachable))
    (i32.const 0)))
