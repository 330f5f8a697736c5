package shapes

// Operations tells how many operations of a service answer something.
func Operations(service string) int {
	t := tableOf(service)
	if t == nil {
		return 0
	}
	return len(t.operations)
}
