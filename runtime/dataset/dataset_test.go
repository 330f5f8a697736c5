package dataset_test

import (
	"bytes"
	"compress/gzip"
	"context"
	"errors"
	"fmt"
	"io"
	"regexp"
	"strings"
	"testing"

	"github.com/waslrun/wasl/asl/jsonvalue"
	"github.com/waslrun/wasl/runtime/dataset"
	"github.com/waslrun/wasl/storage"
)

// read gives all items of a dataset as one JSON text, or an error's text.
func read(t testing.TB, store storage.Store, action, args, config string) string {
	t.Helper()
	r, err := dataset.Open(context.Background(), store, dataset.Request{
		Action: action, Args: jsonvalue.MustParse(args), Config: jsonvalue.MustParse(config),
	})
	if err != nil {
		return err.Error()
	}
	defer func() {
		if err := r.Close(); err != nil {
			t.Error(err)
		}
	}()
	var items []jsonvalue.Value
	for {
		v, err := r.Next()
		if errors.Is(err, io.EOF) {
			return jsonvalue.ArrayOf(items...).String()
		}
		if err != nil {
			return err.Error()
		}
		items = append(items, v.Value)
	}
}

func storeOf(t testing.TB, objects map[string]string) storage.Store {
	t.Helper()
	s := storage.NewMemory()
	for key, body := range objects {
		if _, err := s.Put(context.Background(), "b", key, []byte(body), ""); err != nil {
			t.Fatal(err)
		}
	}
	return s
}

func TestGetObject(t *testing.T) {
	cases := []struct{ name, config, body, want string }{
		{"JSON", `{"InputType":"JSON"}`, ` [1, {"b":2,"a":1.0}, [] ] `, `[1,{"b":2,"a":1.0},[]]`},
		{"JSON by default", `{}`, `[1]`, `[1]`},
		{"empty array", `{}`, `[]`, `[]`},
		{"object", `{}`, `{"b":1,"a":[2]}`, `[1,[2]]`},
		{"large number", `{}`, `[12345678901234567890.10]`, `[12345678901234567890.10]`},
		{"pointer", `{"ItemsPointer":"/x/1/y~1z"}`, `{"w":{"x":[9]},"x":[{"no":[[]]},{"a":"]","y/z":[1,2]}]}`, `[1,2]`},
		{"pointer to nothing", `{"ItemsPointer":"/x"}`, `{"y":[]}`, `s3://b/k: the ItemsPointer "/x" leads nowhere`},
		{"pointer beyond an array", `{"ItemsPointer":"/2"}`, `[[1],[2]]`, `s3://b/k: the ItemsPointer "/2" leads nowhere`},
		{"pointer into a text", `{"ItemsPointer":"/a/b"}`, `{"a":"text"}`, `s3://b/k: the ItemsPointer "/a/b" leads nowhere`},
		{"no items", `{}`, `"text"`, `s3://b/k: the items must be an array or an object`},
		{"truncated", `{}`, `[1,`, `s3://b/k: not JSON: the text ends too early`},
		{"no JSON", `{}`, `[1 2]`, `s3://b/k: not JSON: `},
		{"empty file", `{}`, ``, `s3://b/k: not JSON: the text ends too early`},
		{"lines", `{"InputType":"JSONL"}`, "\ufeff{\"a\":1}\r\n\n2\n", `[{"a":1},2]`},
		{"lines that end with CR", `{"InputType":"JSONL"}`, "1\r{\"a\":\r2\r", `s3://b/k: line 2 is not JSON: `},
		{"lines that end with CR alone", `{"InputType":"JSONL"}`, "1\r\r2\r3", `[1,2,3]`},
		{"blank lines", `{"InputType":"JSONL"}`, "\n  \n1\n\t\n2\n\n", `[1,2]`},
		{"JSON with a byte order mark", `{}`, "\ufeff[1]", `[1]`},
		{"an object with a byte order mark", `{}`, "\ufeff{\"a\":1}", `[1]`},
		{"JSON whose lines end with CR", `{}`, "[\r1,\r2\r]\r", `[1,2]`},
		{"UTF-16 with a mark", `{}`, "\xfe\xff\x00[\x00]", `s3://b/k: the text is in UTF-16: store it as UTF-8`},
		{"UTF-16 without a mark", `{"InputType":"JSONL"}`, "1\x00\n\x00", `s3://b/k: the text is in UTF-16: store it as UTF-8`},
		{"UTF-32", `{}`, "[\x00\x00\x00]\x00\x00\x00", `s3://b/k: the text is in UTF-32: store it as UTF-8`},
		{"bad line", `{"InputType":"JSONL"}`, "1\n{\n", `s3://b/k: line 2 is not JSON: `},
		{"CSV", `{"InputType":"CSV","CSVHeaderLocation":"FIRST_ROW"}`, "a,,b\n1,2,3\n4\n5,6,7,8\n", `[{"a":"1","":"2","b":"3"},{"a":"4","":"","b":""},{"a":"5","":"6","b":"7"}]`},
		{"CSV without rows", `{"InputType":"CSV","CSVHeaderLocation":"FIRST_ROW"}`, "", `[]`},
		{"CSV with quotes", `{"InputType":"CSV","CSVHeaderLocation":"FIRST_ROW"}`, "a\n\"x,\"\"y\"\"\nz\"\n", `[{"a":"x,\"y\"\nz"}]`},
		{"given headers", `{"InputType":"CSV","CSVHeaderLocation":"GIVEN","CSVHeaders":["x","y"]}`, "1,2\n", `[{"x":"1","y":"2"}]`},
		{"no given headers", `{"InputType":"CSV","CSVHeaderLocation":"GIVEN"}`, "1,2\n", `s3://b/k: CSVHeaderLocation is GIVEN, but CSVHeaders names none`},
		{"delimiter", `{"InputType":"CSV","CSVHeaderLocation":"FIRST_ROW","CSVDelimiter":"PIPE"}`, "a|b\n1,1|2\n", `[{"a":"1,1","b":"2"}]`},
		{"unknown delimiter", `{"InputType":"CSV","CSVDelimiter":"DOT"}`, "", `s3://b/k: CSVDelimiter "DOT" is not known: COMMA, PIPE, SEMICOLON, SPACE and TAB are`},
		{"Parquet", `{"InputType":"PARQUET"}`, "PAR1", `an ItemReader with InputType PARQUET is not supported: store the items as JSON, JSONL or CSV`},
		{"unknown type", `{"InputType":"XML"}`, "", `an ItemReader cannot read InputType "XML": JSON, JSONL, CSV and MANIFEST are known`},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			got := read(t, storeOf(t, map[string]string{"k": c.body}), "getObject", `{"Bucket":"b","Key":"k"}`, c.config)
			if got != c.want && !(strings.HasSuffix(c.want, ": ") && strings.HasPrefix(got, c.want)) {
				t.Errorf("got  %s\nwant %s", got, c.want)
			}
		})
	}
}

