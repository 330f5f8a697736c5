package jsregexp

// node is a part of a pattern. The types in this file are all there are.
type node interface{ node() }

type (
	// char is one unit.
	char struct{ unit uint16 }

	// class is one unit of a set: ., \d, [a-z].
	class struct{ set *set }

	// sequence is one node after the other.
	sequence struct{ items []node }

	// choice is a|b: the first alternative that leads to a match.
	choice struct{ alternatives []node }

	// group is (…), which captures; its index counts from 1.
	group struct {
		body  node
		index int
	}

	// repeat is a quantifier. Each turn forgets what the groups first to last,
	// those inside of its body, captured before.
	repeat struct {
		body        node
		min, max    int
		lazy        bool
		first, last int
	}

	// look is (?=…) and its like. A negative one captures nothing.
	look struct {
		body             node
		behind, negative bool
	}

	// reference is \1 or \k<name>.
	reference struct{ index int }

	// assertion is ^, $, \b or \B.
	assertion struct{ kind assertionKind }
)

type assertionKind uint8

const (
	lineStart assertionKind = iota
	lineEnd
	wordEdge
	noWordEdge
)

// unlimited is the max of *, + and {n,}.
const unlimited = 1<<31 - 1

func (*char) node()      {}
func (*class) node()     {}
func (*sequence) node()  {}
func (*choice) node()    {}
func (*group) node()     {}
func (*repeat) node()    {}
func (*look) node()      {}
func (*reference) node() {}
func (*assertion) node() {}
