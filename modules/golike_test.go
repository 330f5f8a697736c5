package modules

import (
	"strings"

	"github.com/waslrun/wasl/modules/internal/wat"
)

// goModule is a module with a function shaped like those of Go's compiler: its
// parameter says where it is to go on, and its result whether it is to be left.
// The handler calls it once for each of the numbers.
func goModule(function string, numbers string) []byte {
	return wat.MustAssemble(`(module (memory 1)
		(func $f (param i32) (result i32) (local i32 i32) ` + function + `)
		(func $callee (param i32) (result i32) (local i32)
			(loop (local.set 1 (i32.add (local.get 1) (i32.const 1))) (br_if 0 (i32.lt_u (local.get 1) (i32.const 9))))
			(i32.store offset=8 (i32.const 0) (i32.add (local.get 1) (i32.load offset=8 (i32.const 0))))
			(i32.load offset=12 (i32.const 0)))
		(func $call (param i32) (i32.store offset=64 (i32.and (i32.mul (local.get 0) (i32.const 4)) (i32.const 60)) (call $f (local.get 0))))
		(func (export "wasl_handle") (result i32) ` + numbers + ` (i32.const 0)))`)
}

const fromStart = `(call $call (i32.const 0))`

// countdown is a loop: 0 starts it, 1 is its next turn, 2 its test, 3 its end.
const countdown = `
	(loop $d
		(block $3 (block $2 (block $1 (block $0 (br_table $0 $1 $2 $3 (local.get 0)))
			(local.set 1 (i32.const 10)) (local.set 0 (i32.const 2)) (br $d))
			(local.set 1 (i32.sub (local.get 1) (i32.const 1))))
			(if (i32.eqz (i32.gt_s (local.get 1) (i32.const 0))) (then (local.set 0 (i32.const 3)) (br $d)))
			(local.set 2 (i32.add (local.get 2) (local.get 1)))
			(local.set 0 (i32.const 1)) (br $d))
		(i32.store (i32.const 0) (local.get 2))
		(return (i32.const 0)))
	(unreachable)`

// calling calls in the middle: 1 is after the first call, 2 after the second.
const calling = `
	(block $exit
		(loop $d
			(block $3 (block $2 (block $1 (block $0 (br_table $0 $1 $2 $3 (local.get 0)))
				(br_if $exit (call $callee (i32.const 0))))
				(if (i64.eqz (i64.load offset=32 (i32.const 0))) (then (local.set 0 (i32.const 3)) (br $d)))
				(br_if $exit (call $callee (i32.const 0))))
				(i32.store offset=16 (i32.const 0) (i32.const 7)))
			(i32.store offset=20 (i32.const 0) (i32.const 8))
			(return (i32.const 0)))
		(unreachable))
	(i32.const 1)`

// straight has no jumps, and so no loop.
const straight = `
	(block $exit
		(block $1 (block $0 (br_table $0 $1 (local.get 0)))
			(if (i32.eqz (i32.load (i32.const 40))) (then (br_if $exit (call $callee (i32.const 0))))))
		(i32.store (i32.const 4) (i32.const 5))
		(return (i32.const 0)))
	(i32.const 1)`

