package runtime

import (
	"errors"
	"fmt"
	"io"

	"github.com/waslrun/wasl/asl/errname"
	"github.com/waslrun/wasl/asl/jsonvalue"
	"github.com/waslrun/wasl/runtime/dataset"
)

// openItems opens the stream of the run's items.
func (r *mapRun) openItems() (items, error) {
	reader := r.plan.Reader
	if reader == nil {
		return r.given(r.plan.Items)
	}
	request := dataset.Request{Action: reader.Resource.API, Args: reader.Input, Config: reader.Config}
	if r.plan.SelectFrom != nil {
		return r.selected(request)
	}
	d, err := dataset.Open(r.ctx, r.engine.options.Storage, request)
	if err != nil {
		return nil, &runError{errname.ItemReaderFailed, err.Error()}
	}
	return &readItems{reader: d, left: reader.MaxItems}, nil
}

// selected reads a whole document and takes the items out of it by ItemsPath.
// As AWS does it, what a path leads to is one item, whatever it is; only the
// whole document counts as the list of its elements.
func (r *mapRun) selected(request dataset.Request) (items, error) {
	document, err := dataset.Document(r.ctx, r.engine.options.Storage, request)
	if err != nil {
		return nil, &runError{errname.ItemReaderFailed, err.Error()}
	}
	selected, err := r.plan.SelectFrom(document)
	if err != nil {
		return nil, err
	}
	list := []jsonvalue.Value{selected}
	if jsonvalue.Equal(selected, document) {
		if list, err = listOf(document); err != nil {
			return nil, err
		}
	}
	if limit := r.plan.Reader.MaxItems; limit > 0 && int64(len(list)) > limit {
		list = list[:limit]
	}
	return &givenItems{list}, nil
}

// given are items that the state has.
func (r *mapRun) given(v jsonvalue.Value) (items, error) {
	list, err := listOf(v)
	if err != nil {
		return nil, err
	}
	r.mu.Lock()
	r.info.Items.Total = int64(len(list))
	r.info.Items.Pending = int64(len(list))
	r.mu.Unlock()
	return &givenItems{list}, nil
}

// listOf gives the elements of an array, or the members of an object as
// {"Key", "Value"}.
func listOf(v jsonvalue.Value) ([]jsonvalue.Value, error) {
	switch v.Kind() {
	case jsonvalue.Array:
		return v.Elems(), nil
	case jsonvalue.Object:
		list := make([]jsonvalue.Value, 0, v.Len())
		for key, x := range v.Members() {
			list = append(list, jsonvalue.ObjectOf(
				jsonvalue.Member{Key: "Key", Value: jsonvalue.StringOf(key)},
				jsonvalue.Member{Key: "Value", Value: x},
			))
		}
		return list, nil
	case jsonvalue.Invalid, jsonvalue.Null, jsonvalue.Bool, jsonvalue.Number, jsonvalue.String:
	}
	return nil, &runError{errname.ItemReaderFailed, fmt.Sprintf("the items must be an array, but are %s", v.Kind())}
}

// givenItems are items that are in memory.
type givenItems struct{ list []jsonvalue.Value }

func (g *givenItems) next() (jsonvalue.Value, error) {
	if len(g.list) == 0 {
		return jsonvalue.Value{}, errNoMore
	}
	v := g.list[0]
	g.list = g.list[1:]
	return v, nil
}

func (*givenItems) Close() error { return nil }

// readItems are items that an ItemReader reads.
type readItems struct {
	reader dataset.Reader
	left   int64 // 0: no limit
}

func (i *readItems) next() (jsonvalue.Value, error) {
	if i.left < 0 {
		return jsonvalue.Value{}, errNoMore
	}
	v, err := i.reader.Next()
	switch {
	case errors.Is(err, io.EOF):
		return v, errNoMore
	case err != nil:
		return v, &runError{errname.ItemReaderFailed, err.Error()}
	}
	if i.left > 0 {
		if i.left--; i.left == 0 {
			i.left = -1
		}
	}
	return v, nil
}

func (i *readItems) Close() error { return i.reader.Close() }
