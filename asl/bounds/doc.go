// Package bounds counts what the queries of a state do and what they hold, and
// ends them when that is too much.
//
// An [Account] has two sums. Work is counted in units, one for each node of an
// expression that is evaluated, about 0.1 µs; what takes longer costs more.
// Memory is counted in bytes that are in use: a query takes from the account
// what it is about to make, and at the end of a call or an iteration gives back
// what cannot be part of the result ([Account.Settle]).
//
// Neither looks at a clock. The same query over the same values does the same
// work and holds the same memory, on every machine, so it always has the same
// outcome. Whoever owns the account can follow it ([New]): the watch is called
// at counts that are the same each time, and may end the query.
package bounds
