//go:build !linux

package files

import (
	"hash/fnv"
	"io/fs"
	"os"
)

// nonblock is of Linux alone: what is no regular file is not opened at all
// where Lstat says so.
const nonblock = os.O_RDONLY

// describeMore numbers files by their names: systems differ in what they know.
func describeMore(s *Stat, _ fs.FileInfo, at string) {
	h := fnv.New64a()
	_, _ = h.Write([]byte(at))
	s.Ino = h.Sum64()
}
