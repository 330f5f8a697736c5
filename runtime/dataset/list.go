package dataset

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/waslrun/wasl/asl/jsonpath"
	"github.com/waslrun/wasl/asl/jsonvalue"
	"github.com/waslrun/wasl/storage"
)

// objectList streams the objects of a bucket.
type objectList struct {
	ctx            context.Context
	store          storage.Store
	bucket, prefix string
	page           []storage.Info
	after          string
	begun, more    bool
}

// advance gives the next object, or io.EOF.
func (l *objectList) advance() (i storage.Info, err error) {
	if len(l.page) == 0 {
		if l.begun && !l.more {
			return i, io.EOF
		}
		page, err := l.store.List(l.ctx, l.bucket, storage.ListOptions{Prefix: l.prefix, After: l.after})
		if errors.Is(err, storage.ErrNoSuchBucket) {
			return i, fmt.Errorf("s3://%s: the specified bucket does not exist", l.bucket)
		}
		if err != nil {
			return i, err
		}
		l.begun, l.more, l.page = true, page.More, page.Objects
		if len(l.page) == 0 {
			return i, io.EOF
		}
	}
	i, l.page = l.page[0], l.page[1:]
	l.after = i.Key
	return i, nil
}

// Next gives an object as the API's answer has it, in the form that AWS hands to a
// child: the quotes around the Etag kept, the time as epoch seconds that Java wrote
// as a double (reported as measured).
func (l *objectList) Next() (item Item, err error) {
	i, err := l.advance()
	if err != nil {
		return item, err
	}
	modified, err := jsonvalue.Parse(jsonpath.JavaDouble(float64(i.Modified.Unix())))
	if err != nil {
		return item, err
	}
	item.Source = "S3://" + l.bucket
	item.Value = jsonvalue.ObjectOf(
		jsonvalue.Member{Key: "Etag", Value: jsonvalue.StringOf(`"` + i.ETag + `"`)},
		jsonvalue.Member{Key: "Key", Value: jsonvalue.StringOf(i.Key)},
		jsonvalue.Member{Key: "LastModified", Value: modified},
		jsonvalue.Member{Key: "Size", Value: jsonvalue.IntOf(i.Size)},
		jsonvalue.Member{Key: "StorageClass", Value: jsonvalue.StringOf("STANDARD")},
	)
	return item, nil
}

func (l *objectList) Close() error { return nil }

// flatten opens the objects of a list one after the other.
func (o *opener) flatten(l *objectList) func() (Reader, error) {
	return func() (Reader, error) {
		for {
			i, err := l.advance()
			if err != nil {
				return nil, err
			}
			if !strings.HasSuffix(i.Key, "/") { // a folder's own object
				return o.object(l.bucket, i.Key)
			}
		}
	}
}
