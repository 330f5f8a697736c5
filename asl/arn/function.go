package arn

import "strings"

// Function is what names a function of Lambda: its name, which version or alias
// of it, and where it is. All but the name may be empty.
type Function struct {
	Region    string
	Account   string
	Name      string
	Qualifier string
}

// ParseFunction reads what Lambda takes for a function:
//
//	NAME[:QUALIFIER]
//	[REGION:][ACCOUNT:][function:]NAME[:QUALIFIER]
//	arn:PARTITION:lambda:REGION:ACCOUNT:function:NAME[:QUALIFIER]
//
// A part is what comes first in this list: function:7 is the function "7", and
// 123456789012:prod the function "prod" of an account.
func ParseFunction(text string) (f Function, ok bool) {
	part := strings.Split(text, ":")
	if part[0] == "arn" {
		a, ok := Parse(text)
		if part = strings.Split(a.Resource, ":"); !ok || a.Service != "lambda" || part[0] != "function" || len(part) < 2 {
			return Function{}, false
		}
		f.Region, f.Account, part = a.Region, a.Account, part[1:]
	} else {
		part = f.place(part)
	}
	if len(part) > 2 || part[0] == "" || len(part) == 2 && part[1] == "" {
		return Function{}, false
	}
	if f.Name = part[0]; len(part) == 2 {
		f.Qualifier = part[1]
	}
	return f, true
}

// place takes what a partial ARN has before the name.
func (f *Function) place(part []string) (rest []string) {
	if len(part) > 1 && isRegion(part[0]) {
		f.Region, part = part[0], part[1:]
	}
	// An account has twelve digits. Before function: nothing else can stand.
	if len(part) > 1 && isDigits(part[0]) && (len(part[0]) == 12 || len(part) > 2 && part[1] == "function") {
		f.Account, part = part[0], part[1:]
	}
	if len(part) > 1 && part[0] == "function" {
		part = part[1:]
	}
	return part
}

// isRegion tells whether a text has the form of a region's name: us-east-1,
// us-gov-west-1.
func isRegion(s string) bool {
	words := strings.Split(s, "-")
	if len(words) < 3 || len(words[0]) != 2 || len(words[len(words)-1]) != 1 || !isDigits(words[len(words)-1]) {
		return false
	}
	for _, w := range words[:len(words)-1] {
		if w == "" || strings.Trim(w, "abcdefghijklmnopqrstuvwxyz") != "" {
			return false
		}
	}
	return true
}

func isDigits(s string) bool { return s != "" && strings.Trim(s, "0123456789") == "" }
