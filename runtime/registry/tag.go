package registry

import "slices"

// Tag is a key with a value that a resource carries.
type Tag struct{ Key, Value string }

// SetTags adds tags to a resource; a key that is there gets the new value.
// Whether the resource exists is the caller's to know: machines and activities
// carry tags alike.
func (r *Registry) SetTags(arn string, tags []Tag) {
	r.mu.Lock()
	defer r.mu.Unlock()
	list := slices.Clone(r.tags[arn])
	for _, t := range tags {
		if i := slices.IndexFunc(list, func(x Tag) bool { return x.Key == t.Key }); i >= 0 {
			list[i] = t
		} else {
			list = append(list, t)
		}
	}
	r.keep(arn, list)
}

// RemoveTags takes tags off a resource.
func (r *Registry) RemoveTags(arn string, keys []string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	list := slices.Clone(r.tags[arn])
	r.keep(arn, slices.DeleteFunc(list, func(t Tag) bool { return slices.Contains(keys, t.Key) }))
}

// Tags gives a resource's tags, in the order in which they were added.
func (r *Registry) Tags(arn string) []Tag {
	r.mu.RLock()
	defer r.mu.RUnlock()
	return slices.Clone(r.tags[arn])
}

func (r *Registry) keep(arn string, list []Tag) {
	if len(list) == 0 {
		delete(r.tags, arn)
		return
	}
	r.tags[arn] = list
}
