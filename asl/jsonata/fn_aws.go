package jsonata

import (
	"crypto/md5"  //nolint:gosec // $hash offers it
	"crypto/sha1" //nolint:gosec // $hash offers it
	"crypto/sha256"
	"crypto/sha512"
	"encoding/hex"
	"math"
	"strings"

	"github.com/waslrun/wasl/asl/jsonvalue"
)

// awsFunctions are what AWS Step Functions adds to the language.
var awsFunctions = map[string]builtin{
	"partition": {"<an:a>", 2, defined(fnPartition)},
	"range":     {"<nnn:a>", 3, fnRange},
	"hash":      {"<s-s:s>", 2, defined(fnHash)},
	"random":    {"<n?:n>", 1, fnRandom},
	"uuid":      {"<:s>", 0, fnUUID},
	"parse":     {"<s-:x>", 1, defined(fnParse)},
}

// fnPartition is $partition(array, size): the array in pieces.
func fnPartition(ev *evaluation, args []value) (value, error) {
	a, size := args[0].array(), math.Floor(argument(args, 1).num)
	if !(size >= 1) {
		return value{}, fault("T0410").of(argument(args, 1)).argument(2)
	}
	out := &array{}
	piece := int(min(size, float64(max(1, a.len()))))
	for from := 0; from < a.len(); from += piece {
		part := &array{}
		for i := from; i < min(from+piece, a.len()); i++ {
			if err := ev.push(part, a.at(i)); err != nil {
				return value{}, err
			}
		}
		if err := ev.addList(out, part); err != nil {
			return value{}, err
		}
	}
	return arrayValue(out), nil
}

// fnRange is $range(first, last, step): last belongs to it. Fractions are cut
// off, as others measured on AWS. As any sequence of one, a range of one number
// is that number; AWS was recorded so.
func fnRange(ev *evaluation, args []value) (value, error) {
	if !given(args, 0) || !given(args, 1) || !given(args, 2) {
		return value{}, nil
	}
	from, to, step := math.Trunc(args[0].num), math.Trunc(args[1].num), math.Trunc(args[2].num)
	if step == 0 || !finite(from) || !finite(to) || !finite(step) {
		return value{}, fault("T0410").of(args[2]).argument(3)
	}
	count := math.Floor((to-from)/step) + 1
	if !(count > 0) {
		return listOf(), nil
	}
	if count == 1 {
		return numberValue(from), nil
	}
	if count > maxRange {
		return value{}, fault("D2014").token("range").ofNumber(count)
	}
	if err := ev.chargeValues(int(count)); err != nil {
		return value{}, err
	}
	out := &array{elems: make([]value, int(count))}
	for i := range out.elems {
		out.elems[i] = numberValue(from + float64(i)*step)
	}
	return arrayValue(out), nil
}

// fnHash is $hash(text, algorithm): hexadecimal digits.
func fnHash(_ *evaluation, args []value) (value, error) {
	data := []byte(wellFormed(args[0].text))
	var sum []byte
	switch strings.ToUpper(argument(args, 1).text) {
	case "MD5":
		s := md5.Sum(data) //nolint:gosec // asked for
		sum = s[:]
	case "SHA-1":
		s := sha1.Sum(data) //nolint:gosec // asked for
		sum = s[:]
	case "SHA-256":
		s := sha256.Sum256(data)
		sum = s[:]
	case "SHA-384":
		s := sha512.Sum384(data)
		sum = s[:]
	case "SHA-512":
		s := sha512.Sum512(data)
		sum = s[:]
	default:
		return value{}, fault("T0410").of(argument(args, 1)).argument(2)
	}
	return stringValue(hex.EncodeToString(sum)), nil
}

// fnRandom is $random(): from the source of chance; $random(seed) from a
// generator of its own.
func fnRandom(ev *evaluation, args []value) (value, error) {
	if given(args, 0) {
		return numberValue(newSeeded(int64(args[0].num)).Float64()), nil
	}
	return numberValue(ev.chance().Float64()), nil
}

func fnUUID(ev *evaluation, _ []value) (value, error) { return stringValue(ev.chance().UUID()), nil }

// fnParse is $parse(text): the value of a JSON text.
func fnParse(ev *evaluation, args []value) (value, error) {
	source := args[0].text
	// What the parser makes: a value for each comma, bracket or brace, in slices
	// that grow, and a node for each bracket or brace.
	containers := strings.Count(source, "[") + strings.Count(source, "{")
	if err := ev.charge(len(source) + containers*3*memberSize + strings.Count(source, ",")*2*memberSize); err != nil {
		return value{}, err
	}
	if err := ev.spend(len(source) / (bytesScanned / 8)); err != nil {
		return value{}, err
	}
	j, err := jsonvalue.Parse(wellFormed(source))
	if err != nil {
		return value{}, fault("D3120").saying("The argument of the parse function is not JSON: " + err.Error())
	}
	return ev.own(j)
}

// own copies a document that the evaluation has made: what is looked at in place
// is not weighed, and keeps the whole document.
func (ev *evaluation) own(j jsonvalue.Value) (value, error) {
	switch j.Kind() {
	case jsonvalue.Array:
		out := &array{}
		for _, e := range j.Elems() {
			v, err := ev.own(e)
			if err == nil {
				err = ev.add(out, v)
			}
			if err != nil {
				return value{}, err
			}
		}
		return arrayValue(out), ev.charge(listSize)
	case jsonvalue.Object:
		out := newObject(j.Len())
		for key, e := range j.Members() {
			v, err := ev.own(e)
			if err == nil {
				err = ev.set(out, strings.Clone(key), v)
			}
			if err != nil {
				return value{}, err
			}
		}
		return objectValue(out), ev.charge(objectSize)
	default:
		v := fromJSON(j)
		v.text = strings.Clone(v.text)
		return v, ev.charge(len(v.text))
	}
}
