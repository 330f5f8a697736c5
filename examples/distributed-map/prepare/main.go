// prepare writes a CSV file of made-up measurements, always the same ones.
package main

import (
	"bufio"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
)

const lines = 2000

func main() {
	if len(os.Args) != 2 {
		fmt.Fprintln(os.Stderr, "usage: prepare FILE")
		os.Exit(2)
	}
	if err := fill(os.Args[1]); err != nil {
		fmt.Fprintln(os.Stderr, "prepare:", err)
		os.Exit(1)
	}
}

func fill(name string) error {
	if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
		return err
	}
	file, err := os.Create(name)
	if err != nil {
		return err
	}
	defer file.Close()
	out := bufio.NewWriter(file)
	random := rand.New(rand.NewPCG(1, 2))
	fmt.Fprintln(out, "station,celsius")
	for i := range lines {
		value := fmt.Sprintf("%.1f", 15+10*random.NormFloat64())
		if i == 1234 {
			value = "broken" // its batch fails, within the tolerance
		}
		fmt.Fprintf(out, "st-%04d,%s\n", i, value)
	}
	if err := out.Flush(); err != nil {
		return err
	}
	return file.Close()
}
