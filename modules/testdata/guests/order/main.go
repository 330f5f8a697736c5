//go:build wasip1

// Command order is the tests' and benchmarks' guest in Go: it takes an order as
// JSON and gives its total as JSON.
package main

import (
	"encoding/json"
	"fmt"
	"unsafe"
)

type order struct {
	ID    string
	Items []struct {
		Name     string
		Price    float64
		Quantity int
	}
}

type total struct {
	ID    string
	Total float64
	Lines map[string]float64
}

var calls int // proves that no call sees what another one did

//go:wasmexport wasl_handle
func handle() int32 {
	output, err := work(input())
	if err != nil {
		panic(err)
	}
	outputWrite(unsafe.Pointer(unsafe.SliceData(output)), uint32(len(output)))
	return 0
}

//go:wasmexport wasl_warmup
func warmup() {
	_, _ = work([]byte(`{"ID":"warm","Items":[{"Name":"a","Price":1,"Quantity":1}]}`))
	calls = 0
}

func work(in []byte) ([]byte, error) {
	calls++
	var o order
	if err := json.Unmarshal(in, &o); err != nil {
		return nil, err
	}
	t := total{ID: fmt.Sprintf("%s/%d", o.ID, calls), Lines: map[string]float64{}}
	for _, item := range o.Items {
		line := item.Price * float64(item.Quantity)
		t.Total += line
		t.Lines[item.Name] += line
	}
	return json.Marshal(t)
}

func input() []byte {
	buf := make([]byte, inputLen())
	if len(buf) > 0 {
		inputRead(unsafe.Pointer(unsafe.SliceData(buf)), uint32(len(buf)), 0)
	}
	return buf
}

//go:wasmimport wasl input_len
func inputLen() int32

//go:wasmimport wasl input_read
func inputRead(ptr unsafe.Pointer, length, offset uint32) int32

//go:wasmimport wasl output_write
func outputWrite(ptr unsafe.Pointer, length uint32) int32

func main() {}
