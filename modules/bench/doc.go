// Package bench compares the sandbox of package modules with its peers: bare
// wazero, a native process, Extism and wasmtime. It is a Go module of its own,
// so that wasl itself depends on none of them.
//
// The benchmarks run their contenders in turn, a few milliseconds each, and
// report the median of the rounds' ratios: what disturbs the machine disturbs
// all of them alike. `make` in this folder builds the guests, runs everything
// and prints the tables of docs/PERFORMANCE.md.
package bench
