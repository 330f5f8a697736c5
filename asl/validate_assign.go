package asl

import (
	"strings"
	"unicode"

	"github.com/waslrun/wasl/asl/jsonvalue"
)

// MaxVariableName is how long a variable's name may be, in characters (spec:
// State Machine Variables).
const MaxVariableName = 80

// assignValue checks an Assign: an object whose keys name variables.
func assignValue(c *checker, at *Place, v jsonvalue.Value, s scope) {
	if v.Kind() != jsonvalue.Object {
		c.wrongType(at, v, "Object")
		return
	}
	for key := range v.Members() {
		name := variableOf(key, s.language)
		if problem := variableName(name); problem != "" {
			c.schema(at.Field(key), "%s: %s", problem, name)
		} else if outer := s.outer.find(name); outer != nil {
			c.schema(at.Field(key), "Variable '%s' is assigned in an outer scope", name).
				hint("%s assigns it; inner and outer variables must have different names", outer.String())
		}
	}
	template(c, at, v, s)
}

// variableOf gives the variable that a key of Assign names.
func variableOf(key string, language QueryLanguage) string {
	if language == JSONPath {
		return strings.TrimSuffix(key, ".$")
	}
	return key
}

// variableName says what is wrong with a variable's name, or nothing.
func variableName(name string) string {
	switch {
	case name == "states":
		return "Variable name is reserved"
	case characters(name) > MaxVariableName:
		return "Variable name is longer than 80 characters"
	case !isIdentifier(name):
		return "Variable name is not an identifier"
	}
	return ""
}

// isIdentifier tells whether s follows Unicode Standard Annex #31.
func isIdentifier(s string) bool {
	for i, r := range s {
		start := unicode.IsLetter(r) || unicode.Is(unicode.Nl, r) || unicode.Is(unicode.Other_ID_Start, r)
		more := unicode.IsDigit(r) || unicode.In(r, unicode.Mn, unicode.Mc, unicode.Pc, unicode.Other_ID_Continue)
		if !start && (i == 0 && r != '_' || !more) {
			return false
		}
	}
	return s != ""
}

// variables are the variables that a block's states assign, and where.
type variables map[string][]assignment

type assignment struct {
	at      *Place
	state   string
	catcher bool // one of the state's catchers assigns it
}

// variables collects the variables of a block.
func (c *checker) variables(at *Place, states jsonvalue.Value) variables {
	own := variables{}
	for name, state := range states.Members() {
		here := at.Field(name)
		language := builder{c.language}.languageOf(state)
		note := func(at *Place, v jsonvalue.Value, catcher bool) {
			for key := range v.Field("Assign").Members() {
				variable := variableOf(key, language)
				own[variable] = append(own[variable], assignment{at.Field("Assign").Field(key), name, catcher})
			}
		}
		note(here, state, false)
		for i, e := range elements(state, "Catch") {
			note(here.Field("Catch").Index(i), e, true)
		}
		for i, e := range elements(state, "Choices") {
			note(here.Field("Choices").Index(i), e, false)
		}
	}
	return own
}
