package intrinsic

import (
	"crypto/md5"
	"crypto/sha1"
	"crypto/sha256"
	"crypto/sha512"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"strings"
	"unicode/utf16"

	"github.com/waslrun/wasl/asl/jsonpath"
	"github.com/waslrun/wasl/asl/jsonvalue"
)

// maxText is how many characters the functions take that hash and encode.
const maxText = 10_000

// tooLong tells whether a text has more characters, as Java counts them, than
// AWS takes.
func tooLong(s string) bool {
	if len(s) <= maxText {
		return false
	}
	n := 0
	for _, r := range s {
		n += utf16.RuneLen(r)
	}
	return n > maxText
}

// maxResult bounds the texts that functions make of big values, in bytes. The
// language's own limit for payloads is far smaller; this one is for memory.
const maxResult = 64 << 20

var problemTooBig = fmt.Sprintf("The result would be longer than %d bytes", maxResult)

var problemTooLong = fmt.Sprintf("The data must not be longer than %d characters", maxText)

// format replaces each {} of a template by the next argument, written as Java
// would. A backslash makes a reserved character plain text.
func format(args []value, _ Env) (value, string) {
	if args[0].Kind() != jsonvalue.String {
		return wrongType(1, "a string", args[0])
	}
	template := args[0].Text()
	var b strings.Builder
	next := 1
	for i := 0; i < len(template); i++ {
		c := template[i]
		switch {
		case c == '\\' && i+1 < len(template) && isReserved(template[i+1]):
			i++
			b.WriteByte(template[i])
		case c == '{' && i+1 < len(template) && template[i+1] == '}':
			if next < len(args) {
				if b.Len()+args[next].EncodedLen() > maxResult {
					return value{}, problemTooBig
				}
				b.WriteString(jsonpath.JavaText(args[next]))
			}
			next++
			i++
		default:
			b.WriteByte(c)
		}
	}
	if next != len(args) {
		return value{}, fmt.Sprintf("The template has %d occurrences of {}, but there are %d arguments for them", next-1, len(args)-1)
	}
	return jsonvalue.StringOf(b.String()), ""
}

func stringToJSON(args []value, _ Env) (value, string) {
	if args[0].Kind() != jsonvalue.String {
		return wrongType(1, "a string", args[0])
	}
	text := args[0].Text()
	if strings.Trim(text, " \t\r\n") == "" {
		return jsonvalue.NullValue, "" // as Jackson reads it (recorded)
	}
	v, err := jsonvalue.Parse(text)
	if err != nil {
		return value{}, "The string is not JSON: " + err.Error()
	}
	return v, ""
}

func jsonToString(args []value, _ Env) (value, string) {
	if args[0].EncodedLen() > maxResult {
		return value{}, problemTooBig
	}
	return jsonvalue.StringOf(args[0].String()), ""
}

func jsonMerge(args []value, _ Env) (value, string) {
	for i, a := range args[:2] {
		if a.Kind() != jsonvalue.Object {
			return wrongType(i+1, "an object", a)
		}
	}
	if args[2].Kind() != jsonvalue.Bool {
		return wrongType(3, "a boolean", args[2])
	}
	if args[2].Bool() {
		return value{}, "Deep merging is not supported: argument 3 must be false"
	}
	b := jsonvalue.NewObject(args[0].Len() + args[1].Len())
	for _, a := range args[:2] {
		for key, v := range a.Members() {
			b.Set(key, v)
		}
	}
	return b.Value(), ""
}

// stringSplit cuts at every character of the delimiter and drops empty parts.
func stringSplit(args []value, _ Env) (value, string) {
	for i, a := range args {
		if a.Kind() != jsonvalue.String {
			return wrongType(i+1, "a string", a)
		}
	}
	delimiters := args[1].Text()
	var parts []value
	for part := range strings.FieldsFuncSeq(args[0].Text(), func(r rune) bool { return strings.ContainsRune(delimiters, r) }) {
		parts = append(parts, jsonvalue.StringOf(part))
	}
	return jsonvalue.ArrayOf(parts...), ""
}

func base64Encode(args []value, _ Env) (value, string) {
	if args[0].Kind() != jsonvalue.String {
		return wrongType(1, "a string", args[0])
	}
	text := args[0].Text()
	if tooLong(text) {
		return value{}, problemTooLong
	}
	return jsonvalue.StringOf(base64.StdEncoding.EncodeToString([]byte(text))), ""
}

// base64Decode reads MIME Base64: line ends in it are ignored, and the padding
// may be left out. What is no UTF-8 becomes U+FFFD, as in Java.
func base64Decode(args []value, _ Env) (value, string) {
	if args[0].Kind() != jsonvalue.String {
		return wrongType(1, "a string", args[0])
	}
	text := args[0].Text()
	if tooLong(text) {
		return value{}, problemTooLong
	}
	text = strings.NewReplacer("\r", "", "\n", "").Replace(text)
	if len(text)%4 == 0 {
		text = strings.TrimSuffix(strings.TrimSuffix(text, "="), "=")
	}
	data, err := base64.RawStdEncoding.DecodeString(text)
	if err != nil {
		return value{}, "The string is not Base64"
	}
	return jsonvalue.StringOf(string([]rune(string(data)))), ""
}

// hashOf gives the digest of a string, or of the JSON text of another value, in
// hexadecimal.
func hashOf(args []value, _ Env) (value, string) {
	data := args[0].Text()
	if args[0].Kind() != jsonvalue.String {
		if args[0].EncodedLen() > 3*maxText {
			return value{}, problemTooLong // no character takes more than three bytes
		}
		data = args[0].String()
	}
	if tooLong(data) {
		return value{}, problemTooLong
	}
	if args[1].Kind() != jsonvalue.String {
		return wrongType(2, "a string", args[1])
	}
	var digest []byte
	switch args[1].Text() {
	case "MD5":
		d := md5.Sum([]byte(data))
		digest = d[:]
	case "SHA-1":
		d := sha1.Sum([]byte(data))
		digest = d[:]
	case "SHA-256":
		d := sha256.Sum256([]byte(data))
		digest = d[:]
	case "SHA-384":
		d := sha512.Sum384([]byte(data))
		digest = d[:]
	case "SHA-512":
		d := sha512.Sum512([]byte(data))
		digest = d[:]
	default:
		return value{}, "The algorithm must be one of MD5, SHA-1, SHA-256, SHA-384, SHA-512"
	}
	return jsonvalue.StringOf(hex.EncodeToString(digest)), ""
}
