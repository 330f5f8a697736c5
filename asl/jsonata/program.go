package jsonata

// symbol is a variable's name, numbered within its expression; noSymbol is none.
type symbol int

const noSymbol symbol = -1

// node is a node of the compiled expression. It is never changed after
// compilation, so evaluations share it.
type node struct {
	op         operation
	position   int
	predicates []*node
	group      *grouping
	keepArray  bool // followed by []
}

// operation is what a node does with its input. Implementations must not keep
// anything of an evaluation.
type operation interface {
	eval(ev *evaluation, input value, env *frame) (value, error)
}

// compiler turns a resolved tree into a program.
type compiler struct {
	symbols map[string]symbol
	names   []string
}

func (c *compiler) symbol(name string) symbol {
	if s, ok := c.symbols[name]; ok {
		return s
	}
	s := symbol(len(c.names))
	c.symbols[name] = s
	c.names = append(c.names, name)
	return s
}

func (c *compiler) optional(name string) symbol {
	if name == "" {
		return noSymbol
	}
	return c.symbol(name)
}

func (c *compiler) nodes(trees []*syntax) []*node {
	out := make([]*node, len(trees))
	for i, t := range trees {
		out[i] = c.node(t)
	}
	return out
}

// node compiles a tree; nil gives nil.
func (c *compiler) node(n *syntax) *node {
	if n == nil {
		return nil
	}
	out := &node{op: c.operation(n), position: n.position, keepArray: n.keepArray}
	for _, p := range n.predicates {
		out.predicates = append(out.predicates, c.node(p.filter))
	}
	if n.form != formPath {
		out.group = c.grouping(n.group)
	}
	return out
}

func (c *compiler) operation(n *syntax) operation {
	switch n.form {
	case formString, formNumber, formWord:
		return &literal{n.literal}
	case formName:
		return &field{n.text}
	case formVariable:
		return c.variable(n)
	case formRegex:
		return &pattern{n.regex, n.position}
	case formWildcard:
		return wildcard{}
	case formDescendant:
		return descendants{}
	case formParent:
		return &parent{c.symbol(n.slot.label)}
	case formPath:
		return c.path(n)
	case formBinary:
		return c.binary(n)
	case formUnary:
		return c.unary(n)
	case formBind:
		return &binding{c.symbol(n.lhs.text), c.node(n.rhs)}
	case formApply:
		return &application{lhs: c.node(n.lhs), rhs: c.node(n.rhs), position: n.position}
	case formFunction:
		return c.call(n)
	case formPartial:
		return c.partial(n)
	case formLambda:
		return c.lambda(n)
	case formCondition:
		return &conditional{c.node(n.condition), c.node(n.then), c.node(n.otherwise)}
	case formBlock:
		return &block{c.nodes(n.items), bindsAny(n.items)}
	case formTransform:
		return &transform{
			pattern: c.node(n.pattern), update: c.node(n.update), remove: c.node(n.remove), position: n.position,
			clone: c.symbol("clone"),
		}
	case formSort, formOperator, formEnd:
	}
	// Sorts are compiled by path, placeholders by partial; resolve refuses the rest.
	return &literal{}
}

func (c *compiler) variable(n *syntax) operation {
	if n.text == "" {
		return current{}
	}
	return &variable{c.symbol(n.text)}
}

func (c *compiler) binary(n *syntax) operation {
	b := operands{c.node(n.lhs), c.node(n.rhs), n.text, n.position}
	switch n.text {
	case "+", "-", "*", "/", "%":
		return &arithmetic{b, n.text[0]}
	case "=", "!=":
		return &equality{b, n.text == "!="}
	case "<", "<=", ">", ">=":
		return &comparison{b}
	case "&":
		return &concatenation{b}
	case "..":
		return &integers{b}
	case "in":
		return &membership{b}
	}
	return &logical{b, n.text == "or"}
}

func (c *compiler) unary(n *syntax) operation {
	switch n.text {
	case "[":
		a := &arrayConstructor{items: c.nodes(n.items), cons: n.consArray, whole: make([]bool, len(n.items))}
		for i, item := range n.items {
			a.whole[i] = item.form == formUnary && item.text == "["
		}
		return a
	case "{":
		return &objectConstructor{c.grouping(n)}
	}
	return &negation{c.node(n.rhs), n.position}
}

