package files

// content is what is in a file in memory. It is kept in chunks, so that it grows
// without being copied; chunks that were never written are nil and read as
// zeros.
type content struct {
	size   int64
	chunks []chunk
}

type chunk struct {
	data   []byte
	shared bool // of all calls: it is copied before it is changed
}

const (
	chunkSize = 64 << 10 // bytes
	// leastChunk is the smallest size of a file's last chunk.
	leastChunk = 512 // bytes
)

func (c *content) readAt(p []byte, offset int64) (n int) {
	if offset >= c.size {
		return 0
	}
	p = p[:min(int64(len(p)), c.size-offset)]
	for n < len(p) {
		at := offset + int64(n)
		part := p[n:min(len(p), n+int(chunkSize-at%chunkSize))]
		copied := 0
		if data := c.chunks[at/chunkSize].data; int64(len(data)) > at%chunkSize {
			copied = copy(part, data[at%chunkSize:])
		}
		clear(part[copied:])
		n += len(part)
	}
	return n
}

// writeAt writes as much as there is room for.
func (c *content) writeAt(p []byte, offset int64, r *room) (n int, err error) {
	if len(p) == 0 {
		return 0, nil
	}
	for n < len(p) {
		at := offset + int64(n)
		part := p[n:min(len(p), n+int(chunkSize-at%chunkSize))]
		end := at + int64(len(part))
		if end > c.size {
			if err = c.reach(end, r); err != nil {
				break
			}
		}
		data, err := c.chunk(int(at/chunkSize), int(at%chunkSize)+len(part), r)
		if err != nil {
			return n, stopped(n, err)
		}
		copy(data[at%chunkSize:], part)
		c.size = max(c.size, end)
		n += len(part)
	}
	return n, stopped(n, err)
}

// stopped is the error of a write that has written n bytes: none, if some were.
func stopped(n int, err error) error {
	if n > 0 {
		return nil
	}
	return err
}

// reach makes the table of chunks long enough for a size. It takes no room, but
// a file may not be larger than all the room there is, so that the table is
// bounded too.
func (c *content) reach(size int64, r *room) error {
	if size > r.left+c.held() {
		return Nospc
	}
	for int64(len(c.chunks))*chunkSize < size {
		c.chunks = append(c.chunks, chunk{})
	}
	return nil
}

// held is how much room the chunks have taken.
func (c *content) held() (bytes int64) {
	for _, k := range c.chunks {
		bytes += int64(len(k.data))
	}
	return bytes
}

// chunk gives a chunk of at least a length, to be written.
func (c *content) chunk(i, length int, r *room) ([]byte, error) {
	k := &c.chunks[i]
	if len(k.data) >= length && !k.shared {
		return k.data, nil
	}
	size := leastChunk
	if i < len(c.chunks)-1 {
		size = chunkSize
	}
	for size < max(length, len(k.data)) {
		size *= 2
	}
	if err := r.take(int64(size - len(k.data))); err != nil {
		// There may be room for less, without any to spare.
		size = max((length+leastChunk-1)/leastChunk*leastChunk, len(k.data))
		if err := r.take(int64(size - len(k.data))); err != nil {
			return nil, err
		}
	}
	data := make([]byte, size)
	copy(data, k.data)
	*k = chunk{data: data}
	return data, nil
}

// resize makes a file longer or shorter. What it gains reads as zeros.
func (c *content) resize(size int64, r *room) error {
	if size >= c.size {
		if err := c.reach(size, r); err != nil {
			return err
		}
		c.size = size
		return nil
	}
	count := int((size + chunkSize - 1) / chunkSize)
	for _, k := range c.chunks[count:] {
		r.give(int64(len(k.data)))
	}
	clear(c.chunks[count:])
	c.chunks = c.chunks[:count]
	c.size = size
	// The rest of the last chunk would be seen when the file grows again.
	if rest := int(size % chunkSize); rest > 0 && len(c.chunks[count-1].data) > rest {
		k := &c.chunks[count-1]
		if k.shared {
			*k = chunk{data: append([]byte(nil), k.data...)}
		}
		clear(k.data[rest:])
	}
	return nil
}

// allocate makes a file longer and takes the room for all of it.
func (c *content) allocate(size int64, r *room) error {
	if err := c.reach(size, r); err != nil {
		return err
	}
	for i := range c.chunks {
		if _, err := c.chunk(i, int(min(size-int64(i)*chunkSize, chunkSize)), r); err != nil {
			return err
		}
	}
	c.size = max(c.size, size)
	return nil
}

// clear lets go of everything, and tells how much room that was.
func (c *content) clear() (bytes int64) {
	bytes = c.held()
	*c = content{}
	return bytes
}
