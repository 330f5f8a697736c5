package jsonata

import "strconv"

// resolver rewrites the parser's tree into the one that is evaluated: chains of
// dots become paths of steps, predicates and groupings are attached to what
// they follow, and each % finds the step whose item it stands for.
type resolver struct {
	labels int // of slots so far
}

// resolve rewrites a whole expression.
func resolve(tree *syntax) (*syntax, error) {
	r := &resolver{}
	n, err := r.node(tree)
	if err != nil {
		return nil, err
	}
	if n.form == formParent || len(n.seeking) > 0 {
		return nil, fault("S0217").at(n.position).token(string(n.form))
	}
	return n, nil
}

func (r *resolver) node(n *syntax) (*syntax, error) {
	out, err := r.rewrite(n)
	if err != nil {
		return nil, err
	}
	if n.keepArray {
		out.keepArray = true
	}
	return out, nil
}

func (r *resolver) rewrite(n *syntax) (*syntax, error) {
	switch n.form {
	case formBinary:
		return r.binary(n)
	case formUnary:
		return r.unary(n)
	case formFunction, formPartial:
		return r.call(n)
	case formLambda:
		return r.lambda(n)
	case formCondition:
		return r.condition(n)
	case formTransform:
		return r.transform(n)
	case formBlock:
		return r.block(n)
	case formName:
		return &syntax{form: formPath, items: []*syntax{n}, keepSingleton: n.keepArray}, nil
	case formParent:
		r.labels++
		return &syntax{form: formParent, slot: &slot{label: "!" + strconv.Itoa(r.labels), level: 1}}, nil
	case formOperator:
		if n.text == "?" {
			return n, nil
		}
		n.form = formName // and, or, in
		return r.node(n)
	case formEnd:
		return nil, fault("S0207").at(n.position).token(n.text)
	default: // literals, variables, wildcards
		return n, nil
	}
}

func (r *resolver) binary(n *syntax) (*syntax, error) {
	switch n.text {
	case ".":
		return r.dot(n)
	case "[":
		return r.predicate(n)
	case "{":
		return r.grouping(n)
	case "^":
		return r.sort(n)
	case "@":
		return r.focus(n)
	case "#":
		return r.index(n)
	}
	out := &syntax{form: formBinary, text: n.text, position: n.position}
	switch n.text {
	case ":=":
		out.form = formBind
	case "~>":
		out.form = formApply
	}
	var err error
	if out.lhs, err = r.node(n.lhs); err != nil {
		return nil, err
	}
	if out.rhs, err = r.node(n.rhs); err != nil {
		return nil, err
	}
	switch out.form {
	case formBind:
		out.seek(out.rhs)
	case formApply:
		out.keepArray = out.lhs.keepArray || out.rhs.keepArray
	default:
		out.seek(out.lhs)
		out.seek(out.rhs)
	}
	return out, nil
}

// dot joins two paths.
func (r *resolver) dot(n *syntax) (*syntax, error) {
	left, err := r.node(n.lhs)
	if err != nil {
		return nil, err
	}
	path := left
	if left.form != formPath {
		path = &syntax{form: formPath, items: []*syntax{left}}
	}
	if left.form == formParent {
		path.seeking = []*slot{left.slot}
	}
	rest, err := r.node(n.rhs)
	if err != nil {
		return nil, err
	}
	if rest.form == formPath {
		path.items = append(path.items, rest.items...)
	} else {
		rest.predicatesToStages()
		path.items = append(path.items, rest)
	}
	for _, step := range path.items {
		switch step.form {
		case formNumber, formWord:
			return nil, fault("S0213").at(step.position).of(step.literal)
		case formString:
			step.form = formName
		default:
		}
		path.keepSingleton = path.keepSingleton || step.keepArray
	}
	for _, step := range []*syntax{path.items[0], path.items[len(path.items)-1]} {
		if step.form == formUnary && step.text == "[" {
			step.consArray = true
		}
	}
	return path, resolveParents(path)
}

func (n *syntax) predicatesToStages() {
	if len(n.predicates) > 0 {
		n.stages, n.hasStages, n.predicates = n.predicates, true, nil
	}
}

func (n *syntax) lastStep() *syntax {
	if n.form == formPath {
		return n.items[len(n.items)-1]
	}
	return n
}

func (r *resolver) predicate(n *syntax) (*syntax, error) {
	out, err := r.node(n.lhs)
	if err != nil {
		return nil, err
	}
	step := out.lastStep()
	if step.group != nil {
		return nil, fault("S0209").at(n.position)
	}
	filter, err := r.node(n.rhs)
	if err != nil {
		return nil, err
	}
	for _, s := range filter.seeking {
		if s.level == 1 {
			if err := seekParent(step, s); err != nil {
				return nil, err
			}
		} else {
			s.level--
		}
	}
	if len(filter.seeking) > 0 {
		step.seek(filter)
	}
	st := stage{filter: filter, position: n.position}
	if out.form == formPath {
		step.stages, step.hasStages = append(step.stages, st), true
	} else {
		step.predicates = append(step.predicates, st)
	}
	return out, nil
}

func (r *resolver) pairs(pairs []pair) ([]pair, error) {
	out := make([]pair, len(pairs))
	for i, p := range pairs {
		var err error
		if out[i].key, err = r.node(p.key); err != nil {
			return nil, err
		}
		if out[i].value, err = r.node(p.value); err != nil {
			return nil, err
		}
	}
	return out, nil
}

