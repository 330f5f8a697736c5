package runtime

import (
	"context"
	"errors"
	"io"

	"github.com/waslrun/wasl/asl/interp"
	"github.com/waslrun/wasl/asl/jsonvalue"
	"github.com/waslrun/wasl/runtime/dataset"
	"github.com/waslrun/wasl/storage"
)

// ReadText gives the items that an ItemReader would read if its source had this
// text: one that lists objects reads a JSON array of them, every other what its
// ReaderConfig says. Errors are texts for the cause of States.ItemReaderFailed.
func ReadText(ctx context.Context, reader *interp.ReaderPlan, text string) (list []jsonvalue.Value, err error) {
	const bucket, key = "text", "text"
	member := func(k, v string) jsonvalue.Member { return jsonvalue.Member{Key: k, Value: jsonvalue.StringOf(v)} }
	r := dataset.Request{
		Action: "getObject", Config: reader.Config,
		Args: jsonvalue.ObjectOf(member("Bucket", bucket), member("Key", key)),
	}
	if reader.Resource.API != "getObject" {
		r.Config = jsonvalue.ObjectOf(member("InputType", "JSON"))
	}
	store := storage.NewMemory()
	if _, err := store.Put(ctx, bucket, key, []byte(text), ""); err != nil {
		return nil, err
	}
	d, err := dataset.Open(ctx, store, r)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, d.Close()) }()
	for {
		v, err := d.Next()
		switch {
		case errors.Is(err, io.EOF):
			return list, nil
		case err != nil:
			return nil, err
		}
		list = append(list, v.Value)
	}
}
