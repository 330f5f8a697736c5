package jsonata

// seek passes the parents that a child has not found on to its owner.
func (n *syntax) seek(child *syntax) {
	n.seeking = append(n.seeking, child.seeking...)
	if child.form == formParent {
		n.seeking = append(n.seeking, child.slot)
	}
}

// seekParent lets a step that a slot passes on its way up answer for it: the
// slot has found its parent when its level is 0.
func seekParent(n *syntax, s *slot) error {
	switch n.form {
	case formName, formWildcard:
		s.level--
		if s.level == 0 {
			if n.ancestor != nil {
				s.label = n.ancestor.label
			}
			n.ancestor = s
			n.tuple = true
		}
	case formParent:
		s.level++
	case formBlock:
		if len(n.items) > 0 {
			n.tuple = true
			return seekParent(n.items[len(n.items)-1], s)
		}
	case formPath:
		n.tuple = true
		for i := len(n.items) - 1; i >= 0; i-- {
			if err := seekParent(n.items[i], s); err != nil {
				return err
			}
			if s.level <= 0 {
				break
			}
		}
	default:
		return fault("S0217").at(n.position).token(string(n.form))
	}
	return nil
}

// resolveParents looks among the steps of a path for the parents that its last
// step seeks; those it does not hold are sought further out.
func resolveParents(path *syntax) error {
	last := path.items[len(path.items)-1]
	slots := last.seeking
	if last.form == formParent {
		slots = append(slots[:len(slots):len(slots)], last.slot)
	}
	for _, s := range slots {
		for i := len(path.items) - 2; s.level > 0; {
			if i < 0 {
				path.seeking = append(path.seeking, s)
				break
			}
			step := path.items[i]
			i--
			// Bindings of the focus at the same item count as one level.
			for i >= 0 && step.focus != "" && path.items[i].focus != "" {
				step = path.items[i]
				i--
			}
			if err := seekParent(step, s); err != nil {
				return err
			}
		}
	}
	return nil
}
