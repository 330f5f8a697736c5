package api

import (
	"errors"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/waslrun/wasl/asl/arn"
)

// parseARN takes an ARN apart whose kind must be one of those given.
func parseARN(text string, kinds ...arn.Kind) (arn.States, error) {
	a, err := arn.ParseStates(text, kinds...)
	var wrong *arn.KindError
	switch {
	case errors.As(err, &wrong):
		return a, fail("InvalidArn", "Invalid Arn: 'Resource type not valid in this context: %s'", wrong.Kind)
	case errors.Is(err, arn.ErrPrefix):
		return a, fail("InvalidArn", "Invalid Arn: 'Invalid ARN prefix: %s'", text)
	case err != nil:
		return a, fail("InvalidArn", "Invalid Arn: '%s'", text)
	}
	return a, nil
}

// CheckName refuses names that AWS refuses: white space, brackets, wildcards,
// special characters and control characters.
func CheckName(name string) error {
	bad := !utf8.ValidString(name) || strings.ContainsFunc(name, func(r rune) bool {
		return unicode.IsSpace(r) || unicode.IsControl(r) || strings.ContainsRune("<>{}[]?*\"#%\\^|~`$&,;:/", r) ||
			r == 0xFFFE || r == 0xFFFF
	})
	if bad || name == "" || utf8.RuneCountInString(name) > 80 {
		return fail("InvalidName", "Invalid Name: '%s'", name)
	}
	return nil
}
