package jsonata

import (
	"bufio"
	"encoding/binary"
	"math"
	"math/rand/v2"
	"os/exec"
	"testing"
)

// powerScript reads pairs of doubles and writes their powers.
const powerScript = `
const all = require('fs').readFileSync(0), out = Buffer.alloc(all.length / 2);
for (let i = 0; i < all.length; i += 16) out.writeDoubleLE(Math.pow(all.readDoubleLE(i), all.readDoubleLE(i + 8)), i / 2);
process.stdout.write(out);`

// TestPowerIsNodes compares a million powers with node's, bit by bit.
func TestPowerIsNodes(t *testing.T) {
	node, err := exec.LookPath("node")
	if err != nil {
		t.Skip("needs node")
	}
	const count = 1_000_000
	pairs := make([][2]float64, count)
	g := rand.New(rand.NewPCG(5, 6))
	in := make([]byte, 0, count*16)
	for i := range pairs {
		pairs[i] = powerPair(g)
		for _, f := range pairs[i] {
			in = binary.LittleEndian.AppendUint64(in, math.Float64bits(f))
		}
	}
	cmd := exec.Command(node, "-e", powerScript)
	stdin, _ := cmd.StdinPipe()
	stdout, _ := cmd.StdoutPipe()
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	go func() {
		_, _ = stdin.Write(in)
		_ = stdin.Close()
	}()
	r := bufio.NewReader(stdout)
	wrong := 0
	for _, p := range pairs {
		var want float64
		if err := binary.Read(r, binary.LittleEndian, &want); err != nil {
			t.Fatal(err)
		}
		got := power(p[0], p[1])
		if math.Float64bits(got) != math.Float64bits(want) && !(math.IsNaN(got) && math.IsNaN(want)) {
			if wrong++; wrong < 10 {
				t.Errorf("%v to the power of %v is %v, node's is %v", p[0], p[1], got, want)
			}
		}
	}
	if err := cmd.Wait(); err != nil {
		t.Fatal(err)
	}
	t.Logf("%d of %d differ", wrong, count)
}

// powerPair makes a base and an exponent of every kind that matters.
func powerPair(g *rand.Rand) [2]float64 {
	special := []float64{
		0, math.Copysign(0, -1), 1, -1, 0.5, -0.5, 2, -2, math.Inf(1), math.Inf(-1), math.NaN(), math.MaxFloat64,
		math.SmallestNonzeroFloat64, 1 << 31, 1 << 53, 1 << 63, 1 << 64, 1 - 1e-16, 1 + 2.3e-16, 1e-310, 10, 3, 1074, -1075,
	}
	number := func() float64 {
		switch g.IntN(7) {
		case 0:
			return special[g.IntN(len(special))]
		case 1:
			return float64(g.IntN(2000) - 1000)
		case 2:
			return math.Float64frombits(g.Uint64())
		case 3:
			return g.NormFloat64() * 30
		case 4:
			return 1 + g.NormFloat64()*math.Pow(2, -float64(g.IntN(50)))
		case 5:
			return math.Round(g.NormFloat64()*1e4) / 100
		}
		return g.ExpFloat64() * 300
	}
	return [2]float64{number(), number()}
}
