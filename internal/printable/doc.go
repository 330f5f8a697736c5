// Package printable makes texts harmless that a terminal or a log shows and
// that come from somebody who need not be trusted: a guest's log, the names and
// causes of failures, the names in a definition or a module.
//
// A terminal obeys control sequences: it can be made to retitle its window, to
// repaint what was shown before, or to type. A reader of a log takes a line end
// for the end of an entry. And a change of direction makes a text read otherwise
// than it is. All of these become escapes here; everything else stays as it is.
package printable
