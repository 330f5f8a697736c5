package api

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// arn is an ARN of this service, taken apart:
//
//	arn:aws:states:REGION:ACCOUNT:stateMachine:NAME[/LABEL][:QUALIFIER]
//	arn:aws:states:REGION:ACCOUNT:execution:MACHINE[/LABEL]:NAME
//	arn:aws:states:REGION:ACCOUNT:express:MACHINE[/LABEL]:NAME:ID
//	arn:aws:states:REGION:ACCOUNT:activity:NAME
//	arn:aws:states:REGION:ACCOUNT:mapRun:MACHINE/LABEL:ID
type arn struct {
	text string
	kind string
	rest []string // what follows the kind, between its colons
}

// The kinds of resources.
const (
	kindStateMachine = "stateMachine"
	kindExecution    = "execution"
	kindExpress      = "express"
	kindActivity     = "activity"
	kindMapRun       = "mapRun"
)

// parseARN takes an ARN apart whose kind must be one of those given.
func parseARN(text string, kinds ...string) (arn, error) {
	part := strings.Split(text, ":")
	if part[0] != "arn" {
		return arn{}, fail("InvalidArn", "Invalid Arn: 'Invalid ARN prefix: %s'", text)
	}
	if len(part) < 7 || part[2] != "states" {
		return arn{}, fail("InvalidArn", "Invalid Arn: '%s'", text)
	}
	a := arn{text: text, kind: part[5], rest: part[6:]}
	for _, kind := range kinds {
		if a.kind != kind {
			continue
		}
		if n := len(a.rest); n < minParts[kind] || n > maxParts[kind] {
			return arn{}, fail("InvalidArn", "Invalid Arn: '%s'", text)
		}
		return a, nil
	}
	return arn{}, fail("InvalidArn", "Invalid Arn: 'Resource type not valid in this context: %s'", a.kind)
}

var (
	minParts = map[string]int{kindStateMachine: 1, kindExecution: 2, kindExpress: 3, kindActivity: 1, kindMapRun: 2}
	maxParts = map[string]int{kindStateMachine: 2, kindExecution: 2, kindExpress: 3, kindActivity: 1, kindMapRun: 2}
)

// qualifier is the version or alias of a state machine's ARN, or "".
func (a arn) qualifier() string {
	if a.kind == kindStateMachine && len(a.rest) == 2 {
		return a.rest[1]
	}
	return ""
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

// arn makes an ARN of this server.
func (s *Server) arn(kind, rest string) string {
	return "arn:aws:states:" + s.region + ":" + s.account + ":" + kind + ":" + rest
}
