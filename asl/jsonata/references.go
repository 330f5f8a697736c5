package jsonata

// reads is what an expression reads from outside of itself.
type reads struct {
	inputs []string
	paths  map[string][][]string
}

// Inputs gives what the expression takes from the input document: field names
// that nothing comes before, "$", "$$" and "*", each once, in the order of their
// first use. Within a path, a predicate, a grouping or a sort, names and $ refer
// to the value at hand and are not among them; $$ always is.
func (e *Expr) Inputs() []string { return e.reads.inputs }

// Paths gives the paths that the expression reads of a variable that it does not
// bind (named without $), as far as they consist of names: of $states these are
// input, a in $states.input.a[0]. A path of nothing is the whole variable.
func (e *Expr) Paths(variable string) [][]string { return e.reads.paths[variable] }

// readsOf walks through a resolved tree.
func readsOf(tree *syntax) reads {
	w := &readsWalk{seen: map[string]bool{}, reads: reads{paths: map[string][][]string{}}}
	w.node(tree, true)
	return w.reads
}

type readsWalk struct {
	reads
	seen map[string]bool
}

func (w *readsWalk) input(name string) {
	if !w.seen[name] {
		w.seen[name] = true
		w.inputs = append(w.inputs, name)
	}
}

// node walks a tree; top tells whether its context is the input document.
func (w *readsWalk) node(n *syntax, top bool) {
	if n == nil {
		return
	}
	switch n.form {
	case formName:
		if top {
			w.input(n.text)
		}
	case formWildcard, formDescendant:
		if top {
			w.input(n.text)
		}
	case formVariable:
		w.variable(n.text, nil, top)
	case formPath:
		w.path(n, top)
	case formTransform:
		for _, part := range []*syntax{n.pattern, n.update, n.remove} {
			w.node(part, false)
		}
	default:
		w.children(n, top)
	}
	w.within(n)
}

// variable notes $name and the names of steps behind it.
func (w *readsWalk) variable(name string, steps []string, top bool) {
	switch {
	case name == "$":
		w.input("$$")
	case name == "" && top:
		w.input("$")
	case name != "":
		w.paths[name] = append(w.paths[name], steps)
	}
}

// path walks the steps: the first has the context of the whole path.
func (w *readsWalk) path(n *syntax, top bool) {
	first := n.items[0]
	if first.form == formVariable {
		var steps []string
		for _, step := range n.items[1:] {
			if step.form != formName {
				break
			}
			steps = append(steps, step.text)
		}
		w.variable(first.text, steps, top)
		w.within(first)
	} else {
		w.node(first, top)
	}
	for _, step := range n.items[1:] {
		w.node(step, false)
	}
}

// within walks what looks at a node's items: predicates, groupings.
func (w *readsWalk) within(n *syntax) {
	for _, stages := range [][]stage{n.predicates, n.stages} {
		for _, s := range stages {
			w.node(s.filter, false)
		}
	}
	if n.group != nil {
		w.pairs(n.group.pairs, false)
	}
}

func (w *readsWalk) children(n *syntax, top bool) {
	for _, child := range []*syntax{n.callee, n.lhs, n.rhs, n.condition, n.then, n.otherwise, n.body} {
		if n.form == formBind && child == n.lhs {
			continue // what is bound is not read
		}
		w.node(child, top)
	}
	if n.form != formLambda { // whose items are its parameters
		for _, item := range n.items {
			w.node(item, top)
		}
	}
	w.pairs(n.pairs, top)
	for _, t := range n.terms {
		w.node(t.by, false)
	}
}

func (w *readsWalk) pairs(pairs []pair, top bool) {
	for _, p := range pairs {
		w.node(p.key, top)
		w.node(p.value, top)
	}
}
