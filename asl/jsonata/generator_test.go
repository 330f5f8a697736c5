package jsonata_test

import (
	"fmt"
	"math/rand/v2"
	"regexp"
	"strconv"
	"strings"
)

// generatorDocument is what generated programs see.
const generatorDocument = `{"n":[3,1,2,10,-4.5,0,3],"s":["b","a","c","é","a","B"],"t":"The quick brown fóx 😀 jumps, over 12 dogs","e":"",` +
	`"items":[{"id":1,"name":"bolt","price":2.5,"qty":10,"tags":["x","y"],"in":{"w":1}},{"id":2,"name":"nut","price":0.1,"qty":3,"tags":["y"],"in":{"w":5}},` +
	`{"id":3,"name":"gear","price":99.99,"qty":0,"tags":[],"in":{}},{"id":4,"name":"bolt","price":7,"qty":1}],` +
	`"o":{"a":1,"b":"two","c":[1,2],"d":{"e":null,"f":false}},"nul":null,"yes":true,"no":false,"empty":[],"eo":{},"one":[7],"deep":[[1,[2]],[3,[4,[5]]]],` +
	`"mixed":[1,"1",true,null,[],{"a":1}],"at":1582979696789,"day":"2020-02-29","stamp":"2017-11-05T09:08:07.006+02:30"}`

// generator makes programs by chance, mostly such as mean something. Depth
// bounds how deep they nest.
type generator struct {
	*rand.Rand
	vars []string // numbers that are bound where the program is
}

func newGenerator(seed uint64) *generator {
	return &generator{Rand: rand.New(rand.NewPCG(seed, 206))}
}

func (g *generator) pick(from ...string) string { return from[g.IntN(len(from))] }

// one calls one of the makers.
func (g *generator) one(makers ...func() string) string { return makers[g.IntN(len(makers))]() }

func (g *generator) chance(percent int) bool { return g.IntN(100) < percent }

// othersHere are functions that AWS adds, or that tell the time; mangled names
// may become theirs.
var othersHere = regexp.MustCompile(`\$(parse|range|hash|uuid|partition|random|eval|clone|now|millis)\b`)

func (g *generator) program() string {
	for {
		if p := g.anyProgram(); !othersHere.MatchString(p) {
			return p
		}
	}
}

func (g *generator) anyProgram() string {
	d := 1 + g.IntN(4)
	switch g.IntN(12) {
	case 0, 1:
		return g.number(d)
	case 2, 3, 4:
		return g.text(d)
	case 5:
		return g.boolean(d)
	case 6, 7:
		return g.list(d)
	case 8:
		return g.object(d)
	case 9:
		return g.spoilt(g.anything(d))
	}
	return g.anything(d)
}

// spoilt changes a few characters: most of what comes of it is an error.
func (g *generator) spoilt(program string) string {
	r := []rune(program)
	for range 1 + g.IntN(2) {
		at := g.IntN(len(r) + 1)
		switch g.IntN(3) {
		case 0:
			r = append(r[:at:at], append([]rune(g.pick("(", ")", "[", "]", "{", "}", ",", ".", "$", "%", "@", "#", "^", "~>", "?", ":", ":=", ";", "*", "**", "..", "'", "`", "/", "|", "and", " ", "-", "1")), r[at:]...)...)
		case 1:
			if at < len(r) {
				r = append(r[:at:at], r[at+1:]...)
			}
		case 2:
			other := g.IntN(len(r) + 1)
			if at < len(r) && other < len(r) {
				r[at], r[other] = r[other], r[at]
			}
		}
	}
	return string(r)
}

func (g *generator) anything(d int) string {
	if d <= 0 {
		return g.pick("t", "o", "items", "n", "nul", "q", "o.q", "$", "mixed", "1", "'x'", "true", "null", "[]", "{}", "deep", "$$.one")
	}
	return g.one(
		func() string { return g.number(d) }, func() string { return g.text(d) }, func() string { return g.boolean(d) },
		func() string { return g.list(d) }, func() string { return g.object(d) }, func() string { return g.path(d) },
		func() string { return g.block(d) }, func() string { return g.call(d) }, func() string { return g.call(d) },
		func() string { return "(" + g.boolean(d-1) + " ? " + g.anything(d-1) + " : " + g.anything(d-1) + ")" },
	)
}

func (g *generator) block(d int) string {
	name := g.pick("$x", "$y", "$z")
	value := g.number(d - 1)
	g.vars = append(g.vars, name)
	body := g.anything(d - 1)
	g.vars = g.vars[:len(g.vars)-1]
	return "(" + name + " := " + value + "; " + body + ")"
}

