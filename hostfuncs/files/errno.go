package files

import (
	"errors"
	"fmt"
	"io/fs"
	"syscall"
)

// Errno is an error number of WASI preview 1.
type Errno uint32

// The error numbers that guests get.
const (
	Success     Errno = 0
	Acces       Errno = 2
	Again       Errno = 6
	Badf        Errno = 8
	Busy        Errno = 10
	Canceled    Errno = 11
	Exist       Errno = 20
	Fault       Errno = 21
	Fbig        Errno = 22
	Ilseq       Errno = 25
	Inval       Errno = 28
	IO          Errno = 29
	Isdir       Errno = 31
	Loop        Errno = 32
	Mfile       Errno = 33
	Mlink       Errno = 34
	Nametoolong Errno = 37
	Nfile       Errno = 41
	Noent       Errno = 44
	Nomem       Errno = 48
	Nospc       Errno = 51
	Nosys       Errno = 52
	Notdir      Errno = 54
	Notempty    Errno = 55
	Notsock     Errno = 57
	Notsup      Errno = 58
	Perm        Errno = 63
	Rofs        Errno = 69
	Spipe       Errno = 70
	Txtbsy      Errno = 74
	Xdev        Errno = 75
	Notcapable  Errno = 76
)

func (e Errno) Error() string { return fmt.Sprintf("WASI error %d", uint32(e)) }

// systemErrors are what the host's system says, in WASI's terms.
var systemErrors = []struct {
	system syscall.Errno
	wasi   Errno
}{
	{syscall.EACCES, Acces},
	{syscall.EBUSY, Busy},
	{syscall.EDQUOT, Nospc},
	{syscall.EEXIST, Exist},
	{syscall.EFBIG, Fbig},
	{syscall.EILSEQ, Ilseq},
	{syscall.EINVAL, Inval},
	{syscall.EISDIR, Isdir},
	{syscall.ELOOP, Loop},
	{syscall.EMFILE, Nfile}, // of the host's own, not of the guest's
	{syscall.EMLINK, Mlink},
	{syscall.ENAMETOOLONG, Nametoolong},
	{syscall.ENFILE, Nfile},
	{syscall.ENOENT, Noent},
	{syscall.ENOMEM, Nomem},
	{syscall.ENOSPC, Nospc},
	{syscall.ENOTDIR, Notdir},
	{syscall.ENOTEMPTY, Notempty},
	{syscall.ENOTSUP, Notsup},
	{syscall.ENXIO, Acces}, // a pipe that nobody reads
	{syscall.EPERM, Perm},
	{syscall.EROFS, Rofs},
	{syscall.ETXTBSY, Txtbsy},
	{syscall.EXDEV, Xdev},
}

// ErrnoOf gives an error the number that a guest gets for it.
func ErrnoOf(err error) Errno {
	if err == nil {
		return Success
	}
	if e := Errno(0); errors.As(err, &e) {
		return e
	}
	if system := syscall.Errno(0); errors.As(err, &system) {
		for _, e := range systemErrors {
			if system == e.system || system.Is(e.system) {
				return e.wasi
			}
		}
	}
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return Noent
	case errors.Is(err, fs.ErrExist):
		return Exist
	case errors.Is(err, fs.ErrPermission):
		return Acces
	}
	// os.Root's refusal of what leads out has no number.
	if path := (*fs.PathError)(nil); errors.As(err, &path) && !isSystem(path.Err) {
		return Perm
	}
	return IO
}

func isSystem(err error) bool { return errors.As(err, new(syscall.Errno)) }
