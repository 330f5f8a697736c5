package interp_test

import (
	"testing"

	"github.com/waslrun/wasl/asl"
	"github.com/waslrun/wasl/asl/interp"
)

func TestLoadRefusesMistakes(t *testing.T) {
	for _, text := range []string{``, `{`, `[]`, `{"StartAt":"X","States":{}}`} {
		if p, found := interp.Load("m.json", []byte(text)); p != nil || !asl.HasErrors(found) {
			t.Errorf("%s: %v, %v", text, p, found)
		}
	}
}

func TestLoadKeepsTheText(t *testing.T) {
	const text = ` {"StartAt": "S", "States": {"S": {"Type": "Succeed"}}} `
	p, found := interp.Load("m.json", []byte(text))
	if p == nil || p.Text() != text || p.Machine().StartAt != "S" {
		t.Errorf("%v, %v", p, found)
	}
}
