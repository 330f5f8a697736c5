package asl

import "github.com/waslrun/wasl/asl/jsonvalue"

// Choice picks the next state.
type Choice struct {
	Common
	Rules   []ChoiceRule
	Default string
}

// ChoiceRule is one element of Choices.
type ChoiceRule struct {
	Condition Condition
	Next      string
	Assign    Template
	Output    Template // JSONata
	Place     *Place
}

// Condition is what a choice rule tests: *And, *Or, *Not, *Comparison or
// *Expression.
type Condition interface{ condition() }

// And holds when all of its rules hold.
type And struct{ Rules []Condition }

// Or holds when one of its rules holds.
type Or struct{ Rules []Condition }

// Not holds when its rule does not.
type Not struct{ Rule Condition }

// Comparison compares the value at Variable with a constant or with the value
// at another path.
type Comparison struct {
	Variable string // a path
	// Operator is the field's name without its suffix Path: StringEquals,
	// NumericLessThan, IsPresent …
	Operator string
	// Value is the constant. Absent when Path is used.
	Value jsonvalue.Value
	Path  string
}

// Expression is a JSONata Condition: an expression without its {% %}, or a
// literal boolean.
type Expression struct {
	Expr    string
	Literal jsonvalue.Value
}

func (*And) condition()        {}
func (*Or) condition()         {}
func (*Not) condition()        {}
func (*Comparison) condition() {}
func (*Expression) condition() {}