// call uses functions that take and give anything.
func (g *generator) call(d int) string {
	a := func() string { return g.anything(d - 1) }
	return g.one(
		func() string { return "$string(" + a() + g.pick("", "", ", true") + ")" },
		func() string { return "$type(" + a() + ")" },
		func() string { return "$exists(" + a() + ")" },
		func() string { return "$boolean(" + a() + ")" },
		func() string { return "$not(" + a() + ")" },
		func() string { return "$count(" + a() + ")" },
		func() string { return "$append(" + a() + ", " + a() + ")" },
		func() string { return "$lookup(" + a() + ", " + g.key() + ")" },
		func() string { return "$keys(" + a() + ")" },
		func() string { return "$spread(" + a() + ")" },
		func() string { return "$reverse(" + g.list(d-1) + ")" },
		func() string { return "$distinct(" + a() + ")" },
		func() string { return "$count($shuffle(" + g.list(d-1) + "))" },
		func() string { return "$number(" + a() + ")" },
		func() string { return "$single(" + g.list(d-1) + ", " + g.predicate(d-1) + ")" },
		func() string { return "$assert(" + g.boolean(d-1) + ", " + g.text(0) + ")" },
		func() string { return "$error(" + g.text(0) + ")" },
		func() string {
			return a() + " ~> " + g.pick("$string", "$count", "$sum", "$uppercase", "$length", "$type", "$keys", "$reverse()", "$string(true)", "$join('-')", "$substring(1, 2)", "$map($string)", "$not")
		},
		func() string {
			return "$" + g.pick("sum", "max", "min", "average", "join", "length", "uppercase", "trim", "floor", "round", "sqrt", "merge", "sort", "zip", "split", "contains", "pad", "match", "base64encode", "toMillis", "fromMillis", "formatBase", "substring") + "(" + a() + ")"
		},
		func() string {
			return "$" + g.pick("power", "formatNumber", "formatInteger", "parseInteger", "split", "contains", "pad", "join", "substringBefore", "substringAfter", "lookup", "map", "filter", "each", "sift", "reduce", "zip", "toMillis", "fromMillis", "round", "formatBase", "append", "sort") + "(" + a() + ", " + a() + ")"
		},
		func() string {
			return g.pick("$substring(?, 1)(t)", "$power(?, 2)(o.a)", "$contains(?, 'a')(e)", "$pad(?, 5, '.')(q)", "$join(?, '-')(s)", "$formatNumber(?, '0.0')(o.a)", "$replace(t, ?, 'x')(/o/)", "$substringBefore(?, ?)(t, 'q')", "function($a, $b){$a & $b}(?, 1)(2)")
		},
		func() string {
			return "($f := " + g.pick("$uppercase ~> $trim", "$sum ~> $sqrt", "$string ~> $length") + "; $f(" + a() + "))"
		},
	)
}

func (g *generator) key() string {
	return g.pick(`"a"`, `"b"`, `"c"`, `"d"`, `"name"`, `"id"`, `"q"`, `"in"`)
}

func (g *generator) literal() string {
	switch g.IntN(8) {
	case 0:
		return strconv.FormatFloat(g.NormFloat64()*100, 'f', g.IntN(5), 64)
	case 1:
		return g.pick("0", "1", "-1", "0.5", "1e3", "1.5e-7", "123456789012", "9007199254740993", "1e21", "0.1", "2.675", "-0", "1e-6", "1.005", "99999999999999990000", "5e-324")
	case 2:
		return strconv.Itoa(g.IntN(100000) - 50000)
	}
	return strconv.Itoa(g.IntN(21) - 5)
}

