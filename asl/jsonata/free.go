package jsonata

// freeVariables gives the names of the variables that a tree uses and does not
// bind, the language's own functions left out.
func freeVariables(tree *syntax) []string {
	w := &freeWalk{seen: map[string]bool{}}
	scope := &names{}
	w.node(tree, scope)
	scope.close()
	return w.free
}

// names is a scope: the variables bound so far. The bodies of its lambdas are
// looked at when it closes, since they may use what is bound after them.
type names struct {
	outer *names
	bound map[string]bool
	later []func()
}

func (s *names) close() {
	for _, look := range s.later {
		look()
	}
}

func (s *names) bind(name string) {
	if s.bound == nil {
		s.bound = map[string]bool{}
	}
	s.bound[name] = true
}

func (s *names) has(name string) bool {
	for ; s != nil; s = s.outer {
		if s.bound[name] {
			return true
		}
	}
	return false
}

type freeWalk struct {
	seen map[string]bool
	free []string
}

func (w *freeWalk) use(name string, scope *names) {
	if name == "" || name == "$" || w.seen[name] || scope.has(name) || builtins[name] != nil {
		return
	}
	w.seen[name] = true
	w.free = append(w.free, name)
}

// node walks a tree in the order of evaluation.
func (w *freeWalk) node(n *syntax, scope *names) {
	if n == nil {
		return
	}
	switch n.form {
	case formVariable:
		w.use(n.text, scope)
	case formBind:
		w.node(n.rhs, scope)
		scope.bind(n.lhs.text)
	case formLambda:
		w.lambda(n, scope)
	case formBlock:
		inner := &names{outer: scope}
		w.all(n.items, inner)
		inner.close()
	case formPath:
		scope = &names{outer: scope}
		defer scope.close()
		for _, s := range n.items {
			w.node(s, scope)
		}
	default:
		w.children(n, scope)
	}
	for _, p := range n.predicates {
		w.node(p.filter, scope)
	}
	w.binds(n, scope)
	if n.group != nil {
		w.pairs(n.group.pairs, scope)
	}
}

// binds walks what a step binds and the predicates that may use it.
func (w *freeWalk) binds(n *syntax, scope *names) {
	for _, name := range []string{n.focus, n.index} {
		if name != "" {
			scope.bind(name)
		}
	}
	for _, s := range n.stages {
		if s.filter == nil {
			scope.bind(s.index)
		}
		w.node(s.filter, scope)
	}
}

func (w *freeWalk) lambda(n *syntax, scope *names) {
	inner := &names{outer: scope}
	for _, param := range n.items {
		inner.bind(param.text)
	}
	scope.later = append(scope.later, func() {
		w.node(n.body, inner)
		inner.close()
	})
}

func (w *freeWalk) children(n *syntax, scope *names) {
	for _, child := range []*syntax{n.lhs, n.rhs, n.callee, n.condition, n.then, n.otherwise, n.pattern, n.update, n.remove} {
		w.node(child, scope)
	}
	w.all(n.items, scope)
	w.pairs(n.pairs, scope)
	for _, t := range n.terms {
		w.node(t.by, scope)
	}
}

func (w *freeWalk) all(nodes []*syntax, scope *names) {
	for _, n := range nodes {
		w.node(n, scope)
	}
}

func (w *freeWalk) pairs(pairs []pair, scope *names) {
	for _, p := range pairs {
		w.node(p.key, scope)
		w.node(p.value, scope)
	}
}
