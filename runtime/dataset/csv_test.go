package dataset_test

import (
	"testing"

	"github.com/waslrun/wasl/asl/jsonvalue"
)

const firstRow = `{"InputType":"CSV","CSVHeaderLocation":"FIRST_ROW"}`

// The dialect is that of AWS's documentation, "How Step Functions parses input
// CSV files"; the last group is what it leaves open.
func TestCSVDialect(t *testing.T) {
	for _, c := range []struct{ name, body, want string }{
		{"enclosed fields hold delimiters and line ends", "a,b\n\"x, y\",\"1\r\n2\"\n", `[{"a":"x, y","b":"1\r\n2"}]`},
		{"a doubled quote, enclosed", "a\n\"say \"\"hi\"\"\"\n", `[{"a":"say \"hi\""}]`},
		{"a doubled quote, not enclosed", "a,b\n{\"\"k\"\":\"\"v\"\"},2\n", `[{"a":"{\"k\":\"v\"}","b":"2"}]`},
		{"a field of one doubled quote in front", "a,b\n\"\"x\"\",2\n", `[{"a":"\"x\"","b":"2"}]`},
		{"nothing but an enclosed quote", "a,b\n\"\"\"\",2\n", `[{"a":"\"","b":"2"}]`},
		{"an empty enclosed field", "a,b\n\"\",\"\"\n", `[{"a":"","b":""}]`},
		{"a backslash before a backslash", "a\nC:\\\\dir\n", `[{"a":"C:\\dir"}]`},
		{"four backslashes", "a\nx\\\\\\\\y\n", `[{"a":"x\\\\y"}]`},
		{"a backslash before a backslash, enclosed", "a\n\"C:\\\\d,e\"\n", `[{"a":"C:\\d,e"}]`},
		{"a backslash before the delimiter", "a,b\n1\\,2,3\n", `[{"a":"1,2","b":"3"}]`},
		{"a backslash before the delimiter, enclosed", "a,b\n\"1\\,2\",3\n", `[{"a":"1,2","b":"3"}]`},
		{"backslashes before quotes", "a,b\n\\\"x\\\",\"\\\"y\\\"\"\n", `[{"a":"\"x\"","b":"\"y\""}]`},
		{"a backslash before anything else", "a\n\\n\\t\\ \\(x\\)\n", `[{"a":"nt (x)"}]`},
		{"a backslash before anything else, enclosed", "a\n\"\\q,\\r\"\n", `[{"a":"q,r"}]`},
		{"a backslash before the line end", "a,b\n1,2\\\n3,4\n", `[{"a":"1","b":"2"},{"a":"3","b":"4"}]`},
		{"a backslash at the end", "a\nx\\", `[{"a":"x"}]`},
		{"a header with escapes", "a\\,b,\"c\"\"d\"\n1,2\n", `[{"a,b":"1","c\"d":"2"}]`},
		{"short and long rows", "a,b,c\n1\n1,2,3,4\n,\n", `[{"a":"1","b":"","c":""},{"a":"1","b":"2","c":"3"},{"a":"","b":"","c":""}]`},
		{"spaces stay", "a,b\n x , \"y\"\n", `[{"a":" x ","b":" \"y\""}]`},
		{"everything is a text", "a,b,c\n1,true,null\n", `[{"a":"1","b":"true","c":"null"}]`},

		{"CRLF", "a,b\r\n1,2\r\n3,4\r\n", `[{"a":"1","b":"2"},{"a":"3","b":"4"}]`},
		{"CR alone", "a,b\r1,2\r3,4\r", `[{"a":"1","b":"2"},{"a":"3","b":"4"}]`},
		{"no line end at the end", "a,b\n1,2", `[{"a":"1","b":"2"}]`},
		{"empty lines", "\n\na\n\n1\r\n\r\n2\r\r3", `[{"a":"1"},{"a":"2"},{"a":"3"}]`},
		{"a byte order mark", "\ufeffa,b\n1,2\n", `[{"a":"1","b":"2"}]`},
		{"a byte order mark before a quote", "\ufeff\"a\",b\n1,2\n", `[{"a":"1","b":"2"}]`},
		{"headers alone", "a,b\n", `[]`},
		{"headers twice", "a,b,a\n1,2,3\n", `CSV headers cannot contain duplicates.`},
		{"UTF-16", "\xff\xfea\x00", `s3://b/k: the text is in UTF-16: store it as UTF-8`},

		{"a lone quote in a field", "a,b\n5\" nail,2\n", `[{"a":"5\" nail","b":"2"}]`},
		{"more after the closing quote", "a,b\n\"x\"y,2\n", `[{"a":"xy","b":"2"}]`},
		{"no closing quote", "a,b\n1,\"x\ny", `[{"a":"1","b":"x\ny"}]`},
	} {
		t.Run(c.name, func(t *testing.T) {
			got := read(t, storeOf(t, map[string]string{"k": c.body}), "getObject", `{"Bucket":"b","Key":"k"}`, firstRow)
			if got != c.want {
				t.Errorf("got  %s\nwant %s", got, c.want)
			}
		})
	}
}

// With another delimiter a comma is nothing special, and no backslash is for it.
func TestCSVDelimiters(t *testing.T) {
	for name, comma := range map[string]string{"COMMA": ",", "PIPE": "|", "SEMICOLON": ";", "SPACE": " ", "TAB": "\t"} {
		config := jsonvalue.MustParse(firstRow).With("CSVDelimiter", jsonvalue.StringOf(name)).String()
		body := "a" + comma + "b\n1\\" + comma + "2" + comma + "\"3" + comma + "4\"\n"
		want := jsonvalue.ArrayOf(jsonvalue.ObjectOf(
			jsonvalue.Member{Key: "a", Value: jsonvalue.StringOf("1" + comma + "2")},
			jsonvalue.Member{Key: "b", Value: jsonvalue.StringOf("3" + comma + "4")},
		)).String()
		if got := read(t, storeOf(t, map[string]string{"k": body}), "getObject", `{"Bucket":"b","Key":"k"}`, config); got != want {
			t.Errorf("%s: got %s, want %s", name, got, want)
		}
	}
	config := `{"InputType":"CSV","CSVDelimiter":"PIPE","CSVHeaderLocation":"GIVEN","CSVHeaders":["a","b"]}`
	got := read(t, storeOf(t, map[string]string{"k": "1\\,2|x,y\n"}), "getObject", `{"Bucket":"b","Key":"k"}`, config)
	if want := `[{"a":"1,2","b":"x,y"}]`; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

func TestGivenHeadersTwice(t *testing.T) {
	config := `{"InputType":"CSV","CSVHeaderLocation":"GIVEN","CSVHeaders":["a","a"]}`
	got := read(t, storeOf(t, map[string]string{"k": "1,2\n"}), "getObject", `{"Bucket":"b","Key":"k"}`, config)
	if got != "CSV headers cannot contain duplicates." {
		t.Error(got)
	}
}
