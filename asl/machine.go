package asl

import "github.com/waslrun/wasl/asl/jsonvalue"

// QueryLanguage is the language of a state's queries.
type QueryLanguage uint8

// The query languages. JSONPath is the default.
const (
	JSONPath QueryLanguage = iota
	JSONata
)

// String gives the language's name as definitions write it.
func (q QueryLanguage) String() string {
	if q == JSONata {
		return "JSONata"
	}
	return "JSONPath"
}

// StateMachine is a whole definition.
type StateMachine struct {
	Block
	Comment       string
	Version       string
	QueryLanguage QueryLanguage
	// TimeoutSeconds bounds an execution; 0 means that it is not bounded.
	TimeoutSeconds int64
	Source         *Source
}

// Block is a set of states with its own start: the machine's top level, a
// Parallel state's branch, a Map state's item processor.
type Block struct {
	StartAt string
	States  []State // in the order of the text
	// Place is the object that holds StartAt and States.
	Place  *Place
	byName map[string]State
}

// NewBlock makes a block that finds its states by name.
func NewBlock(at *Place, startAt string, states []State) Block {
	b := Block{StartAt: startAt, States: states, Place: at, byName: make(map[string]State, len(states))}
	for _, s := range states {
		b.byName[s.Base().Name] = s
	}
	return b
}

// State gives the state of this name, or nil.
func (b *Block) State(name string) State { return b.byName[name] }

// PathField is a field that holds a path: absent, null (which discards), or text.
type PathField struct {
	Set  bool
	Null bool
	Text string
}

// Template is a JSON document with queries in it: Parameters, Arguments,
// ItemSelector, ResultSelector, Output, Assign … The zero Value is absent.
type Template = jsonvalue.Value

// Quantity is a value that a definition gives literally, by a path in a field of
// its own (TimeoutSecondsPath), or by a JSONata expression. It serves numbers
// and texts alike (Seconds, Timestamp, Error, Cause, Bucket …).
type Quantity struct {
	// Literal is the value as written. Absent when the quantity is not given
	// literally.
	Literal jsonvalue.Value
	// Path is the text of the …Path field: a path, a variable, or for Error and
	// Cause an intrinsic function.
	Path string
	// Expr is a JSONata expression without its {% %}.
	Expr string
}

// IsSet tells whether the definition gives the quantity at all.
func (q Quantity) IsSet() bool { return q.Literal.IsValid() || q.Path != "" || q.Expr != "" }