// goLike are modules with functions like Go's, and some that only look like it.
var goLike = map[string][]byte{
	"Go, a loop":              goModule(countdown, fromStart),
	"Go, calls":               goModule(calling, fromStart),
	"Go, calls and an unwind": goModule(`(i32.store offset=12 (i32.const 0) (i32.const 1))`+calling, fromStart),
	"Go, no jumps":            goModule(straight, fromStart),
	"Go, ways that part and meet": goModule(`
		(loop $d
			(block $4 (block $3 (block $2 (block $1 (block $0 (br_table $0 $1 $2 $3 $4 (local.get 0)))
				(local.set 1 (i32.add (local.get 1) (i32.const 1))))
				(if (i32.and (local.get 1) (i32.const 1)) (then (local.set 0 (i32.const 3)) (br $d))))
				(local.set 2 (i32.mul (i32.add (local.get 2) (i32.const 3)) (i32.const 5)))
				(if (i32.eqz (i32.and (local.get 1) (i32.const 2))) (then (local.set 0 (i32.const 4)) (br $d))))
				(local.set 2 (i32.add (local.get 2) (i32.const 1))))
			(if (i32.lt_u (local.get 1) (i32.const 20)) (then (local.set 0 (i32.const 0)) (br $d)))
			(i32.store (i32.const 0) (local.get 2)) (return (i32.const 0)))
		(unreachable)`, fromStart),
	"Go, a jump to where it is": goModule(`
		(loop $d
			(block $1 (block $0 (br_table $0 $1 (local.get 0)))
				(local.set 1 (i32.add (local.get 1) (i32.const 1)))
				(block (block (if (i32.lt_u (local.get 1) (i32.const 9)) (then (local.set 0 (i32.const 0)) (br $d))))
					(if (i32.lt_u (local.get 1) (i32.const 10)) (then (local.set 0 (i32.const 77)) (br $d)))))
			(i32.store (i32.const 0) (local.get 1)) (return (i32.const 0)))
		(unreachable)`, fromStart),
	"Go, but the number is not known": goModule(`
		(loop $d
			(block $2 (block $1 (block $0 (br_table $0 $1 $2 (local.get 0)))
				(local.set 0 (i32.add (i32.const 1) (i32.load (i32.const 0)))) (br $d))
				(i32.store (i32.const 0) (i32.const 1)) (local.set 0 (i32.load (i32.const 4))) (br $d))
			(return (i32.const 0)))
		(unreachable)`, fromStart),
	"Go, but the jump has a condition": goModule(`
		(loop $d
			(block $1 (block $0 (br_table $0 $1 (local.get 0)))
				(local.set 0 (i32.const 1)) (local.set 1 (i32.add (local.get 1) (i32.const 1)))
				(br_if $d (i32.and (local.get 1) (i32.const 1))))
			(if (i32.lt_u (local.get 1) (i32.const 9)) (then (local.set 0 (i32.const 0)) (br $d)))
			(return (i32.const 0)))
		(unreachable)`, fromStart),
	"Go, but a number leads to the loop": goModule(`
		(loop $d
			(block $1 (block $0 (br_table $0 $1 $d (local.get 0)))
				(local.set 1 (i32.const 3)) (local.set 0 (i32.const 1)) (br $d))
			(if (i32.lt_u (local.tee 1 (i32.add (local.get 1) (i32.const 1))) (i32.const 9)) (then (local.set 0 (i32.const 1)) (br $d)))
			(return (i32.const 0)))
		(unreachable)`, fromStart),
	"Go, twice": goModule(`
		(loop $d
			(block $1 (block $0 (br_table $0 $1 (local.get 0)))
				(local.set 1 (i32.add (local.get 1) (i32.const 1)))
				(loop $e (block $3 (block $2 (br_table $2 $3 (local.get 2)))
					(local.set 2 (i32.const 1)) (br $e))
					(if (i32.lt_u (local.tee 1 (i32.add (local.get 1) (i32.const 1))) (i32.const 9)) (then (local.set 2 (i32.const 0)) (br $e)))))
			(if (i32.lt_u (local.get 1) (i32.const 30)) (then (local.set 0 (i32.const 0)) (br $d)))
			(return (i32.const 0)))
		(unreachable)`, fromStart),
}

const everywhere = `(call $call (i32.const 0)) (call $call (i32.const 1)) (call $call (i32.const 2)) (call $call (i32.const 3))
	(call $call (i32.const 4)) (call $call (i32.const -1))`

// resumed are modules whose functions are entered in the middle, too.
var resumed = map[string][]byte{
	"Go, a loop, resumed":   goModule(countdown, everywhere),
	"Go, calls, resumed":    goModule(calling, everywhere),
	"Go, no jumps, resumed": goModule(straight, everywhere),
	"Go, in a nested block": goModule(`(block `+countdown+`)`+`(unreachable)`, everywhere),
	"Go, a long way, resumed": goModule(`(block $1 (block $0 (br_table $0 $1 (local.get 0)))
		(br_if $1 (i32.load (i32.const 4000))) (return (i32.const 0)))
		`+strings.Repeat(`(local.set 1 (i32.add (local.get 1) (i32.const 1)))`, 100)+`(local.get 1)`, everywhere),
	"Go, after instructions": goModule(`(i32.store (i32.const 0) (i32.const 1))`+countdown, everywhere),
}
