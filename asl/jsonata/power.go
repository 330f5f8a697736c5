package jsonata

import "math"

// power is Math.pow as V8 computes it, bit by bit: with the algorithm of
// fdlibm's e_pow.c (Sun Microsystems, 1993), but for one bracket, see exp2. It
// takes log2(x) in two parts, multiplies it by y, and raises 2 to the result.
// The result may be a few ulps from the nearest double: it is the same one on
// every platform, and the reference's. Products are converted to float64 before they are added,
// so that no platform fuses the two operations, which would round once less.
func power(x, y float64) float64 {
	switch {
	case y == 0:
		return 1
	case math.IsNaN(x) || math.IsNaN(y):
		return math.NaN()
	case math.IsInf(y, 0):
		return toInfinity(x, y)
	case y == 1:
		return x
	case y == -1:
		return 1 / x
	case y == 2:
		return x * x
	case y == 0.5 && !math.Signbit(x):
		return math.Sqrt(x)
	}
	whole, odd := math.Trunc(y) == y, math.Mod(y, 2) != 0
	sign := 1.0
	if math.Signbit(x) {
		if whole && odd {
			sign = -1
		} else if !whole && x != 0 && !math.IsInf(x, 0) {
			return math.NaN()
		}
	}
	ax := math.Abs(x)
	if ax == 0 || ax == 1 || math.IsInf(ax, 0) {
		if y < 0 {
			ax = 1 / ax
		}
		return sign * ax
	}
	if result, ok := farFromOne(ax, y); ok {
		return sign * result
	}
	return sign * exp2(times(y, log2(ax, y)))
}

// toInfinity is a power with an infinite exponent: of 1, too, it is no number.
func toInfinity(x, y float64) float64 {
	ax := math.Abs(x)
	switch {
	case ax == 1:
		return math.NaN()
	case ax > 1 == (y > 0):
		return math.Inf(1)
	}
	return 0
}

// farFromOne tells the powers by huge exponents that are infinite or 0 at once.
func farFromOne(ax, y float64) (float64, bool) {
	iy := highWord(y) & 0x7FFFFFFF
	if iy <= 0x41E00000 {
		return 0, false
	}
	ix := highWord(ax)
	switch {
	case ix < 0x3FEFFFFF, iy > 0x43F00000 && ix <= 0x3FEFFFFF:
		return overOrUnder(y < 0), true
	case ix > 0x3FF00000, iy > 0x43F00000 && ix >= 0x3FF00000:
		return overOrUnder(y > 0), true
	}
	return 0, false
}

func overOrUnder(over bool) float64 {
	if over {
		return math.Inf(1)
	}
	return 0
}

// double is a number in two parts: high has 32 bits or so, low is the rest.
type double struct{ high, low float64 }

func highWord(f float64) int32 { return int32(math.Float64bits(f) >> 32) }

// withHighWord replaces the upper 32 bits of a number.
func withHighWord(f float64, high int32) float64 {
	return math.Float64frombits(math.Float64bits(f)&0xFFFFFFFF | uint64(uint32(high))<<32)
}

// head cuts the lower 32 bits of a number.
func head(f float64) float64 { return math.Float64frombits(math.Float64bits(f) &^ 0xFFFFFFFF) }

// polynomial gives c0 + z(c1 + z(c2 + …)).
func polynomial(z float64, c ...float64) float64 {
	p := c[len(c)-1]
	for i := len(c) - 2; i >= 0; i-- {
		p = c[i] + float64(z*p)
	}
	return p
}

// The constants of e_pow.c. Their last digits are those of the doubles meant.
const (
	logOfThreeHalvesHigh = 5.84962487220764160156e-01 // log2(1.5)
	logOfThreeHalvesLow  = 1.35003920212974897128e-08

	twoThirdsByLn2     = 9.61796693925975554329e-01 // 2/(3 ln 2)
	twoThirdsByLn2High = 9.61796700954437255859e-01
	twoThirdsByLn2Low  = -7.02846165095275826516e-09

	oneByLn2     = 1.44269504088896338700e+00
	oneByLn2High = 1.44269502162933349609e+00
	oneByLn2Low  = 1.92596299112661746887e-08

	ln2     = 6.93147180559945286227e-01
	ln2High = 6.93147182464599609375e-01
	ln2Low  = -1.90465429995776804525e-09

	overflowTail = 8.0085662595372944372e-17 // -(1024 - log2(the largest number + ½ ulp))
)

