package dataset

import (
	"compress/gzip"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/waslrun/wasl/asl/arn"
)

// manifest opens the files that a manifest lists: S3_INVENTORY, which is the
// default, or ATHENA_DATA.
func (o *opener) manifest(bucket, key string) (Reader, error) {
	switch kind := o.text("ManifestType"); kind {
	case "", "S3_INVENTORY":
		return o.inventory(bucket, key)
	case "ATHENA_DATA":
		return o.athena(bucket, key)
	default:
		return nil, fmt.Errorf("ManifestType %q is not known: S3_INVENTORY and ATHENA_DATA are", kind)
	}
}

// inventory opens the files of an S3 inventory: CSV without headers, usually
// compressed, whose columns the manifest's fileSchema names.
func (o *opener) inventory(bucket, key string) (Reader, error) {
	m, err := o.document(bucket, key)
	if err != nil {
		return nil, err
	}
	if format := m.Field("fileFormat").Text(); format != "CSV" {
		return nil, fmt.Errorf("s3://%s/%s: an inventory in format %q cannot be read, only CSV", bucket, key, format)
	}
	var headers []string
	for name := range strings.SplitSeq(m.Field("fileSchema").Text(), ",") {
		headers = append(headers, strings.TrimSpace(name))
	}
	files := m.Field("files").Elems()
	if a, ok := arn.Parse(m.Field("destinationBucket").Text()); ok {
		bucket = a.Resource
	}
	return &chain{open: func() (Reader, error) {
		if len(files) == 0 {
			return nil, io.EOF
		}
		file := files[0].Field("key").Text()
		files = files[1:]
		body, err := o.body(bucket, file)
		if err != nil {
			return nil, err
		}
		if strings.HasSuffix(file, ".gz") {
			if body, err = unzip(body); err != nil {
				return nil, fmt.Errorf("s3://%s/%s: %w", bucket, file, err)
			}
		}
		t := &table{body: body, headers: headers}
		n := &named{Reader: t, bucket: bucket, key: file}
		in, err := textOf(body)
		if err != nil {
			return nil, n.locate(errors.Join(err, body.Close()))
		}
		t.rows = newRows(in, ',')
		return n, nil
	}}, nil
}

// athena opens the files of an Athena query: the manifest has the place of one
// file in each line, InputType tells what they hold.
func (o *opener) athena(bucket, key string) (Reader, error) {
	body, err := o.body(bucket, key)
	if err != nil {
		return nil, err
	}
	in, err := textOf(body)
	if err != nil {
		return nil, fmt.Errorf("s3://%s/%s: %w", bucket, key, errors.Join(err, body.Close()))
	}
	rows := newRows(in, ',')
	kind := strings.ToUpper(o.text("InputType"))
	next := func() (Reader, error) {
		row, err := rows.next()
		if err != nil {
			return nil, err
		}
		from, file, ok := strings.Cut(strings.TrimPrefix(row[0], "s3://"), "/")
		if !ok {
			return nil, fmt.Errorf("s3://%s/%s: %q is not the place of an object", bucket, key, row[0])
		}
		return o.typed(kind, from, file)
	}
	return &withBody{chain: chain{open: next}, body: body}, nil
}

// withBody closes a body with a chain.
type withBody struct {
	chain
	body io.Closer
}

func (w *withBody) Close() error { return errors.Join(w.chain.Close(), w.body.Close()) }

// unzipped is a compressed body.
type unzipped struct {
	*gzip.Reader
	body io.Closer
}

func unzip(body io.ReadCloser) (io.ReadCloser, error) {
	z, err := gzip.NewReader(body)
	if err != nil {
		return nil, errors.Join(err, body.Close())
	}
	return &unzipped{z, body}, nil
}

func (u *unzipped) Close() error { return errors.Join(u.Reader.Close(), u.body.Close()) }
