package jsonata

// form is the form of a node of the syntax tree. The names are those of the
// reference implementation, since errors quote them.
type form string

const (
	formEnd        form = "(end)"
	formName       form = "name"
	formVariable   form = "variable"
	formString     form = "string"
	formNumber     form = "number"
	formWord       form = "value"
	formRegex      form = "regex"
	formOperator   form = "operator"
	formBinary     form = "binary"
	formUnary      form = "unary"
	formPath       form = "path"
	formSort       form = "sort"
	formBind       form = "bind"
	formApply      form = "apply"
	formFunction   form = "function"
	formPartial    form = "partial"
	formLambda     form = "lambda"
	formCondition  form = "condition"
	formBlock      form = "block"
	formTransform  form = "transform"
	formWildcard   form = "wildcard"
	formDescendant form = "descendant"
	formParent     form = "parent"
)

// syntax is a node of the tree: first as the parser makes it, then as resolve
// rewrites it (paths made of steps, predicates attached to them, parents
// found). One type serves both, since resolve moves most nodes unchanged.
type syntax struct {
	form     form
	text     string // a name, an operator, a string's content
	literal  value  // of a string, number or word
	regex    *regex
	position int
	depth    int // of the tree below

	lhs, rhs *syntax   // of an operator; of a bind and an apply
	items    []*syntax // of [ ], of a block; a call's arguments, a lambda's parameters; a path's steps
	pairs    []pair    // of { }
	terms    []term    // of ^( )

	callee    *syntax // of a call
	signature *signature
	body      *syntax // of a lambda

	condition, then, otherwise *syntax
	pattern, update, remove    *syntax // of a transform

	keepArray bool // followed by []

	// What resolve adds.
	predicates    []stage
	stages        []stage // predicates and index bindings of a step
	hasStages     bool
	group         *syntax // pairs and position of a grouping { } behind it
	keepSingleton bool    // of a path: one of its steps has []
	consArray     bool    // a [ ] at an end of a path
	tuple         bool    // a step that binds variables beside its items
	focus, index  string  // the variables of @ and #
	ancestor      *slot   // what a % refers to
	slot          *slot   // of a %
	seeking       []*slot // the % below that have not found their parent
	tailCall      bool    // a call whose result is the lambda's
}

type pair struct{ key, value *syntax }

type term struct {
	descending bool
	by         *syntax
}

// stage is what happens to the items of a step: a predicate, or the binding of
// their index.
type stage struct {
	filter   *syntax // nil: bind the index
	index    string
	position int
}

// slot is where a % finds its parent: the variable that the step level levels
// up binds.
type slot struct {
	label string
	level int
}