func (g *generator) number(d int) string {
	if d <= 0 || g.chance(4) {
		if len(g.vars) > 0 && g.chance(40) {
			return g.vars[g.IntN(len(g.vars))]
		}
		return g.one(g.literal, g.literal, func() string {
			return g.pick("n[0]", "n[4]", "o.a", "items[0].price", "items[1].qty", "at", "one", "$count(items)", "q", "o.c[1]")
		})
	}
	n, l, t := func() string { return g.number(d - 1) }, func() string { return g.numbers(d - 1) }, func() string { return g.text(d - 1) }
	if g.chance(3) {
		return g.anything(d - 1)
	}
	return g.one(
		func() string { return "(" + n() + " " + g.pick("+", "-", "*", "/", "%") + " " + n() + ")" },
		func() string { return "(" + n() + g.pick("+", "-", "*", "/", "%") + n() + ")" },
		func() string { return "-" + n() },
		func() string { return g.pick("$sum", "$max", "$min", "$average", "$count") + "(" + l() + ")" },
		func() string { return g.pick("$floor", "$ceil", "$abs", "$sqrt", "$round") + "(" + n() + ")" },
		func() string { return "$round(" + n() + ", " + g.pick("0", "1", "2", "3", "-1", "-2", "10", "q") + ")" },
		func() string { return "$power(" + n() + ", " + n() + ")" },
		func() string {
			return "$power(" + g.literal() + ", " + g.pick("2", "3", "0.5", "-1", "-2", "1.5", "22", "200", "q", "0.1") + ")"
		},
		func() string { return "$length(" + t() + ")" },
		func() string {
			return "$number(" + g.pick(`"12"`, `"-3.5"`, `"1e3"`, `"0x1F"`, `"0b101"`, `"0o17"`, `" 1"`, `"1."`, `"abc"`, `"1e400"`, `""`, `"00"`, `"+1"`, `"0X"`, `"5x0b1"`, "true", "no", "yes", "null") + ")"
		},
		func() string { return "$number(" + t() + ")" },
		func() string { return "$parseInteger($formatInteger(" + n() + ", " + g.withPicture(g.integerPicture()) },
		func() string { return "$parseInteger(" + g.integerText() + ", " + quote(g.integerPicture()) + ")" },
		g.parsedDate,
		func() string {
			return "$reduce(" + l() + ", function($i, $j){" + g.pick("$i + $j", "$i * $j", "$i - $j", "$max([$i, $j])") + "}" + g.pick("", ", 1", ", 0") + ")"
		},
		func() string {
			return l() + "[" + g.pick("0", "1", "-1", "2", "1.7", "$ > 1", "[0..1]", "[0,-1]") + "]"
		},
		func() string {
			return "items[" + g.itemPredicate() + "]." + g.pick("price", "qty", "id", "(price * qty)", "in.w")
		},
		func() string { return "(" + g.boolean(d-1) + " ? " + n() + " : " + n() + ")" },
		func() string {
			return "function($a, $b){$a " + g.pick("+", "*", "-") + " $b}(" + n() + ", " + n() + ")"
		},
		func() string { return "function($a)<n:n>{$a + 1}(" + g.anything(d-1) + ")" },
		func() string { return "$count(" + g.list(d-1) + ")" },
		func() string { return n() + " ~> " + g.pick("$abs()", "$floor", "$round(1)", "$power(2)", "$sqrt") },
	)
}

// withPicture ends a call of two functions that take the same picture.
func (g *generator) withPicture(picture string) string {
	return quote(picture) + "), " + quote(picture) + ")"
}

