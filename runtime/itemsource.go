package runtime

import (
	"errors"
	"io"

	"github.com/waslrun/wasl/asl/errname"
	"github.com/waslrun/wasl/asl/interp"
	"github.com/waslrun/wasl/asl/jsonvalue"
	"github.com/waslrun/wasl/runtime/dataset"
)

// openItems opens the stream of the run's items.
func (r *mapRun) openItems() (items, error) {
	reader := r.plan.Reader
	if reader == nil {
		return r.given(r.plan.Items), nil
	}
	if reader.MaxItems < 0 {
		return nil, &runError{errname.ItemReaderFailed, interp.CauseMaxItems}
	}
	request := dataset.Request{Action: reader.Resource.API, Args: reader.Input, Config: reader.Config}
	d, err := dataset.Open(r.ctx, r.engine.options.Storage, request)
	if err != nil {
		return nil, &runError{errname.ItemReaderFailed, err.Error()}
	}
	return &readItems{reader: d, left: reader.MaxItems}, nil
}

// given are items that the state has.
func (r *mapRun) given(v jsonvalue.Value) items {
	list := v.Elems()
	r.mu.Lock()
	r.info.Items.Total = int64(len(list))
	r.info.Items.Pending = int64(len(list))
	r.mu.Unlock()
	return &givenItems{list}
}

// givenItems are items that are in memory.
type givenItems struct{ list []jsonvalue.Value }

func (g *givenItems) next() (interp.Item, error) {
	if len(g.list) == 0 {
		return interp.Item{}, errNoMore
	}
	v := g.list[0]
	g.list = g.list[1:]
	return interp.Item{Value: v}, nil
}

func (*givenItems) Close() error { return nil }

// readItems are items that an ItemReader reads.
type readItems struct {
	reader dataset.Reader
	left   int64 // 0: no limit
}

func (i *readItems) next() (item interp.Item, err error) {
	if i.left < 0 {
		return item, errNoMore
	}
	read, err := i.reader.Next()
	switch {
	case errors.Is(err, io.EOF):
		return item, errNoMore
	case err != nil:
		return item, &runError{errname.ItemReaderFailed, err.Error()}
	}
	if i.left > 0 {
		if i.left--; i.left == 0 {
			i.left = -1
		}
	}
	return interp.Item(read), nil
}

func (i *readItems) Close() error { return i.reader.Close() }
