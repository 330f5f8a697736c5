package dataset

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/waslrun/wasl/asl/jsonvalue"
	"github.com/waslrun/wasl/storage"
)

// Reader gives items one by one.
type Reader interface {
	// Next gives the next item; io.EOF says that there is none.
	Next() (Item, error)
	io.Closer
}

// Item is one item of a dataset.
type Item struct {
	Value jsonvalue.Value
	// Key is the name of a member, when the dataset is an object; else absent.
	Key jsonvalue.Value
	// Source is where it comes from: S3://BUCKET/KEY, or S3://BUCKET for the
	// objects of a list.
	Source string
}

// Fault is what is wrong with a dataset in the words that AWS has for it; they
// stand alone in the cause.
type Fault struct{ Cause string }

func (f *Fault) Error() string { return f.Cause }

// Request is an ItemReader, evaluated.
type Request struct {
	// Action is getObject or listObjectsV2.
	Action string
	// Args are its Parameters or Arguments: Bucket, Key, Prefix.
	Args jsonvalue.Value
	// Config is ReaderConfig as written: InputType, CSVDelimiter,
	// CSVHeaderLocation, CSVHeaders, ManifestType, ItemsPointer, Transformation.
	Config jsonvalue.Value
}

// maxDocument bounds a manifest, which is read as a whole.
const maxDocument = 64 << 20

// maxItem bounds one item: no execution could hold a larger input.
const maxItem = 8 << 20

// Open begins to read. Its errors, and those of Next, are texts for the cause
// of States.ItemReaderFailed.
func Open(ctx context.Context, store storage.Store, r Request) (Reader, error) {
	o := &opener{ctx: ctx, store: store, config: r.Config, bucket: r.Args.Field("Bucket").Text()}
	if o.bucket == "" {
		return nil, errors.New("the ItemReader names no Bucket")
	}
	switch r.Action {
	case "getObject":
		key := r.Args.Field("Key").Text()
		if key == "" {
			return nil, errors.New("the ItemReader names no Key")
		}
		return o.object(o.bucket, key)
	case "listObjectsV2":
		list := &objectList{ctx: ctx, store: store, bucket: o.bucket, prefix: r.Args.Field("Prefix").Text()}
		if o.text("Transformation") == "LOAD_AND_FLATTEN" {
			return &chain{open: o.flatten(list)}, nil
		}
		return list, nil
	}
	return nil, fmt.Errorf("an ItemReader cannot use %s: getObject and listObjectsV2 are known", r.Action)
}

// opener opens the objects of one request.
type opener struct {
	ctx    context.Context
	store  storage.Store
	config jsonvalue.Value
	bucket string
}

func (o *opener) text(field string) string { return o.config.Field(field).Text() }

// object opens the dataset that an object holds.
func (o *opener) object(bucket, key string) (Reader, error) {
	kind := strings.ToUpper(o.text("InputType"))
	if kind == "" {
		kind = "JSON"
	}
	if kind == "MANIFEST" || o.text("ManifestType") != "" {
		return o.manifest(bucket, key)
	}
	return o.typed(kind, bucket, key)
}

// typed opens an object of a known type.
func (o *opener) typed(kind, bucket, key string) (Reader, error) {
	if kind == "PARQUET" {
		return nil, errors.New("an ItemReader with InputType PARQUET is not supported: store the items as JSON, JSONL or CSV")
	}
	if !slices.Contains([]string{"JSON", "JSONL", "CSV"}, kind) {
		return nil, fmt.Errorf("an ItemReader cannot read InputType %q: JSON, JSONL, CSV and MANIFEST are known", kind)
	}
	body, err := o.body(bucket, key)
	if err != nil {
		return nil, err
	}
	var r Reader
	switch kind {
	case "JSON":
		r, err = newArray(body, o.text("ItemsPointer"))
	case "JSONL":
		r, err = newLines(body)
	case "CSV":
		r, err = newTable(body, o.config)
	}
	n := &named{Reader: r, bucket: bucket, key: key}
	if err != nil {
		_ = body.Close() // what is wrong with the text says more
		return nil, n.locate(err)
	}
	return n, nil
}

// body opens an object's content.
func (o *opener) body(bucket, key string) (io.ReadCloser, error) {
	object, err := o.store.Get(o.ctx, bucket, key)
	switch {
	case errors.Is(err, storage.ErrNoSuchBucket):
		return nil, fmt.Errorf("s3://%s/%s: the specified bucket does not exist", bucket, key)
	case errors.Is(err, storage.ErrNoSuchKey):
		return nil, fmt.Errorf("s3://%s/%s: the specified key does not exist", bucket, key)
	case err != nil:
		return nil, fmt.Errorf("s3://%s/%s: %w", bucket, key, err)
	}
	return object.Body, nil
}

// document reads an object that holds one JSON document as a whole.
func (o *opener) document(bucket, key string) (v jsonvalue.Value, err error) {
	body, err := o.body(bucket, key)
	if err != nil {
		return v, err
	}
	defer func() { err = errors.Join(err, body.Close()) }()
	text, err := io.ReadAll(io.LimitReader(body, maxDocument+1))
	if err != nil {
		return v, err
	}
	if len(text) > maxDocument {
		return v, fmt.Errorf("s3://%s/%s: larger than %d bytes", bucket, key, maxDocument)
	}
	plain, err := jsonvalue.TextOf(text)
	if err != nil {
		return v, fmt.Errorf("s3://%s/%s: %w", bucket, key, err)
	}
	v, err = jsonvalue.Parse(plain)
	if err != nil {
		return v, fmt.Errorf("s3://%s/%s: not JSON: %w", bucket, key, err)
	}
	return v, nil
}

// named adds where an item, or an error, came from.
type named struct {
	Reader
	bucket, key string
}

func (n *named) Next() (Item, error) {
	i, err := n.Reader.Next()
	if err != nil {
		return i, n.locate(err)
	}
	i.Source = sourceOf(n.bucket, n.key)
	return i, nil
}

func (n *named) locate(err error) error {
	if fault := (*Fault)(nil); errors.Is(err, io.EOF) || errors.As(err, &fault) {
		return err
	}
	return fmt.Errorf("s3://%s/%s: %w", n.bucket, n.key, err)
}

// sourceOf is $$.Map.Item.Source of an item that an object holds (AWS
// documentation: Context object data for Map states).
func sourceOf(bucket, key string) string { return "S3://" + bucket + "/" + key }

// chain reads datasets one after the other.
type chain struct {
	// open opens the next dataset; io.EOF says that there is none.
	open    func() (Reader, error)
	current Reader
}

func (c *chain) Next() (Item, error) {
	for {
		if c.current == nil {
			r, err := c.open()
			if err != nil {
				return Item{}, err
			}
			c.current = r
		}
		v, err := c.current.Next()
		if !errors.Is(err, io.EOF) {
			return v, err
		}
		if err := c.Close(); err != nil {
			return v, err
		}
	}
}

func (c *chain) Close() error {
	if c.current == nil {
		return nil
	}
	r := c.current
	c.current = nil
	return r.Close()
}
