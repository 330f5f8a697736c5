package storage

// Option changes how a store behaves.
type Option func(*options)

type options struct {
	fixed   bool
	buckets []string
}

// FixedBuckets makes these buckets, and no other is made by a Put: one into a
// missing bucket fails with ErrNoSuchBucket.
func FixedBuckets(names ...string) Option {
	return func(o *options) { o.fixed, o.buckets = true, append(o.buckets, names...) }
}

func collect(opts []Option) options {
	var o options
	for _, opt := range opts {
		opt(&o)
	}
	return o
}
