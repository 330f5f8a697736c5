package jsonata

import (
	"math"
	"math/big"
	"regexp"
	"strconv"
	"strings"

	"github.com/waslrun/wasl/asl/jsonvalue"
)

var numberFunctions = map[string]builtin{
	"sum":           {"<a<n>:n>", 1, defined(fnSum)},
	"count":         {"<a:n>", 1, fnCount},
	"max":           {"<a<n>:n>", 1, defined(extreme(math.Max))},
	"min":           {"<a<n>:n>", 1, defined(extreme(math.Min))},
	"average":       {"<a<n>:n>", 1, defined(fnAverage)},
	"number":        {"<(nsb)-:n>", 1, defined(fnNumber)},
	"floor":         {"<n-:n>", 1, onNumber(math.Floor)},
	"ceil":          {"<n-:n>", 1, onNumber(math.Ceil)},
	"abs":           {"<n-:n>", 1, onNumber(math.Abs)},
	"round":         {"<n-n?:n>", 2, defined(fnRound)},
	"sqrt":          {"<n-:n>", 1, defined(fnSqrt)},
	"power":         {"<n-n:n>", 2, defined(fnPower)},
	"formatBase":    {"<n-n?:s>", 2, defined(fnFormatBase)},
	"formatNumber":  {"<n-so?:s>", 3, defined(fnFormatNumber)},
	"formatInteger": {"<n-s:s>", 2, defined(fnFormatInteger)},
	"parseInteger":  {"<s-s:n>", 2, defined(fnParseInteger)},
}

func floor(f float64) float64 { return math.Floor(f) }

// onNumber makes a function of numbers one of the language.
func onNumber(f func(float64) float64) native {
	return defined(func(_ *evaluation, args []value) (value, error) { return numberValue(f(args[0].num)), nil })
}

func fnSum(_ *evaluation, args []value) (value, error) {
	a, sum := args[0].array(), 0.0
	for i := range a.len() {
		sum += a.at(i).num
	}
	return numberValue(sum), nil
}

func fnCount(_ *evaluation, args []value) (value, error) {
	if !given(args, 0) {
		return numberValue(0), nil
	}
	return numberValue(float64(args[0].array().len())), nil
}

// extreme makes $max or $min.
func extreme(pick func(x, y float64) float64) native {
	return func(_ *evaluation, args []value) (value, error) {
		a := args[0].array()
		if a.len() == 0 {
			return value{}, nil
		}
		best := a.at(0).num
		for i := 1; i < a.len(); i++ {
			best = pick(best, a.at(i).num)
		}
		return numberValue(best), nil
	}
}

func fnAverage(ev *evaluation, args []value) (value, error) {
	n := args[0].array().len()
	if n == 0 {
		return value{}, nil
	}
	sum, err := fnSum(ev, args)
	return numberValue(sum.num / float64(n)), err
}

var (
	decimalNumber = regexp.MustCompile(`^-?[0-9]+(\.[0-9]+)?([Ee][-+]?[0-9]+)?$`)
	// As the reference writes it: the alternatives are anchored on one side only.
	radixNumber = regexp.MustCompile(`^(0[xX][0-9A-Fa-f]+)|(0[oO][0-7]+)|(0[bB][0-1]+)$`)
)

func fnNumber(_ *evaluation, args []value) (value, error) {
	switch v := args[0]; v.kind {
	case number:
		return v, nil
	case boolean:
		return numberValue(v.num), nil
	case text:
		if decimalNumber.MatchString(v.text) {
			if f, err := strconv.ParseFloat(v.text, 64); err == nil {
				return numberValue(f), nil
			}
		} else if radixNumber.MatchString(v.text) {
			return numberValue(parseRadix(v.text)), nil
		}
	default:
	}
	return value{}, fault("D3030").of(args[0]).argument(1)
}

// parseRadix reads 0x…, 0o… or 0b…; NaN for what only contains one.
func parseRadix(s string) float64 {
	s = strings.Trim(s, " \t\n\r\v\f")
	if len(s) < 3 || s[0] != '0' {
		return math.NaN()
	}
	base := map[byte]float64{'x': 16, 'o': 8, 'b': 2}[s[1]|0x20]
	f := 0.0
	for _, c := range s[2:] {
		d, err := strconv.ParseUint(string(c), 16, 8)
		if err != nil || float64(d) >= base {
			return math.NaN()
		}
		f = f*base + float64(d)
	}
	return f
}

// scale moves the decimal point of a number, in its decimal form so that
// nothing is lost: 1.005 by 2 is 100.5.
func scale(f float64, by int) float64 {
	s := strconv.FormatFloat(f, 'e', -1, 64)
	mantissa, exponent, ok := strings.Cut(s, "e")
	if !ok {
		return f // NaN or infinite
	}
	e, _ := strconv.Atoi(exponent)
	r, _ := strconv.ParseFloat(mantissa+"e"+strconv.Itoa(e+by), 64)
	return r
}

// round rounds to a number of decimal places, halves to the even neighbour.
func round(f float64, places int) float64 {
	if places != 0 {
		f = scale(f, places)
	}
	r := math.RoundToEven(f)
	if places != 0 {
		r = scale(r, -places)
	}
	if r == 0 {
		return 0 // never -0
	}
	return r
}

func fnRound(_ *evaluation, args []value) (value, error) {
	places := max(-400, min(400, argument(args, 1).num))
	return numberValue(round(args[0].num, int(places))), nil
}

func fnSqrt(_ *evaluation, args []value) (value, error) {
	if args[0].num < 0 {
		return value{}, fault("D3060").of(args[0]).argument(1)
	}
	return numberValue(math.Sqrt(args[0].num)), nil
}

func fnPower(_ *evaluation, args []value) (value, error) {
	exponent := argument(args, 1)
	r := math.NaN()
	if exponent.kind == number {
		r = power(args[0].num, exponent.num)
	}
	if !finite(r) {
		e := fault("D3061").of(args[0]).argument(1)
		e.exponent = exponent
		return value{}, e
	}
	return numberValue(r), nil
}

func fnFormatBase(_ *evaluation, args []value) (value, error) {
	radix := 10.0
	if given(args, 1) {
		radix = round(args[1].num, 0)
	}
	if radix < 2 || radix > 36 {
		return value{}, fault("D3100").ofNumber(radix)
	}
	return stringValue(formatRadix(round(args[0].num, 0), int(radix))), nil
}

// formatRadix writes a whole number in a base.
func formatRadix(f float64, radix int) string {
	switch {
	case math.IsNaN(f):
		return "NaN"
	case math.IsInf(f, 0):
		return strings.TrimPrefix(strconv.FormatFloat(f, 'f', -1, 64), "+") + "inity"
	case radix == 10:
		return jsonvalue.FormatFloat(f)
	}
	if math.Abs(f) < 1<<63 {
		return strconv.FormatInt(int64(f), radix)
	}
	whole, _ := big.NewFloat(f).Int(nil)
	return whole.Text(radix)
}
