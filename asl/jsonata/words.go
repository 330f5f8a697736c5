package jsonata

import (
	"math"
	"regexp"
	"strings"
)

var (
	smallNumbers = []string{
		"Zero", "One", "Two", "Three", "Four", "Five", "Six", "Seven", "Eight", "Nine", "Ten", "Eleven", "Twelve",
		"Thirteen", "Fourteen", "Fifteen", "Sixteen", "Seventeen", "Eighteen", "Nineteen",
	}
	smallOrdinals = []string{
		"Zeroth", "First", "Second", "Third", "Fourth", "Fifth", "Sixth", "Seventh", "Eighth", "Ninth", "Tenth",
		"Eleventh", "Twelfth", "Thirteenth", "Fourteenth", "Fifteenth", "Sixteenth", "Seventeenth", "Eighteenth",
		"Nineteenth",
	}
	tens       = []string{"Twenty", "Thirty", "Forty", "Fifty", "Sixty", "Seventy", "Eighty", "Ninety", "Hundred"}
	magnitudes = []string{"Thousand", "Million", "Billion", "Trillion"}
)

// words writes a whole number in English.
func words(n float64, ordinal bool) string {
	if !finite(n) {
		return ""
	}
	var b strings.Builder
	appendWords(&b, n, false, ordinal)
	return b.String()
}

// appendWords appends a number's words; after says that words stand before it.
func appendWords(b *strings.Builder, n float64, after, ordinal bool) {
	switch {
	case n <= 19:
		if after {
			b.WriteString(" and ")
		}
		if ordinal {
			b.WriteString(smallOrdinals[int(n)])
		} else {
			b.WriteString(smallNumbers[int(n)])
		}
	case n < 100:
		if after {
			b.WriteString(" and ")
		}
		ten, rest := tens[int(n)/10-2], math.Mod(n, 10)
		switch {
		case rest > 0:
			b.WriteString(ten + "-")
			appendWords(b, rest, false, ordinal)
		case ordinal:
			b.WriteString(ten[:len(ten)-1] + "ieth")
		default:
			b.WriteString(ten)
		}
	case n < 1000:
		if after {
			b.WriteString(", ")
		}
		b.WriteString(smallNumbers[int(n)/100] + " Hundred")
		appendRest(b, math.Mod(n, 100), ordinal)
	default:
		if after {
			b.WriteString(", ")
		}
		magnitude, factor := 1, 1e3
		for magnitude < len(magnitudes) && n >= factor*1e3 {
			magnitude++
			factor *= 1e3
		}
		count := math.Floor(n / factor)
		appendWords(b, count, false, false)
		b.WriteString(" " + magnitudes[magnitude-1])
		appendRest(b, n-count*factor, ordinal)
	}
}

func appendRest(b *strings.Builder, rest float64, ordinal bool) {
	switch {
	case rest > 0:
		appendWords(b, rest, true, ordinal)
	case ordinal:
		b.WriteString("th")
	}
}

// numberWord is a word for a number.
type numberWord struct {
	word  string
	value float64
}

// knownWords are all words, in lower case. What reads numbers tries them in this
// order, in which "six" hides "sixty" where letters of another part may follow.
var knownWords = func() []numberWord {
	var all []numberWord
	add := func(word string, value float64) { all = append(all, numberWord{strings.ToLower(word), value}) }
	for i, w := range smallNumbers {
		add(w, float64(i))
	}
	for i, w := range smallOrdinals {
		add(w, float64(i))
	}
	for i, w := range tens {
		add(w, float64((i+2)*10))
		add(w[:len(w)-1]+"ieth", float64((i+2)*10))
	}
	add("hundredth", 100)
	for i, w := range magnitudes {
		add(w, power(10, float64(3*(i+1))))
		add(w+"th", power(10, float64(3*(i+1))))
	}
	return all
}()

// wordValues gives the value of each word, in lower case.
var wordValues = func() map[string]float64 {
	values := map[string]float64{}
	for _, w := range knownWords {
		values[w.word] = w.value
	}
	return values
}()

var betweenWords = regexp.MustCompile(`,\s|\sand\s|[\s\\-]`)

// wordsToNumber reads a number in English.
func wordsToNumber(s string) float64 {
	segments := []float64{0}
	for _, w := range betweenWords.Split(s, -1) {
		v, ok := wordValues[w]
		if !ok {
			return math.NaN()
		}
		last := len(segments) - 1
		switch {
		case v >= 100:
			segments[last] *= v
		case segments[last] >= 1000:
			segments = append(segments, v)
		default:
			segments[last] += v
		}
	}
	sum := 0.0
	for _, s := range segments {
		sum += s
	}
	return sum
}
