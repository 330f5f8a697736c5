package linear

import (
	"bytes"
	"math/rand/v2"
	"testing"
)

// imageOf makes an image of n bytes with some pages of zeros in it.
func imageOf(t *testing.T, n int) *Image {
	t.Helper()
	contents := make([]byte, n)
	for i := range contents {
		if i/8192%3 != 0 {
			contents[i] = byte(i * 31)
		}
	}
	img, err := NewImage(contents)
	if err != nil {
		t.Fatal(err)
	}
	if !img.Equal(contents) {
		t.Fatal("the image is not what it was made of")
	}
	return img
}

func newMemory(t *testing.T, img *Image, limit uint64) *Memory {
	t.Helper()
	m, err := New(img, limit)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(m.Free)
	return m
}

// testReset scribbles over memories of several sizes and resets them. In every
// third round the memory grows.
func testReset(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 1))
	for _, size := range []int{1 << 16, 1 << 20, 5 << 20} {
		img := imageOf(t, size)
		m := newMemory(t, img, 8<<20)
		buf := m.Reallocate(uint64(size))
		for round := range 30 {
			m.Watch()
			if round%3 == 2 {
				buf = m.Reallocate(uint64(size + (1+rng.IntN(10))<<16))
				if !allZero(buf[size:]) {
					t.Fatalf("size %d, round %d: what the memory grew by is not zero", size, round)
				}
			}
			for range rng.IntN(400) { // more pages than are kept, at times
				buf[rng.IntN(len(buf))]++
			}
			if round%5 == 0 {
				buf[0], buf[len(buf)-1] = buf[0]+1, buf[len(buf)-1]+1
			}
			if m.Grown() {
				m.Shrink()
				buf = m.Reallocate(uint64(len(buf) + 1<<16))
			}
			if err := m.Reset(); err != nil {
				t.Fatal(err)
			}
			if !img.Equal(buf) {
				t.Fatalf("size %d, round %d: the memory is not the image", size, round)
			}
		}
		img.Close()
	}
}

func allZero(b []byte) bool { return len(bytes.TrimLeft(b, "\x00")) == 0 }

func TestReset(t *testing.T) { testReset(t) }

func TestGrow(t *testing.T) {
	m := newMemory(t, nil, 1<<20)
	first := m.Reallocate(1 << 16)
	first[7] = 1
	grown := m.Reallocate(1 << 20)
	if len(grown) != 1<<20 || grown[7] != 1 || grown[1<<20-1] != 0 {
		t.Errorf("grown to %d bytes, %d and %d in it", len(grown), grown[7], grown[1<<20-1])
	}
	if m.Refused {
		t.Error("refused within the limit")
	}
	if m.Reallocate(1<<20+1<<16) != nil || !m.Refused {
		t.Error("not refused beyond the limit")
	}
}

func TestGrownIsNotReset(t *testing.T) {
	img := imageOf(t, 1<<16)
	defer img.Close()
	m := newMemory(t, img, 1<<20)
	m.Reallocate(1 << 17)
	if m.Reset() == nil {
		t.Error("a memory that grew was reset")
	}
}

func TestEmpty(t *testing.T) {
	img := imageOf(t, 0)
	defer img.Close()
	m := newMemory(t, img, 0)
	if buf := m.Reallocate(0); buf == nil || len(buf) != 0 {
		t.Errorf("no memory is %v", buf)
	}
	if err := m.Reset(); err != nil {
		t.Error(err)
	}
}
