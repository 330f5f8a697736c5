package asl

import "github.com/waslrun/wasl/asl/jsonvalue"

// State is one of the eight state types: *Pass, *Task, *Choice, *Wait,
// *Succeed, *Fail, *Parallel, *Map.
type State interface {
	// Base gives the fields that every type has.
	Base() *Common
	state()
}

// Common is what every state has. Fields that a type does not allow stay zero.
type Common struct {
	Name          string
	Comment       string
	QueryLanguage QueryLanguage // the effective one
	Next          string
	End           bool
	InputPath     PathField // JSONPath
	OutputPath    PathField // JSONPath
	Output        Template  // JSONata
	Assign        Template
	// Place is where the state stands: /States/a.
	Place *Place
}

// Base implements State.
func (c *Common) Base() *Common { return c }

func (*Common) state() {}

// Type gives the name of a state's type as definitions write it.
func Type(s State) string {
	switch s.(type) {
	case *Pass:
		return "Pass"
	case *Task:
		return "Task"
	case *Choice:
		return "Choice"
	case *Wait:
		return "Wait"
	case *Succeed:
		return "Succeed"
	case *Fail:
		return "Fail"
	case *Parallel:
		return "Parallel"
	case *Map:
		return "Map"
	}
	panic("asl: unknown type of state")
}

// Pass hands its input on, or a literal Result.
type Pass struct {
	Common
	Result     jsonvalue.Value // literal: keys ending in .$ are just keys
	Parameters Template
	ResultPath PathField
}

// Task does a piece of work.
type Task struct {
	Common
	Resource    Resource
	Parameters  Template // JSONPath
	Arguments   Template // JSONata: a document or one expression
	Credentials Template
	Timeout     Quantity // seconds
	Heartbeat   Quantity // seconds
	Handling
}

// Handling is how Task, Parallel and Map treat their results and errors.
type Handling struct {
	ResultSelector Template  // JSONPath
	ResultPath     PathField // JSONPath
	Retry          []Retrier
	Catch          []Catcher
}

// Retrier is one element of Retry. Numbers that a definition leaves out have
// their defaults here: 1 second, 3 attempts, rate 2.
type Retrier struct {
	ErrorEquals []string
	Interval    int64 // seconds
	MaxAttempts int64
	MaxDelay    int64 // seconds; 0: unbounded
	BackoffRate float64
	FullJitter  bool
}

// Catcher is one element of Catch.
type Catcher struct {
	ErrorEquals []string
	Next        string
	ResultPath  PathField // JSONPath
	Output      Template  // JSONata
	Assign      Template
}

// Wait lets time pass: exactly one of the two is set.
type Wait struct {
	Common
	Seconds   Quantity
	Timestamp Quantity
}

// Succeed ends its block with success.
type Succeed struct{ Common }

// Fail ends its block with an error.
type Fail struct {
	Common
	Error Quantity
	Cause Quantity
}

// Parallel runs its branches at the same time.
type Parallel struct {
	Common
	Branches   []Block
	Parameters Template
	Arguments  Template
	Handling
}

// Map runs its item processor once for each item.
type Map struct {
	Common
	Processor Block
	// Written is the item processor as the definition has it, and Around the
	// query language of the states in it that set none: the machine's.
	Written     jsonvalue.Value
	Around      QueryLanguage
	Distributed bool // ProcessorConfig.Mode DISTRIBUTED
	Express     bool // ProcessorConfig.ExecutionType EXPRESS
	// ItemsPath selects the array, JSONPath.
	ItemsPath PathField
	// Items is the array, JSONata: an array (expressions inside) or one expression.
	Items Template
	// ItemSelector makes each iteration's input; the legacy Parameters too.
	ItemSelector        Template
	MaxConcurrency      Quantity
	ToleratedCount      Quantity
	ToleratedPercentage Quantity
	Label               string
	Reader              *ItemReader
	Batcher             *ItemBatcher
	Writer              *ResultWriter
	Handling
}

// ItemReader says where a Distributed Map's items come from.
type ItemReader struct {
	Resource   Resource
	Parameters Template // JSONPath
	Arguments  Template // JSONata
	// Config is ReaderConfig as written: InputType, CSVDelimiter,
	// CSVHeaderLocation, CSVHeaders, ManifestType, Transformation, ItemsPointer.
	Config   jsonvalue.Value
	MaxItems Quantity
}

// ItemBatcher groups a Distributed Map's items.
type ItemBatcher struct {
	BatchInput Template
	MaxItems   Quantity
	MaxBytes   Quantity
}

// ResultWriter says where a Distributed Map's results go.
type ResultWriter struct {
	HasResource bool // without one, only Config applies
	Resource    Resource
	Parameters  Template
	Arguments   Template
	Config      jsonvalue.Value // WriterConfig: OutputType, Transformation
}
