package jsonata

// function is a value that can be called: a lambda with the scope it was made
// in, or a function of the language.
type function struct {
	lambda *lambda
	input  value
	env    *frame
	params []symbol // of a lambda

	native native
	name   string // of a function of the language
	arity  int
	pays   bool     // it pays for walking through its arguments itself, if it does
	regex  *matcher // of a regular expression

	signature *signature

	birth int64 // the account's time when it was made; 0: not known, builtin: always
}

// builtinBirth is the birth of the functions of the language.
const builtinBirth = -1

// native is the body of a function of the language. Its arguments have passed
// its signature; input is the caller's value in focus.
type native func(ev *evaluation, args []value) (value, error)

// arguments gives how many arguments a function takes, for those that adapt to
// it ($map and its like).
func (f *function) arguments() int {
	if f.lambda != nil {
		return len(f.params)
	}
	return f.arity
}

// lambda is function($a, $b){ … }.
type lambda struct {
	params    []symbol
	body      *node
	signature *signature
}

func (l *lambda) eval(ev *evaluation, input value, env *frame) (value, error) {
	return ev.function(&function{lambda: l, input: input, env: env, params: l.params, signature: l.signature})
}

// function charges for a function that was made.
func (ev *evaluation) function(f *function) (value, error) {
	f.birth = ev.account.Mark().Taken
	return functionValue(f), ev.charge(functionSize)
}

// site is where a call stands, for its errors.
type site struct {
	token    string
	literal  value // of a callee that is a literal
	variable bool
	position int
}

// call is callee(args…).
type call struct {
	callee *node
	args   []*node
	site   site
	meant  symbol // the variable of the same name, when the callee is a path
	tail   bool   // its result is the lambda's: it is made after the lambda has returned
}

// tailCall is a call in tail position, with what it needs to be made later.
type tailCall struct {
	call  *call
	input value
	env   *frame
}

func (c *call) eval(ev *evaluation, input value, env *frame) (value, error) {
	if c.tail {
		return value{kind: tail, ref: &tailCall{c, input, env}}, nil
	}
	return c.evalWith(ev, nil, input, env)
}

// evalWith makes the call with leading arguments before its own.
func (c *call) evalWith(ev *evaluation, leading []value, input value, env *frame) (value, error) {
	r := ev.enter()
	callee, err := ev.eval(c.callee, input, env)
	if err != nil {
		return value{}, err
	}
	if callee.kind == undefined && c.meant != noSymbol && ev.variable(c.meant, env).kind != undefined {
		return value{}, fault("T1005").at(c.site.position).token(c.site.token)
	}
	args, err := c.arguments(ev, leading, input, env)
	if err != nil {
		return value{}, err
	}
	v, err := ev.apply(callee, args, input, &c.site)
	if e, ok := err.(*Error); ok {
		c.site.blame(e)
	}
	ev.leave(r, v)
	return v, err
}

func (c *call) arguments(ev *evaluation, leading []value, input value, env *frame) ([]value, error) {
	args := make([]value, len(leading), len(leading)+len(c.args))
	copy(args, leading)
	for _, a := range c.args {
		v, err := ev.eval(a, input, env)
		if err != nil {
			return nil, err
		}
		args = append(args, v)
	}
	return args, nil
}

// blame fills in where an error happened, unless it knows.
func (s *site) blame(e *Error) {
	if e.Position == 0 {
		e.Position = s.position
	}
	if e.Token == "" {
		e.Token, e.literal = s.token, s.literal
	}
}

// apply calls a function, and then the calls in tail position that it leaves.
func (ev *evaluation) apply(callee value, args []value, input value, at *site) (value, error) {
	v, err := ev.applyOnce(callee, args, input, at)
	if err != nil || v.kind != tail {
		return v, err
	}
	r := ev.enter()
	for v.kind == tail {
		t := v.ref.(*tailCall)
		if callee, err = ev.eval(t.call.callee, t.input, t.env); err != nil {
			return value{}, err
		}
		if args, err = t.call.arguments(ev, nil, t.input, t.env); err != nil {
			return value{}, err
		}
		// The caller is over: its arguments and variables are not in use any more.
		ev.rest(&r, ev.madeAll(r, callee, args))
		at := t.call.site
		if !at.variable {
			at.token, at.literal = "", value{}
		}
		if v, err = ev.applyOnce(callee, args, input, &at); err != nil {
			return value{}, err
		}
	}
	ev.leave(r, v)
	return v, nil
}

// call calls a function as other functions do: nothing is in focus.
func (ev *evaluation) call(callee value, args ...value) (value, error) {
	r := ev.enter()
	v, err := ev.apply(callee, args, nullValue, nil)
	ev.leave(r, v)
	return v, err
}

func (ev *evaluation) applyOnce(callee value, args []value, input value, at *site) (value, error) {
	if callee.kind != callable {
		return value{}, fault("T1006")
	}
	f := callee.function()
	v, err := ev.invoke(f, args, input)
	if e, ok := err.(*Error); ok {
		f.blame(e, at)
	}
	return v, err
}

