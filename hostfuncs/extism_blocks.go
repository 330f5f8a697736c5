package hostfuncs

// blocks is the memory that a plug-in and the host share: byte slices that the
// plug-in knows by a handle. The upper half of an address is the number of a
// block, from 1 on, the lower half the offset into it; so arithmetic on
// addresses works within a block and never reaches another.
type blocks struct {
	list     []block
	reusable []uint32 // numbers of blocks that can be used again
	room     int64    // bytes that may still be allocated
}

type block struct {
	data []byte
	live bool
}

// blockCost is what a block counts besides its bytes.
const blockCost = 64

// alloc makes a block of zeros and gives its address, or 0 when there is no
// room for it.
func (b *blocks) alloc(size uint64) uint64 {
	if b.room < blockCost || size > uint64(b.room-blockCost) || size > 1<<31 {
		return 0
	}
	b.room -= int64(size) + blockCost
	fresh := block{make([]byte, size), true}
	if n := len(b.reusable); n > 0 {
		number := b.reusable[n-1]
		b.reusable = b.reusable[:n-1]
		b.list[number-1] = fresh
		return uint64(number) << 32
	}
	b.list = append(b.list, fresh)
	return uint64(len(b.list)) << 32
}

// free gives a block's room back. What is not the start of a live block is left
// alone.
func (b *blocks) free(address uint64) {
	found := b.find(address)
	if found == nil || uint32(address) != 0 {
		return
	}
	b.room += int64(len(found.data)) + blockCost
	*found = block{}
	b.reusable = append(b.reusable, uint32(address>>32))
}

func (b *blocks) find(address uint64) *block {
	number := address >> 32
	if number == 0 || number > uint64(len(b.list)) || !b.list[number-1].live {
		return nil
	}
	return &b.list[number-1]
}

// whole is the block that starts at an address; nothing when there is none.
func (b *blocks) whole(address uint64) []byte {
	if found := b.find(address); found != nil && uint32(address) == 0 {
		return found.data
	}
	return nil
}

// span is n bytes of a block.
func (b *blocks) span(address, n uint64) ([]byte, bool) {
	found := b.find(address)
	if found == nil {
		return nil, false
	}
	offset := uint64(uint32(address))
	if offset > uint64(len(found.data)) || n > uint64(len(found.data))-offset {
		return nil, false
	}
	return found.data[offset : offset+n], true
}