// An item knows where it comes from, and a member of an object its name (AWS
// documentation: Context object data for Map states).
func TestItems(t *testing.T) {
	s := storeOf(t, map[string]string{"o.json": `{"b":1,"a":[2]}`, "l.json": `[3]`})
	for _, c := range []struct{ action, args, config, want string }{
		{"getObject", `{"Bucket":"b","Key":"o.json"}`, `{}`, `"b" 1 S3://b/o.json, "a" [2] S3://b/o.json`},
		{"getObject", `{"Bucket":"b","Key":"l.json"}`, `{}`, ` 3 S3://b/l.json`},
		{"listObjectsV2", `{"Bucket":"b","Prefix":"l"}`, `{"Transformation":"LOAD_AND_FLATTEN"}`, ` 3 S3://b/l.json`},
	} {
		r, err := dataset.Open(context.Background(), s, dataset.Request{
			Action: c.action, Args: jsonvalue.MustParse(c.args), Config: jsonvalue.MustParse(c.config),
		})
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for {
			i, err := r.Next()
			if errors.Is(err, io.EOF) {
				break
			}
			if err != nil {
				t.Fatal(err)
			}
			key := ""
			if i.Key.IsValid() {
				key = i.Key.String()
			}
			got = append(got, key+" "+i.Value.String()+" "+i.Source)
		}
		if got := strings.Join(got, ", "); got != c.want {
			t.Errorf("%s %s: %s", c.action, c.args, got)
		}
		if err := r.Close(); err != nil {
			t.Error(err)
		}
	}
}

func TestWhatIsNotThere(t *testing.T) {
	s := storeOf(t, map[string]string{"k": "[]"})
	cases := []struct{ action, args, want string }{
		{"getObject", `{"Bucket":"b","Key":"x"}`, `s3://b/x: the specified key does not exist`},
		{"getObject", `{"Bucket":"c","Key":"k"}`, `s3://c/k: the specified bucket does not exist`},
		{"getObject", `{"Key":"k"}`, `the ItemReader names no Bucket`},
		{"getObject", `{"Bucket":"b"}`, `the ItemReader names no Key`},
		{"listObjectsV2", `{"Bucket":"c"}`, `s3://c: the specified bucket does not exist`},
		{"putObject", `{"Bucket":"b"}`, `an ItemReader cannot use putObject: getObject and listObjectsV2 are known`},
	}
	for _, c := range cases {
		if got := read(t, s, c.action, c.args, `{}`); got != c.want {
			t.Errorf("%s %s: got %s, want %s", c.action, c.args, got, c.want)
		}
	}
}