// bindsAny tells whether one of the trees binds a variable in the scope that it
// is evaluated in.
func bindsAny(trees []*syntax) bool {
	for _, n := range trees {
		if n != nil && n.bindsHere() {
			return true
		}
	}
	return false
}

func (n *syntax) bindsHere() bool {
	switch n.form {
	case formBind:
		return true
	case formBlock, formLambda:
		// These have scopes of their own; what follows them has not.
	default:
		if bindsAny(n.items) || bindsAny([]*syntax{n.lhs, n.rhs, n.callee, n.condition, n.then, n.otherwise, n.pattern, n.update, n.remove}) {
			return true
		}
	}
	for _, t := range n.terms {
		if t.by.bindsHere() {
			return true
		}
	}
	return n.group != nil && n.group.pairsBind() || n.pairsBind() || stagesBind(n.predicates) || stagesBind(n.stages)
}

func (n *syntax) pairsBind() bool {
	for _, p := range n.pairs {
		if p.key.bindsHere() || p.value.bindsHere() {
			return true
		}
	}
	return false
}

func stagesBind(stages []stage) bool {
	for _, s := range stages {
		if s.filter != nil && s.filter.bindsHere() {
			return true
		}
	}
	return false
}

// grouping compiles the pairs of a { }; nil gives nil.
func (c *compiler) grouping(n *syntax) *grouping {
	if n == nil {
		return nil
	}
	g := &grouping{position: n.position}
	for _, p := range n.pairs {
		g.keys = append(g.keys, c.node(p.key))
		g.values = append(g.values, c.node(p.value))
	}
	return g
}

func (c *compiler) call(n *syntax) *call {
	k := &call{
		callee: c.node(n.callee), args: c.nodes(n.items), tail: n.tailCall,
		site: site{position: n.position}, meant: noSymbol,
	}
	switch callee := n.callee; callee.form {
	case formPath:
		k.site.token = callee.items[0].text
		k.meant = c.symbol(k.site.token)
	case formVariable:
		k.site.token = callee.text
		k.site.variable = true
	default:
		k.site.token, k.site.literal = callee.text, callee.literal
	}
	return k
}

func (c *compiler) partial(n *syntax) operation {
	p := &partial{call: c.call(n), open: make([]bool, len(n.items))}
	for i, item := range n.items {
		p.open[i] = item.form == formOperator && item.text == "?"
	}
	return p
}

func (c *compiler) lambda(n *syntax) operation {
	l := &lambda{body: c.node(n.body), signature: n.signature}
	for _, param := range n.items {
		l.params = append(l.params, c.symbol(param.text))
	}
	return l
}

func (c *compiler) path(n *syntax) operation {
	p := &path{keepSingleton: n.keepSingleton, tuples: n.tuple, group: c.grouping(n.group)}
	for _, s := range n.items {
		p.steps = append(p.steps, c.step(s))
	}
	p.bound = n.items[0].form == formVariable
	rest := p.steps
	if p.bound && p.steps[0].plain {
		p.lead, rest = p.steps[0].node.op, rest[1:]
	}
	for _, s := range rest {
		if s.name == "" {
			break
		}
		p.names = append(p.names, s.name)
	}
	return p
}

func (c *compiler) step(s *syntax) *step {
	st := &step{
		cons:  s.consArray,
		tuple: s.tuple, focus: c.optional(s.focus), index: c.optional(s.index), ancestor: noSymbol,
	}
	if s.ancestor != nil {
		st.ancestor = c.symbol(s.ancestor.label)
	}
	for _, stage := range s.stages {
		compiled := stageOp{index: noSymbol}
		if stage.filter != nil {
			compiled.filter = c.node(stage.filter)
		} else {
			compiled.index = c.symbol(stage.index)
		}
		st.stages = append(st.stages, compiled)
	}
	if s.form == formSort {
		st.sort = &sorting{position: s.position}
		for _, t := range s.terms {
			st.sort.terms = append(st.sort.terms, sortTerm{c.node(t.by), t.descending})
		}
		return st
	}
	st.node = c.node(s)
	st.plain = len(st.stages) == 0 && len(st.node.predicates) == 0 && st.node.group == nil && !st.node.keepArray && !s.tuple
	if f, ok := st.node.op.(*field); ok && st.plain {
		st.name = f.name
	}
	return st
}
