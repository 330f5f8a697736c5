package cli

import "testing"

func TestNearest(t *testing.T) {
	names := []string{"run", "validate", "serve", "test", "conformance"}
	for given, want := range map[string]string{
		"rum": "run", "rnu": "run", "validte": "validate", "sever": "serve", "tests": "test", "conformence": "conformance",
		"deploy": "", "x": "",
	} {
		if got := nearest(given, names); got != want {
			t.Errorf("%q: got %q, want %q", given, got, want)
		}
	}
}
