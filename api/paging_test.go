package api

import (
	"fmt"
	"slices"
	"testing"
)

func TestPageWalksThroughEverythingOnce(t *testing.T) {
	p := pager{[]byte("key")}
	for _, newestFirst := range []bool{false, true} {
		var want []string
		for i := range 25 {
			want = append(want, fmt.Sprintf("%02d", i))
		}
		items := slices.Clone(want)
		slices.Reverse(items)
		if newestFirst {
			slices.Reverse(want)
		}
		var got []string
		l := listing{name: "x", max: 10, newestFirst: newestFirst}
		for pages := 1; ; pages++ {
			found, next, err := page(p, l, slices.Clone(items), func(s string) string { return s })
			if err != nil {
				t.Fatal(err)
			}
			got = append(got, found...)
			if next == nil {
				if pages != 3 {
					t.Errorf("%d pages", pages)
				}
				break
			}
			l.token = next
			// What goes away between two pages is not missed, and its page goes on.
			items = slices.DeleteFunc(items, func(s string) bool { return s == found[9] })
		}
		if !slices.Equal(got, want) {
			t.Errorf("newestFirst %v: %v", newestFirst, got)
		}
	}
}

func TestPageTokensAreRefused(t *testing.T) {
	p := pager{[]byte("key")}
	good := p.token("ListExecutions a", "cursor")
	if c, err := p.cursor("ListExecutions a", &good); err != nil || c != "cursor" {
		t.Fatalf("%q, %v", c, err)
	}
	changed := []byte(good)
	changed[len(changed)-1] ^= 1
	for name, token := range map[string]string{
		"invented":              "InvalidToken",
		"empty":                 "",
		"changed":               string(changed),
		"of another server":     pager{[]byte("other")}.token("ListExecutions a", "cursor"),
		"of another listing":    p.token("ListExecutions b", "cursor"),
		"without a cursor":      p.token("ListExecutions a", ""),
		"with something behind": good + "A",
	} {
		if _, err := p.cursor("ListExecutions a", &token); err == nil || err.Error() != "InvalidToken: Invalid Token: 'Invalid token'" {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestAnEmptyPageIsAList(t *testing.T) {
	found, next, err := page(pager{}, listing{}, []string(nil), func(s string) string { return s })
	if found == nil || len(found) > 0 || next != nil || err != nil {
		t.Errorf("%v, %v, %v", found, next, err)
	}
}
