package files

import (
	"io/fs"
	"syscall"
	"time"
)

const nonblock = syscall.O_NONBLOCK

// describeMore adds what Linux knows of a file.
func describeMore(s *Stat, info fs.FileInfo, _ string) {
	if st, ok := info.Sys().(*syscall.Stat_t); ok {
		s.Ino, s.Links = st.Ino, uint64(st.Nlink)
		s.Atime, s.Ctime = time.Unix(st.Atim.Unix()), time.Unix(st.Ctim.Unix())
	}
}