// log2 gives the logarithm of a positive number. y says how exact it must be.
func log2(ax, y float64) double {
	if highWord(y)&0x7FFFFFFF > 0x41E00000 { // |1-ax| is at most 2^-20
		t := ax - 1
		w := float64(t*t) * (0.5 - float64(t*(0.3333333333333333333333-float64(t*0.25))))
		u := oneByLn2High * t
		v := float64(t*oneByLn2Low) - float64(w*oneByLn2)
		high := head(u + v)
		return double{high, v - (high - u)}
	}
	n := int32(0)
	if highWord(ax) < 0x00100000 { // subnormal
		ax *= 1 << 53
		n = -53
	}
	high := highWord(ax)
	n += high>>20 - 0x3FF
	j := high & 0xFFFFF
	high = j | 0x3FF00000
	// ax becomes a number near 1, or near 1.5.
	near, near15 := 1.0, int32(0)
	var shift double
	switch {
	case j <= 0x3988E:
	case j < 0xBB67A:
		near, near15, shift = 1.5, 1, double{logOfThreeHalvesHigh, logOfThreeHalvesLow}
	default:
		n++
		high -= 0x00100000
	}
	ax = withHighWord(ax, high)
	p := series(ax, near, near15)
	zHigh := twoThirdsByLn2High * p.high
	zLow := float64(twoThirdsByLn2Low*p.high) + float64(p.low*twoThirdsByLn2) + shift.low
	t := float64(n)
	sum := head(((zHigh + zLow) + shift.high) + t)
	return double{sum, zLow - (((sum - t) - shift.high) - zHigh)}
}

// series gives 3/2 of the natural logarithm of ax/near, from s = (ax-near)/(ax+near).
func series(ax, near float64, near15 int32) double {
	u, v := ax-near, 1/(ax+near)
	s := u * v
	sHigh := head(s)
	tHigh := withHighWord(0, (highWord(ax)>>1|0x20000000)+0x00080000+near15<<18)
	tLow := ax - (tHigh - near)
	sLow := v * ((u - float64(sHigh*tHigh)) - float64(sHigh*tLow))
	s2 := s * s
	r := float64(s2*s2) * polynomial(s2, 5.99999999999994648725e-01, 4.28571428578550184252e-01, 3.33333329818377432918e-01,
		2.72728123808534006489e-01, 2.30660745775561754067e-01, 2.06975017800338417784e-01)
	r += float64(sLow * (sHigh + s))
	s2 = sHigh * sHigh
	tHigh = head(3 + s2 + r)
	tLow = r - ((tHigh - 3) - s2)
	u = sHigh * tHigh
	v = float64(sLow*tHigh) + float64(tLow*s)
	high := head(u + v)
	return double{high, v - (high - u)}
}

// times multiplies a logarithm by the exponent.
func times(y float64, log double) double {
	yHigh := head(y)
	return double{yHigh * log.high, float64((y-yHigh)*log.high) + float64(y*log.low)}
}

// exp2 raises 2 to a power. V8 divides z·t1 by all of (t1-2) - (w+z·w), where
// fdlibm subtracts after it has divided.
func exp2(p double) float64 {
	z := p.low + p.high
	switch {
	case z > 1024 || z == 1024 && p.low+overflowTail > z-p.high:
		return math.Inf(1)
	case z < -1075 || z == -1075 && p.low <= z-p.high:
		return 0
	}
	n := int32(0)
	j := highWord(z)
	if i := j & 0x7FFFFFFF; i > 0x3FE00000 { // |z| > 0.5: n is z rounded
		k := i>>20 - 0x3FF
		n = j + 0x00100000>>(k+1)
		k = (n&0x7FFFFFFF)>>20 - 0x3FF
		p.high -= withHighWord(0, n&^(0xFFFFF>>k))
		n = (n&0xFFFFF | 0x00100000) >> (20 - k)
		if j < 0 {
			n = -n
		}
	}
	t := head(p.low + p.high)
	u := t * ln2High
	v := float64((p.low-(t-p.high))*ln2) + float64(t*ln2Low)
	z = u + v
	w := v - (z - u)
	t = z * z
	t1 := z - float64(t*polynomial(t, 1.66666666666666019037e-01, -2.77777777770155933842e-03, 6.61375632143793436117e-05,
		-1.65339022054652515390e-06, 4.13813679705723846039e-08))
	r := float64(z*t1) / ((t1 - 2) - (w + float64(z*w)))
	z = 1 - (r - z)
	if high := highWord(z) + n<<20; high>>20 > 0 {
		return withHighWord(z, high)
	}
	return math.Ldexp(z, int(n))
}
