// A loop in Go, for the cost of metering what Go's compiler makes of loops.
package main

//go:wasmexport wasl_handle
func handle() int32 { return 0 }

var (
	numbers  [4096]uint32
	checksum uint32
)

//go:wasmexport goloop
func goloop() {
	sum := uint32(1)
	for round := range uint32(200) {
		for i := range numbers {
			numbers[i] = numbers[i]*31 + uint32(i) ^ round
			if numbers[i]&1 == 0 {
				sum += numbers[i] >> 3
			}
		}
	}
	checksum = sum
}

func main() {}