func quote(s string) string {
	return `"` + strings.NewReplacer(`\`, `\\`, `"`, `\"`, "\n", `\n`).Replace(s) + `"`
}

func (g *generator) integerText() string {
	return g.pick(`"12"`, `"1,234"`, `"twelve"`, `"one hundred and three"`, `"xiv"`, `"MCMXC"`, `"ab"`, `"ZZ"`, `"12th"`, `"twenty-first"`, `"٣٤"`, `"Two Thousand"`, `""`, `"1:2"`, `"one million, two"`, `"third"`)
}

var regexes = []string{
	`/a/`, `/o/i`, `/[a-c]/`, `/\d+/`, `/(\w)(\w)/`, `/\s/`, `/x|o/`, `/^T/m`, `/s$/`, `/(?:u|q)(i)?/`, `/\bb/`, `/./`, `/(.)\1/`, `/(?=o)/`, `/o(?= )/`, `/(?<=f)ó/`, `/[^ ]+/`, `/\u00f3/`,
	`/a*/`, `/(a)|(b)/`, `/e.*?r/`, `/\W/`, `/([aeiou])/i`, `/q{1,2}/`, `/(?<y>\d)/`, `/😀/`, `/[\s,]+/`, `/(a/`, `/[z-a]/`, `/(a)(b)(c)(d)(e)(f)(g)(h)(i)(j)(k)/`,
}

func (g *generator) regex() string { return regexes[g.IntN(len(regexes))] }

func (g *generator) text(d int) string {
	if d <= 0 || g.chance(4) {
		return g.one(
			func() string {
				return g.pick("t", "s[0]", "s[3]", "items[0].name", "o.b", "e", "day", "stamp", "q", "o.q")
			},
			func() string {
				return g.pick(`"abc"`, `""`, `" a  b\n"`, `"héllo"`, `"😀x"`, `"a,b,,c"`, `"x\u00e9"`, `'it"s'`, `"<&%?=/ +>"`, `"\ud83d"`, `"100"`, `"$1"`, `"a"`, `","`, `"o"`, `"ab"`, `"ÀÉ"`, `"ß"`, `"İ"`)
			})
	}
	if g.chance(3) {
		return g.anything(d - 1)
	}
	n, t, l := func() string { return g.number(d - 1) }, func() string { return g.text(d - 1) }, func() string { return g.texts(d - 1) }
	return g.one(
		func() string { return "(" + t() + " & " + g.anything(d-1) + ")" },
		func() string { return "$string(" + n() + ")" },
		func() string { return "$string(" + g.anything(d-1) + g.pick("", ", true", ", false") + ")" },
		func() string { return "$substring(" + t() + ", " + g.small() + g.pick("", ", "+g.small()) + ")" },
		func() string {
			return g.pick("$substringBefore", "$substringAfter") + "(" + t() + ", " + g.text(0) + ")"
		},
		func() string { return g.pick("$lowercase", "$uppercase", "$trim") + "(" + t() + ")" },
		func() string {
			return "$pad(" + t() + ", " + g.small() + g.pick("", ", '#'", ", 'ab'", ", ''", ", '😀'") + ")"
		},
		func() string { return "$join(" + l() + g.pick("", ", ','", ", ''", ", q") + ")" },
		func() string { return "$replace(" + t() + ", " + g.text(0) + ", " + g.text(0) + g.limit() + ")" },
		func() string { return "$replace(" + t() + ", " + g.regex() + ", " + g.replacement() + g.limit() + ")" },
		func() string { return "$match(" + t() + ", " + g.regex() + ")[" + g.pick("0", "1", "-1") + "].match" },
		func() string {
			return "$formatNumber(" + n() + ", " + quote(g.numberPicture()) + g.numberOptions() + ")"
		},
		func() string { return "$formatNumber(" + g.literal() + ", " + quote(g.numberPicture()) + ")" },
		func() string {
			return "$formatBase(" + n() + g.pick("", ", 2", ", 16", ", 36", ", 8", ", 1", ", 37", ", 10.5") + ")"
		},
		func() string { return "$formatInteger(" + n() + ", " + quote(g.integerPicture()) + ")" },
		func() string { return "$formatInteger(" + g.literal() + ", " + quote(g.integerPicture()) + ")" },
		func() string { return "$fromMillis(" + g.millis() + ", " + quote(g.datePicture()) + g.zone() + ")" },
		func() string { return "$fromMillis(" + g.millis() + ", " + quote(g.datePicture()) + g.zone() + ")" },
		func() string { return "$fromMillis(" + g.millis() + ")" },
		func() string {
			return g.pick("$base64encode", "$encodeUrl", "$encodeUrlComponent", "$decodeUrl", "$decodeUrlComponent") + "(" + t() + ")"
		},
		func() string {
			return "$base64decode(" + g.pick(`"aGk="`, `"4pyTIMOgIGxhIG1vZGU="`, `"!!"`, `"YQ"`, `"_-8="`, "$base64encode("+t()+")") + ")"
		},
		func() string {
			return g.pick(`$decodeUrl("%E0%A4%A")`, `$decodeUrlComponent("a%20b%2Fc")`, `$encodeUrl("http://x/ä?y=ö z")`, `$decodeUrl("http://x/%C3%A4")`)
		},
		func() string { return "$type(" + g.anything(d-1) + ")" },
		func() string { return l() + "[" + g.pick("0", "-1", "2") + "]" },
		func() string { return "items[" + g.itemPredicate() + "].name" },
		func() string {
			return t() + " ~> " + g.pick("$uppercase", "$trim()", "$substring(1)", "$replace('a', 'b')", "$pad(9, '*')", "$uppercase ~> $length")
		},
	)
}

func (g *generator) small() string {
	if g.chance(10) {
		return g.pick("1.5", "-0.5", "q", "100", "-100", "2.9")
	}
	return strconv.Itoa(g.IntN(16) - 5)
}

func (g *generator) limit() string { return g.pick("", "", "", ", 1", ", 2", ", 0", ", -1", ", 1.5") }

func (g *generator) replacement() string {
	if g.chance(25) {
		return "function($m){" + g.pick("$m.match & '!'", "$uppercase($m.match)", "$string($m.start)", "$m.groups[0]", "$string($m.end)", "$join($m.groups, '|')") + "}"
	}
	return g.pick(`"x"`, `"$0$0"`, `"[$1]"`, `"$$1"`, `"$2-$1"`, `"$"`, `"$10$11"`, `"$a"`, `"$01"`, `"a$"`, `"$ 1"`, `""`)
}

func (g *generator) numberPicture() string {
	if g.chance(50) {
		return g.pick("#,##0.00", "0", "0.0#", "#", "000", "#0.###", "0%", "#.#%", "0‰", "0.00e0", "#,##,##0.##", "[0]", "$#,##0.00;($#,##0.00)", "0;-0;0", "0.0.0", "##0,", "0,.0", "abc", "0#", ".0#", "#.0#0", "00.00e00", "0e0%", "'x'0", "1234", "#.##", "#,#00.0,0", "0.0000000000", "₀0", "#e0", "0.00%x", "x0y;z0")
	}
	var b strings.Builder
	for range 1 + g.IntN(7) {
		b.WriteString(g.pick("#", "0", "0", "#", ",", ".", "%", "‰", ";", "e", "x", "-", " ", "0", "9"))
	}
	return b.String()
}

func (g *generator) numberOptions() string {
	return g.pick("", "", "", `, {"decimal-separator": ",", "grouping-separator": "."}`, `, {"minus-sign": "~"}`, `, {"zero-digit": "٠"}`, `, {"digit": "?"}`, `, {"percent": "pct"}`, `, {"exponent-separator": "E"}`, `, {"pattern-separator": "|"}`, `, {"infinity": "inf"}`)
}

func (g *generator) integerPicture() string {
	if g.chance(60) {
		return g.pick("0", "00", "#", "#,##0", "0000", "w", "W", "Ww", "a", "A", "i", "I", "0;o", "w;o", "Ww;o", "W;o", "#:##0", "٠", "#,##0;o", "##,##,##0", "0,0,0", "A;o", "1", "001", "9", "x", "#,#", "0٠", "α", "", ";o", "0;c", "#.000", "०००", "a;o", "#,##0,00", "ww", "0 000")
	}
	var b strings.Builder
	for range 1 + g.IntN(6) {
		b.WriteString(g.pick("#", "0", "0", ",", ":", "1", " ", ".", ";o", "w"))
	}
	return b.String()
}

func (g *generator) millis() string {
	switch g.IntN(6) {
	case 0:
		return g.pick("0", "at", "-1", "1e12", "-62135596800000", "253402300799999", "951782400000", "-1e13", "1509823800000", "-61000000000000", "1583020799999", "1.5", "-86400000", "-55000000000000")
	case 1:
		return strconv.FormatInt(g.Int64N(4e12)-2e12, 10)
	}
	return strconv.FormatInt(g.Int64N(3e12)-5e11, 10)
}

func (g *generator) zone() string {
	return g.pick("", "", "", `, "+0100"`, `, "-0500"`, `, "+0530"`, `, "-0330"`, `, "0000"`, `, "+1400"`, `, q`)
}

var dateMarkers = []string{
	"Y", "Y0001", "Y,2", "Y,*-2", "Y,4", "Yw", "YW", "YI", "Yi,2", "YA,2", "Y01", "Y,3", "Y001", "Y9", "Y,2-2", "Yo", "Y0001,2", "Y,*", "Y1,3-4", "Y#001", "Y,1",
	"M", "M01", "MNn", "MN", "Mn", "MNn,3", "MNn,3-3", "MNn,*-4", "MN,3", "Mw", "MI", "M1o", "M,2", "M#1", "MA",
	"D", "D01", "D1o", "Dw", "DWwo", "DI", "D,2", "D#1o", "Di", "DNn",
	"d", "d001", "dw", "d,3", "dNn", "F", "FNn", "FN,3", "Fn", "F1", "F0", "FNn,3-3", "Fw", "F01", "F,2-2", "FNn,*-2",
	"W", "W01", "w", "w1", "X", "X0001", "X,2", "x", "xNn", "xMNn", "xN",
	"H", "H01", "H#1", "h", "h01", "h1", "hw", "P", "PN", "Pn", "PNn", "m", "m01", "m1", "s", "s01", "s1", "f", "f001", "f01", "f1", "f,3-3", "f,2",
	"Z", "Z01:01", "Z0101", "Z01:01t", "Z0101t", "z", "z01:01", "Z0", "Z00", "Z000", "Z0000", "Z0:00", "Z00000", "z0t", "ZN", "Z#0", "ZZ",
	"E", "C", "EN", "CN", "Q", " Y ", "Y 0001", "q", "", "Y;o", "Dc", "Mt",
}

func (g *generator) datePicture() string {
	if g.chance(15) {
		return g.pick("[Y0001]-[M01]-[D01]T[H01]:[m01]:[s01].[f001][Z01:01t]", "[D1o] [MNn] [Y]", "[FNn], [D1o] [MNn] [YI]", "[h]:[m01] [PN]", "[Y]-[d001]", "[X0001]-W[W01]-[F1]", "[[]][Y]", "[Y", "]]", "]", "[[", "[Yw] [M] [Dw]", "[D1]/[M1]/[Y0001] [H01]:[m01]:[s01].[f001] [z]", "[xNn], [w1] [F1]", "[H01][m01]", "")
	}
	var b strings.Builder
	for range 1 + g.IntN(4) {
		if g.chance(40) {
			b.WriteString(g.pick("-", " ", "/", ":", "T", "W", ", ", "[[", "]]", "."))
		}
		fmt.Fprintf(&b, "[%s]", dateMarkers[g.IntN(len(dateMarkers))])
	}
	return b.String()
}

// parsedDate reads times: those that were written with the same picture, and others.
func (g *generator) parsedDate() string {
	picture := g.datePicture()
	if !strings.Contains(picture, "[Y") && !strings.Contains(picture, "[X") {
		picture = "[Y]" + picture // without a year it would be about today
	}
	switch g.IntN(5) {
	case 0:
		return "$toMillis(" + g.pick(`"2020-02-29"`, `"2020-02-29T12:34:56Z"`, `"2020-02-29T12:34:56.789+01:30"`, `"2020"`, `"2020-13-01"`, `"12/3/2020"`, `"junk"`, `"2020-02-29T12:34"`, `"2020-1-1"`, `"20200229"`, `"2020-02-30"`, `"1969-12-31T23:59:59.999Z"`, `"2020-12-31T24:00:00Z"`, "stamp", "day") + ")"
	case 1:
		return "$toMillis(" + g.pick(`"2020-02-29"`, `"12 March 2001"`, `"1st of May 1999"`, `"4/7/2018 8:05 pm"`, `"2018-W03-5"`, `"2018-045"`, `"Friday, 3rd August 2018"`, `"MMXVIII"`, `"two thousand and eighteen"`, `""`, "stamp") + ", " +
			quote(g.pick("[Y0001]-[M01]-[D01]", "[D] [MNn] [Y]", "[D1o] of [MNn] [Y]", "[D]/[M]/[Y] [h]:[m] [P]", "[X]-W[W]-[F]", "[Y]-[d001]", "[FNn], [D1o] [MNn] [Y]", "[YI]", "[Yw]", picture)) + ")"
	}
	return "$toMillis($fromMillis(" + g.millis() + ", " + g.withPicture(picture)
}

func (g *generator) boolean(d int) string {
	if d <= 0 {
		return g.pick("true", "false", "yes", "no", "q", "$exists(q)", "$exists(o)", "nul")
	}
	n, t, a, b := func() string { return g.number(d - 1) }, func() string { return g.text(d - 1) }, func() string { return g.anything(d - 1) }, func() string { return g.boolean(d - 1) }
	comparison := func() string { return g.pick(" = ", " != ", " < ", " <= ", " > ", " >= ") }
	return g.one(
		func() string { return "(" + n() + comparison() + n() + ")" },
		func() string { return "(" + t() + comparison() + t() + ")" },
		func() string { return "(" + a() + g.pick(" = ", " != ", " < ") + a() + ")" },
		func() string { return "(" + b() + g.pick(" and ", " or ") + b() + ")" },
		func() string { return "(" + a() + g.pick(" and ", " or ") + a() + ")" },
		func() string { return "(" + g.pick(t(), n()) + " in " + g.list(d-1) + ")" },
		func() string { return g.pick("$not", "$boolean", "$exists") + "(" + a() + ")" },
		func() string { return "$contains(" + t() + ", " + g.pick(g.text(0), g.regex()) + ")" },
	)
}

func (g *generator) itemPredicate() string {
	return g.pick("price > 2", "qty = 10", "name = 'bolt'", "'y' in tags", "id in [1,3]", "0", "-1", "$contains(name, 'o')", "in.w", "qty", "q", "[0..1]", "tags", "price > 1 and qty < 5", "$count(tags) = 1")
}

func (g *generator) predicate(d int) string {
	return "function(" + g.pick("$v", "$v, $i", "$v, $i, $a") + "){" + g.pick("$v > 1", "$v = 'a'", "$exists($v)", "$type($v) = 'number'", "$boolean($v)", "$v in [1, 'a']", g.boolean(min(d, 1))) + "}"
}

func (g *generator) mapper(d int) string {
	if g.chance(20) {
		return g.pick("$string", "$type", "$length", "$uppercase", "$count", "$sum", "$number", "$abs", "$keys", "$not")
	}
	return "function(" + g.pick("$v", "$v, $i", "$v, $i, $a") + "){" + g.pick("$v", "$v & '!'", "$type($v)", "{'v': $v}", "[$v, $v]", "$i", "$count($a)", "$string($v)", "$v.name", g.anything(min(d, 1))) + "}"
}

func (g *generator) numbers(d int) string {
	if d <= 0 {
		return g.pick("n", "[1, 2, 3]", "[5..1]", "[1..5]", "[]", "items.price", "items.qty", "[0.1, 0.2]", "one", "q", "deep")
	}
	n := func() string { return g.number(d - 1) }
	return g.one(
		func() string { return "[" + n() + ", " + n() + ", " + n() + "]" },
		func() string { return "[" + g.small() + ".." + g.small() + "]" },
		func() string { return "n[" + g.pick("$ > 1", "0", "-1", "[1..3]", "$ = 3") + "]" },
		func() string {
			return "items.(" + g.pick("price * qty", "id + 1", "price", "qty", "in.w", "$round(price)") + ")"
		},
		func() string {
			return g.pick("n", "deep.**", "$append(n, 1)", "$reverse(n)", "$distinct(n)", "$sort(n)", "n^(>$)", "n^($)")
		},
		func() string {
			return "$map(" + g.numbers(d-1) + ", function($v, $i){" + g.pick("$v + $i", "$v * 2", "$i", "-$v") + "})"
		},
		func() string { return "$filter(" + g.numbers(d-1) + ", " + g.predicate(d-1) + ")" },
	)
}

func (g *generator) texts(d int) string {
	if d <= 0 {
		return g.pick("s", `["x", "y"]`, "items.name", "[]", `"abc"`, "$keys(o)", "items.tags", "q")
	}
	return g.one(
		func() string { return "[" + g.text(d-1) + ", " + g.text(d-1) + "]" },
		func() string { return "$split(" + g.text(d-1) + ", " + g.pick(g.text(0), g.regex()) + g.limit() + ")" },
		func() string {
			return g.pick("s^($)", "s^(>$)", "$sort(s)", "$distinct(s)", "items.name", "$reverse(s)", "$keys(items)", "$map(n, $string)", "s[$ > 'a']", "items.tags[0]")
		},
		func() string {
			return "$map(" + g.texts(d-1) + ", " + g.pick("$uppercase", "$length", "function($x){$x & $x}", "$trim") + ")"
		},
	)
}

func (g *generator) list(d int) string {
	if d <= 0 {
		return g.pick("n", "s", "items", "[]", "mixed", "deep", "one", "[1, 'a', true, null]", "items.tags", "q")
	}
	l, a := func() string { return g.list(d - 1) }, func() string { return g.anything(d - 1) }
	return g.one(
		func() string { return g.numbers(d) }, func() string { return g.texts(d) }, func() string { return g.path(d) },
		func() string { return "[" + a() + ", " + a() + "]" },
		func() string { return "[" + a() + "]" },
		func() string { return "$map(" + l() + ", " + g.mapper(d-1) + ")" },
		func() string { return "$filter(" + l() + ", " + g.predicate(d-1) + ")" },
		func() string {
			return "$sort(" + l() + g.pick("", ", function($l, $r){$l > $r}", ", function($l, $r){$l.price > $r.price}", ", function($l, $r){$string($l) < $string($r)}") + ")"
		},
		func() string { return "$append(" + l() + ", " + a() + ")" },
		func() string { return "$zip(" + l() + ", " + l() + ")" },
		func() string { return g.pick("$reverse", "$distinct", "$keys", "$spread", "$values") + "(" + l() + ")" },
		func() string { return "$match(" + g.text(d-1) + ", " + g.regex() + g.limit() + ")" },
		func() string {
			return "$each(" + g.object(d-1) + ", function($v, $k){" + g.pick("$k", "$v", "{$k: $v}", "$k & $string($v)") + "})"
		},
		func() string {
			return l() + "[" + g.pick("0", "-1", "1", "$", "[0, 2]", "true", "$ > 1", "q", "''", "1.5") + "]"
		},
		func() string { return l() + ".[" + g.pick("$", "$string($)", "1, 2", "name, id") + "]" },
		func() string { return l() + g.pick("[]", "[][0]", "[0][]") },
	)
}

func (g *generator) path(d int) string {
	return g.one(
		func() string {
			return "items" + g.pick("", "[]", "["+g.itemPredicate()+"]", "["+g.itemPredicate()+"]["+g.itemPredicate()+"]", "^("+g.order()+")", "^("+g.order()+")["+g.itemPredicate()+"]") + g.pick("", ".name", ".tags", ".in.w", ".{name: qty}", ".in", ".*", ".(id & name)", ".tags[0]", ".(tags)[0]", ".$string(id)", "{name: qty}", "{name: $sum(qty)}", "{name: [id]}", ".[id, name]", ".`name`")
		},
		func() string {
			return "items" + g.pick("@$i.{'i': $i.id}", "#$p.{'p': $p, 'n': name}", "#$p[$p = 1].name", "@$i.items[id = $i.id + 1].name", "@$i#$p.[$p, $i.name]", ".tags.{'t': $, 'n': %.name}", ".in.(w + %.id)", "[%.yes].name", ".tags[$ = %.tags[0]]", "#$p^(>$p).id", ".in.w.%.%.name", "#$p[price > 1].$p")
		},
		func() string {
			return g.pick("o.*", "**.w", "**.name", "*", "o.**", "*.a", "$.o.c", "$$.o.d", "o.d.*", "items.*[0]", "**", "$.*", "deep.*", "mixed.a", "mixed.*", "n.*", "items.**.w", "o.d.e", "$keys(*)")
		},
		func() string { return g.pick("o", "items[0]", "$", "items") + ".(" + g.anything(d-1) + ")" },
		func() string {
			return g.pick("o", "items", "$", "items.in") + "." + g.pick("a", "b", "c", "d", "name", "w", "q", "`a`", `"a"`, "$string()", "$keys()", "$type($)", "$count($)")
		},
		func() string {
			return "(" + g.anything(d-1) + ")" + g.pick(".a", ".name", "[0]", "[-1]", ".*", "[]", "{'k': $}", "^($)", ".$", "[$]")
		},
	)
}

func (g *generator) order() string {
	return g.pick("price", ">price", "<name, >price", "name", ">qty, name", "$count(tags)", "in.w", "tags", "id", "<name, <qty", "q", "price * qty")
}

func (g *generator) object(d int) string {
	if d <= 0 {
		return g.pick("o", "items[0]", "{}", "{'a': 1}", "eo", "o.d", "items[0].in", "q")
	}
	a, o := func() string { return g.anything(d - 1) }, func() string { return g.object(d - 1) }
	return g.one(
		func() string { return "{'a': " + a() + ", 'b': " + a() + "}" },
		func() string { return "{" + g.text(d-1) + ": " + a() + "}" },
		func() string { return "$merge([" + o() + ", " + o() + "])" },
		func() string { return "$merge(" + g.pick("items", "items.in", "[o, eo]", "$spread(o)", o()) + ")" },
		func() string {
			return "$sift(" + o() + ", function($v, $k){" + g.pick("$v > 1", "$k = 'a'", "$exists($v)", "$type($v) = 'string'", "$k in ['a','b']") + "})"
		},
		func() string {
			return "items{" + g.pick("name", "'i' & $string(id)", "name & ''", "id", "in.w") + ": " + g.pick("price", "$sum(price)", "$", "$count($)", "[qty]", "tags", "id") + "}"
		},
		func() string {
			return o() + " ~> |" + g.pick("$", "d", "in", "q", "*", "**", "c", "items") + "|" + g.pick("{'z': 1}", "{'a': a + 1}", "{}", "{'k': 2}", "1", "q") + g.pick("", ", 'a'", ", ['a','b']", ", 1") + "|"
		},
		func() string {
			return "$ ~> |items" + g.pick("", "["+g.itemPredicate()+"]") + "|" + g.pick("{'total': price * qty}", "{'name': $uppercase(name)}", "{}") + g.pick("", ", 'tags'", ", ['in','tags']") + "|.items"
		},
		func() string {
			return "$reduce(" + g.list(d-1) + ", function($r, $v){$merge([$r, {'k' & $string($v): $v}])}, {})"
		},
		func() string { return g.list(d-1) + "[" + g.pick("0", "-1") + "]" },
		func() string { return "$lookup(" + o() + ", " + g.key() + ")" },
		func() string { return "(" + o() + ").{'k': " + a() + "}" },
	)
}