// blame says which function failed: by the name it was called by, or by its own
// when another function has called it.
func (f *function) blame(e *Error, at *site) {
	if at == nil {
		if e.Token == "" {
			e.Token = f.name
		}
		return
	}
	if e.Token == "" {
		e.Token, e.literal = at.token, at.literal
	}
	if at.position != 0 {
		e.Position = at.position
	}
}

func (ev *evaluation) invoke(f *function, args []value, input value) (value, error) {
	if f.signature != nil {
		var err error
		if args, err = f.signature.validate(args, input); err != nil {
			return value{}, err
		}
	}
	if f.lambda == nil {
		return ev.invokeNative(f, args)
	}
	switch n := len(f.params); {
	case len(args) > n:
		args = args[:n:n]
	case len(args) < n:
		args = append(args[:len(args):len(args)], make([]value, n-len(args))...)
	}
	scope, err := ev.scope(f.env, f.params, args)
	if err != nil {
		return value{}, err
	}
	return ev.eval(f.lambda.body, f.input, scope)
}

// invokeNative calls a function of the language: functions composed of
// functions may nest without an evaluation between them, and lists take time
// that no node counts.
func (ev *evaluation) invokeNative(f *function, args []value) (value, error) {
	if ev.native++; ev.native > ev.limits.Depth {
		return value{}, overflow()
	}
	if !f.pays {
		for _, a := range args {
			if err := ev.weigh(a); err != nil {
				return value{}, err
			}
		}
	}
	if err := ev.step(); err != nil {
		return value{}, err
	}
	v, err := f.native(ev, args)
	if err != nil {
		return value{}, err
	}
	ev.native--
	return bounded(v)
}

// partial is callee(a, ?): a function of the open arguments.
type partial struct {
	call *call
	open []bool
}

func (p *partial) eval(ev *evaluation, input value, env *frame) (value, error) {
	args := make([]value, len(p.open))
	for i, open := range p.open {
		if open {
			continue
		}
		var err error
		if args[i], err = ev.eval(p.call.args[i], input, env); err != nil {
			return value{}, err
		}
	}
	c := p.call
	callee, err := ev.eval(c.callee, input, env)
	if err != nil {
		return value{}, err
	}
	if callee.kind == undefined && c.meant != noSymbol && ev.variable(c.meant, env).kind != undefined {
		return value{}, fault("T1007").at(c.site.position).token(c.site.token)
	}
	if callee.kind != callable {
		e := fault("T1008").at(c.site.position)
		c.site.blame(e)
		return value{}, e
	}
	if err := ev.charge(frameSize + len(args)*valueSize); err != nil {
		return value{}, err
	}
	if f := callee.function(); f.lambda != nil {
		return ev.function(p.ofLambda(f, args))
	}
	return ev.function(p.ofNative(callee, args))
}

// isOpen tells whether argument i is left open; those beyond the written ones
// are not.
func (p *partial) isOpen(i int) bool { return i < len(p.open) && p.open[i] }

func (p *partial) ofLambda(f *function, args []value) *function {
	scope := &frame{parent: f.env}
	g := &function{lambda: f.lambda, input: f.input, env: scope}
	for i, param := range f.params {
		switch {
		case p.isOpen(i):
			g.params = append(g.params, param)
		case i < len(args):
			scope.bind(param, args[i])
		default:
			scope.bind(param, value{})
		}
	}
	return g
}

func (p *partial) ofNative(callee value, args []value) *function {
	arity := 0
	for i := range callee.function().arity {
		if p.isOpen(i) {
			arity++
		}
	}
	return &function{arity: arity, native: func(ev *evaluation, given []value) (value, error) {
		all := append([]value(nil), args...)
		for i := range all {
			if p.open[i] && len(given) > 0 {
				all[i], given = given[0], given[1:]
			}
		}
		return ev.call(callee, all...)
	}}
}

// application is lhs ~> rhs.
type application struct {
	lhs, rhs *node
	position int
}

func (a *application) eval(ev *evaluation, input value, env *frame) (value, error) {
	l, err := ev.eval(a.lhs, input, env)
	if err != nil {
		return value{}, err
	}
	if c, ok := a.rhs.op.(*call); ok {
		return c.evalWith(ev, []value{l}, input, env)
	}
	f, err := ev.eval(a.rhs, input, env)
	if err != nil {
		return value{}, err
	}
	if f.kind != callable {
		return value{}, fault("T2006").at(a.position).of(f)
	}
	if l.kind == callable {
		return ev.function(&function{arity: 1, native: func(ev *evaluation, args []value) (value, error) {
			// The reference composes by a program of its own, in which the two
			// functions have these names.
			v, err := ev.apply(l, args, nullValue, &site{token: "f"})
			if err != nil {
				return value{}, err
			}
			return ev.apply(f, []value{settle(v, false)}, nullValue, &site{token: "g"})
		}})
	}
	return ev.apply(f, []value{l}, nullValue, nil)
}
