package config

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"time"
)

// Size is a number of bytes. Its text has a unit: "64KiB", "1.5GiB", "500kB".
type Size int64

var units = []struct {
	name  string
	bytes float64
}{
	{"KiB", 1 << 10},
	{"MiB", 1 << 20},
	{"GiB", 1 << 30},
	{"kB", 1e3},
	{"MB", 1e6},
	{"GB", 1e9},
	{"B", 1},
}

// UnmarshalText reads a size.
func (s *Size) UnmarshalText(text []byte) error {
	if string(text) == "0" {
		*s = 0
		return nil
	}
	for _, u := range units {
		digits, ok := strings.CutSuffix(string(text), u.name)
		if !ok {
			continue
		}
		n, err := strconv.ParseFloat(strings.TrimSpace(digits), 64)
		if err != nil || !(n >= 0 && n*u.bytes <= 1<<53) { // NaN is neither
			break
		}
		*s = Size(n * u.bytes)
		return nil
	}
	return fmt.Errorf(`%q is not a size: write a number with a unit, such as "64MiB" (B, kB, MB, GB, KiB, MiB, GiB)`, text)
}

// String writes a size with the largest unit that leaves a whole number.
func (s Size) String() string {
	for _, u := range []struct {
		name  string
		bytes Size
	}{{"GiB", 1 << 30}, {"MiB", 1 << 20}, {"KiB", 1 << 10}} {
		if s > 0 && s%u.bytes == 0 {
			return fmt.Sprintf("%d%s", s/u.bytes, u.name)
		}
	}
	return fmt.Sprintf("%dB", int64(s))
}

// Duration is a span of time. Its text has units: "10s", "1m30s", "250ms".
type Duration time.Duration

// UnmarshalText reads a duration.
func (d *Duration) UnmarshalText(text []byte) error {
	v, err := time.ParseDuration(string(text))
	if err != nil || v < 0 || string(text) == "0" {
		return fmt.Errorf(`%q is not a duration: write numbers with units, such as "1m30s" (ms, s, m, h)`, text)
	}
	*d = Duration(v)
	return nil
}

// Binding is what an ARN is bound to: "module NAME" in the text, the NAME here.
type Binding string

// UnmarshalText reads a binding.
func (b *Binding) UnmarshalText(text []byte) error {
	name, ok := strings.CutPrefix(string(text), "module ")
	if !ok || !moduleName.MatchString(name) {
		return fmt.Errorf(`%q binds to nothing: write "module NAME"`, text)
	}
	*b = Binding(name)
	return nil
}

// Filling is what goes in the place of a ${NAME}: a text, or a number or truth
// value as a text has it.
type Filling string

// UnmarshalTOML reads a filling.
func (f *Filling) UnmarshalTOML(value any) error {
	switch v := value.(type) {
	case string:
		*f = Filling(v)
	case int64:
		*f = Filling(strconv.FormatInt(v, 10))
	case float64:
		*f = Filling(strconv.FormatFloat(v, 'g', -1, 64))
	case bool:
		*f = Filling(strconv.FormatBool(v))
	default:
		return fmt.Errorf("%s fills nothing: write a text, a number, true or false", describe(value))
	}
	return nil
}

// moduleName is what a module may be called: it is part of a path.
var moduleName = regexp.MustCompile(`^[A-Za-z0-9_][A-Za-z0-9._-]*$`)

// Secret is a secret's value. The configuration says where it is: "env:NAME"
// is an environment variable of wasl, "file:PATH" a file's content without its
// last newline.
type Secret string

// UnmarshalText takes the place; fetch goes there.
func (s *Secret) UnmarshalText(text []byte) error {
	kind, place, _ := strings.Cut(string(text), ":")
	if kind != "env" && kind != "file" || place == "" {
		return errors.New(`a secret is not written down here: say "env:NAME" or "file:PATH"`)
	}
	*s = Secret(text)
	return nil
}

// fetch replaces the place by the value. Relative paths are relative to base.
func (s *Secret) fetch(base string) error {
	kind, place, _ := strings.Cut(string(*s), ":")
	if kind == "env" {
		value, ok := os.LookupEnv(place)
		if !ok {
			return fmt.Errorf("the environment variable %s is not set", place)
		}
		*s = Secret(value)
		return nil
	}
	if !filepath.IsAbs(place) {
		place = filepath.Join(base, place)
	}
	value, err := os.ReadFile(place)
	if err != nil {
		return err
	}
	*s = Secret(strings.TrimSuffix(strings.TrimSuffix(string(value), "\n"), "\r"))
	return nil
}

// Std gives the duration as the standard library has it.
func (d Duration) Std() time.Duration { return time.Duration(d) }
