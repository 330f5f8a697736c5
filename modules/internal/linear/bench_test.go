package linear

import (
	"fmt"
	"testing"
)

// What a call pays for its pristine memory, by the pages that it writes.
func BenchmarkReset(b *testing.B) {
	const size = 54 << 16
	for _, dirty := range []int{2, 30, 100} {
		b.Run(fmt.Sprint(dirty), func(b *testing.B) {
			contents := make([]byte, size)
			for i := range contents {
				contents[i] = byte(i*31) | 1
			}
			img, err := NewImage(contents)
			if err != nil {
				b.Fatal(err)
			}
			defer img.Close()
			m, err := New(img, size)
			if err != nil {
				b.Fatal(err)
			}
			defer m.Free()
			buf := m.Reallocate(size)
			var sum byte
			for i := 0; i < size; i += 4096 {
				sum += buf[i]
			}
			for b.Loop() {
				m.Watch()
				for i := range dirty {
					buf[i*3*4096]++
				}
				if err := m.Reset(); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
