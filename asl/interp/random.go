package interp

import (
	"encoding/base64"
	"encoding/binary"
	"fmt"
	"math/rand/v2"
)

// random is an execution's source of chance. It is seeded by Started, so a
// replay draws the same numbers.
type random struct{ *rand.ChaCha8 }

func newRandom(seed uint64) random {
	var key [32]byte
	binary.LittleEndian.PutUint64(key[:], seed)
	copy(key[8:], "wasl execution")
	return random{rand.NewChaCha8(key)}
}

// Float64 gives a number in [0, 1).
func (r random) Float64() float64 { return float64(r.Uint64()>>11) / (1 << 53) }

// token makes a task token.
func (r random) token() string {
	var raw [48]byte
	for i := 0; i < len(raw); i += 8 {
		binary.LittleEndian.PutUint64(raw[i:], r.Uint64())
	}
	return base64.RawURLEncoding.EncodeToString(raw[:])
}

// Int64N gives a number from [0, n).
func (r random) Int64N(n int64) int64 { return rand.New(r.ChaCha8).Int64N(n) }

// UUID makes a random (version 4) UUID.
func (r random) UUID() string {
	a, b := r.Uint64(), r.Uint64()
	a = a&^0xF000 | 0x4000
	b = b&^(0xC<<60) | 0x8<<60
	return fmt.Sprintf("%08x-%04x-%04x-%04x-%012x", a>>32, a>>16&0xFFFF, a&0xFFFF, b>>48, b&(1<<48-1))
}