func (r *resolver) grouping(n *syntax) (*syntax, error) {
	out, err := r.node(n.lhs)
	if err != nil {
		return nil, err
	}
	if out.group != nil {
		return nil, fault("S0210").at(n.position)
	}
	pairs, err := r.pairs(n.pairs)
	if err != nil {
		return nil, err
	}
	out.group = &syntax{pairs: pairs, position: n.position}
	return out, nil
}

func (r *resolver) sort(n *syntax) (*syntax, error) {
	out, err := r.node(n.lhs)
	if err != nil {
		return nil, err
	}
	if out.form != formPath {
		out = &syntax{form: formPath, items: []*syntax{out}}
	}
	step := &syntax{form: formSort, position: n.position}
	for _, t := range n.terms {
		by, err := r.node(t.by)
		if err != nil {
			return nil, err
		}
		step.seek(by)
		step.terms = append(step.terms, term{t.descending, by})
	}
	out.items = append(out.items, step)
	return out, resolveParents(out)
}

// focus resolves step@$name.
func (r *resolver) focus(n *syntax) (*syntax, error) {
	out, err := r.node(n.lhs)
	if err != nil {
		return nil, err
	}
	step := out.lastStep()
	if step.hasStages || len(step.predicates) > 0 {
		return nil, fault("S0215").at(n.position)
	}
	if step.form == formSort {
		return nil, fault("S0216").at(n.position)
	}
	if n.keepArray {
		step.keepArray = true
	}
	step.focus, step.tuple = n.rhs.text, true
	return out, nil
}

// index resolves step#$name.
func (r *resolver) index(n *syntax) (*syntax, error) {
	out, err := r.node(n.lhs)
	if err != nil {
		return nil, err
	}
	step := out.lastStep()
	if out.form != formPath {
		out = &syntax{form: formPath, items: []*syntax{out}}
		step.predicatesToStages()
	}
	if step.hasStages {
		step.stages = append(step.stages, stage{index: n.rhs.text, position: n.position})
	} else {
		step.index = n.rhs.text
	}
	step.tuple = true
	return out, nil
}

func (r *resolver) unary(n *syntax) (*syntax, error) {
	out := &syntax{form: formUnary, text: n.text, position: n.position}
	var err error
	switch n.text {
	case "[":
		out.items, err = r.all(n.items, out)
	case "{":
		out.pairs, err = r.pairs(n.pairs)
		for _, p := range out.pairs {
			out.seek(p.key)
			out.seek(p.value)
		}
	default: // -
		if out.rhs, err = r.node(n.rhs); err != nil {
			return nil, err
		}
		if out.rhs.form == formNumber {
			negated := *out.rhs
			negated.literal = numberValue(-negated.literal.num)
			return &negated, nil
		}
		out.seek(out.rhs)
	}
	return out, err
}

// all resolves nodes whose open parents go on to owner.
func (r *resolver) all(nodes []*syntax, owner *syntax) ([]*syntax, error) {
	out := make([]*syntax, len(nodes))
	for i, n := range nodes {
		var err error
		if out[i], err = r.node(n); err != nil {
			return nil, err
		}
		owner.seek(out[i])
	}
	return out, nil
}

func (r *resolver) call(n *syntax) (*syntax, error) {
	out := &syntax{form: n.form, text: n.text, position: n.position}
	var err error
	if out.items, err = r.all(n.items, out); err != nil {
		return nil, err
	}
	out.callee, err = r.node(n.callee)
	return out, err
}

func (r *resolver) lambda(n *syntax) (*syntax, error) {
	out := &syntax{form: formLambda, items: n.items, signature: n.signature, position: n.position}
	var err error
	if out.body, err = r.node(n.body); err != nil {
		return nil, err
	}
	markTailCalls(out.body)
	return out, nil
}

// markTailCalls finds the calls whose result is the result of the lambda; they
// are made after the lambda has returned, so that recursion through them needs
// no depth.
func markTailCalls(n *syntax) {
	switch n.form {
	case formFunction:
		n.tailCall = len(n.predicates) == 0
	case formCondition:
		markTailCalls(n.then)
		if n.otherwise != nil {
			markTailCalls(n.otherwise)
		}
	case formBlock:
		if len(n.items) > 0 {
			markTailCalls(n.items[len(n.items)-1])
		}
	default:
	}
}

func (r *resolver) condition(n *syntax) (*syntax, error) {
	out := &syntax{form: formCondition, position: n.position}
	var err error
	if out.condition, err = r.node(n.condition); err != nil {
		return nil, err
	}
	out.seek(out.condition)
	if out.then, err = r.node(n.then); err != nil {
		return nil, err
	}
	out.seek(out.then)
	if n.otherwise != nil {
		if out.otherwise, err = r.node(n.otherwise); err != nil {
			return nil, err
		}
		out.seek(out.otherwise)
	}
	return out, nil
}

func (r *resolver) transform(n *syntax) (*syntax, error) {
	out := &syntax{form: formTransform, position: n.position}
	var err error
	if out.pattern, err = r.node(n.pattern); err != nil {
		return nil, err
	}
	if out.update, err = r.node(n.update); err != nil {
		return nil, err
	}
	if n.remove != nil {
		out.remove, err = r.node(n.remove)
	}
	return out, err
}

func (r *resolver) block(n *syntax) (*syntax, error) {
	out := &syntax{form: formBlock, position: n.position}
	var err error
	if out.items, err = r.all(n.items, out); err != nil {
		return nil, err
	}
	for _, part := range out.items {
		if part.consArray || part.form == formPath && part.items[0].consArray {
			out.consArray = true
		}
	}
	return out, nil
}
