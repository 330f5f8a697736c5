package modules

import "time"

// DefaultLimits are what a module gets when its limits say nothing else.
var DefaultLimits = Limits{
	Memory: 256 << 20,
	Fuel:   100_000_000_000,
	Wall:   15 * time.Minute,
	Table:  1 << 16,
	Output: 6 << 20,
	Log:    1 << 20,
	Stack:  4 << 20,
}

// withDefaults fills in the zero fields.
func (l Limits) withDefaults() Limits {
	d := DefaultLimits
	setDefault(&l.Memory, d.Memory)
	setDefault(&l.Fuel, d.Fuel)
	setDefault(&l.Wall, d.Wall)
	setDefault(&l.Table, d.Table)
	setDefault(&l.Output, d.Output)
	setDefault(&l.Log, d.Log)
	setDefault(&l.Stack, d.Stack)
	return l
}

func setDefault[T comparable](field *T, value T) {
	var zero T
	if *field == zero {
		*field = value
	}
}