func TestListObjects(t *testing.T) {
	objects := map[string]string{}
	for i := range 1203 {
		objects[fmt.Sprintf("in/%04d", i)] = "[]"
	}
	objects["other"] = "x"
	s := storeOf(t, objects)
	list := jsonvalue.MustParse(read(t, s, "listObjectsV2", `{"Bucket":"b","Prefix":"in/"}`, `{}`))
	if list.Len() != 1203 || list.At(1202).Field("Key").Text() != "in/1202" {
		t.Fatalf("%d objects, the last is %s", list.Len(), list.At(list.Len()-1))
	}
	first := list.At(0)
	if first.Field("Size").String() != "2" || first.Field("Etag").Text() != `"d751713988987e9331980363e24189ce"` || first.Field("StorageClass").Text() != "STANDARD" ||
		!regexp.MustCompile(`^1\.\d{1,9}E9$`).MatchString(first.Field("LastModified").String()) {
		t.Errorf("%s", first)
	}
}

func TestObjectsAreLoadedAndFlattened(t *testing.T) {
	s := storeOf(t, map[string]string{"a": "[1,2]", "b": "[]", "c": "[3]"})
	if got := read(t, s, "listObjectsV2", `{"Bucket":"b"}`, `{"Transformation":"LOAD_AND_FLATTEN","InputType":"JSON"}`); got != "[1,2,3]" {
		t.Error(got)
	}
}

func TestManifests(t *testing.T) {
	var zipped bytes.Buffer
	z := gzip.NewWriter(&zipped)
	if _, err := z.Write([]byte("\"b\",\"x/1\"\n\"b\",\"x/2\"\n")); err != nil {
		t.Fatal(err)
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	s := storeOf(t, map[string]string{
		"manifest.json": `{"destinationBucket":"arn:aws:s3:::b","fileFormat":"CSV","fileSchema":"Bucket, Key","files":[{"key":"data/1.csv.gz"},{"key":"data/2.csv"}]}`,
		"data/1.csv.gz": zipped.String(),
		"data/2.csv":    "b,x/3\n",
		"orc.json":      `{"fileFormat":"ORC","files":[]}`,
		"athena.csv":    "s3://b/one.jsonl\n\"s3://b/two.jsonl\"\n",
		"one.jsonl":     "1\n",
		"two.jsonl":     "2\n3\n",
	})
	cases := []struct{ key, config, want string }{
		{"manifest.json", `{"InputType":"MANIFEST"}`, `[{"Bucket":"b","Key":"x/1"},{"Bucket":"b","Key":"x/2"},{"Bucket":"b","Key":"x/3"}]`},
		{"orc.json", `{"InputType":"MANIFEST","ManifestType":"S3_INVENTORY"}`, `s3://b/orc.json: an inventory in format "ORC" cannot be read, only CSV`},
		{"athena.csv", `{"InputType":"JSONL","ManifestType":"ATHENA_DATA"}`, `[1,2,3]`},
		{"athena.csv", `{"InputType":"JSONL","ManifestType":"OTHER"}`, `ManifestType "OTHER" is not known: S3_INVENTORY and ATHENA_DATA are`},
	}
	for _, c := range cases {
		if got := read(t, s, "getObject", `{"Bucket":"b","Key":"`+c.key+`"}`, c.config); got != c.want {
			t.Errorf("%s %s\ngot  %s\nwant %s", c.key, c.config, got, c.want)
		}
	}
}

// Whatever an object holds, reading it ends, and gives valid JSON.
func FuzzRead(f *testing.F) {
	for _, seed := range []string{`[1,{"a":[2]}]`, "1\n2\n", "a,b\n1,2", `{"a":[1]}`, `[`, "\"", "\xff"} {
		for kind := range byte(4) {
			f.Add(kind, seed)
		}
	}
	configs := []string{`{"InputType":"JSON"}`, `{"InputType":"JSONL"}`, `{"InputType":"CSV"}`, `{"InputType":"JSON","ItemsPointer":"/a/0"}`}
	f.Fuzz(func(t *testing.T, kind byte, body string) {
		got := read(t, storeOf(t, map[string]string{"k": body}), "getObject", `{"Bucket":"b","Key":"k"}`, configs[int(kind)%len(configs)])
		if strings.HasPrefix(got, "[") {
			if _, err := jsonvalue.Parse(got); err != nil {
				t.Errorf("%q gives %s: %v", body, got, err)
			}
		}
	})
}
