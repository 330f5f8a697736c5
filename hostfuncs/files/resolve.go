package files

import (
	"path"
	"strings"
	"unicode/utf8"
)

// Bounds on a guest's paths, as Linux has them.
const (
	MaxPath  = 4096 // bytes
	MaxName  = 255  // bytes
	maxLinks = 40
)

// Dir is a directory that a guest holds.
type Dir struct {
	Tree Tree
	Path string
}

// Place is where a path leads.
type Place struct {
	Path string
	Stat Stat
	// Missing: there is nothing of the name in a directory that is there.
	Missing bool
	// Slash: the path ends so that only a directory can be meant.
	Slash bool
}

// Resolve follows a guest's path from a directory. The last name is followed
// too when it is a link and follow says so, or a slash after it. step is called
// for each name that is looked up; when it is false the way ends with Canceled.
func Resolve(dir Dir, text string, follow bool, step func() bool) (Place, error) {
	if err := checkPath(text); err != nil {
		return Place{}, err
	}
	w := walk{dir: dir, step: step, slash: endsInDirectory(text)}
	w.push(text)
	for len(w.todo) > 0 {
		if place, done, err := w.next(follow); done || err != nil {
			return place, err
		}
	}
	// The path names a directory that was passed before: ".", "a/..".
	at := w.here()
	stat, err := dir.Tree.Lstat(at)
	return Place{Path: at, Stat: stat, Slash: true}, err
}

func checkPath(text string) error {
	switch {
	case text == "":
		return Noent
	case len(text) > MaxPath:
		return Nametoolong
	case strings.Contains(text, "\x00"):
		return Inval
	case !utf8.ValidString(text):
		return Ilseq
	case text[0] == '/':
		return Perm
	}
	return nil
}

// endsInDirectory tells whether only a directory can be meant by a path.
func endsInDirectory(text string) bool {
	last := text[strings.LastIndexByte(text, '/')+1:]
	return last == "" || last == "." || last == ".."
}

// walk is the way along a path.
type walk struct {
	dir   Dir
	step  func() bool
	names []string // from dir, all of them directories
	todo  []string // in reverse order
	links int
	slash bool
}

// push puts the names of a path before those that are left.
func (w *walk) push(text string) {
	names := strings.Split(text, "/")
	for i := len(names) - 1; i >= 0; i-- {
		if name := names[i]; name != "" && name != "." {
			w.todo = append(w.todo, name)
		}
	}
}

// here is where the walk has come to.
func (w *walk) here() string { return path.Join(append([]string{w.dir.Path}, w.names...)...) }

// next follows one name. done says that the walk is over.
func (w *walk) next(follow bool) (place Place, done bool, err error) {
	name := w.todo[len(w.todo)-1]
	w.todo = w.todo[:len(w.todo)-1]
	last := len(w.todo) == 0
	if name == ".." {
		if len(w.names) == 0 {
			return Place{}, false, Perm
		}
		w.names = w.names[:len(w.names)-1]
		return Place{}, false, nil
	}
	if len(name) > MaxName {
		return Place{}, false, Nametoolong
	}
	if !w.step() {
		return Place{}, false, Canceled
	}
	at := path.Join(w.here(), name)
	stat, err := w.dir.Tree.Lstat(at)
	if e := ErrnoOf(err); e == Noent && last {
		return Place{Path: at, Missing: true, Slash: w.slash}, true, nil
	} else if e != Success {
		return Place{}, false, e
	}
	switch {
	case stat.Kind == Link && (!last || follow || w.slash):
		return Place{}, false, w.link(at)
	case stat.Kind == Directory:
		w.names = append(w.names, name)
		if len(w.names) > MaxPath/2 {
			return Place{}, false, Nametoolong
		}
		return Place{Path: at, Stat: stat, Slash: w.slash}, last, nil
	case !last || w.slash:
		return Place{}, false, Notdir
	}
	return Place{Path: at, Stat: stat}, true, nil
}

// link puts a link's target before the names that are left.
func (w *walk) link(at string) error {
	if w.links++; w.links > maxLinks {
		return Loop
	}
	target, err := w.dir.Tree.Readlink(at)
	if err != nil {
		return err
	}
	if err := checkPath(target); err != nil {
		return err
	}
	if len(w.todo) == 0 && endsInDirectory(target) {
		w.slash = true
	}
	w.push(target)
	return nil
}

// CheckTarget tells why a guest may not make a link at a path: its target would
// lead out of the tree by itself, and programs that are not guests might follow
// it.
func CheckTarget(target, at string) error {
	if err := checkPath(target); err != nil {
		return err
	}
	depth := strings.Count(at, "/")
	for _, name := range strings.Split(target, "/") {
		switch name {
		case "", ".":
		case "..":
			if depth--; depth < 0 {
				return Perm
			}
		default:
			depth++
		}
	}
	return nil
}
