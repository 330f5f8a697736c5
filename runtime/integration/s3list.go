package integration

import (
	"context"
	"encoding/base64"
	"strings"

	"github.com/waslrun/wasl/asl/jsonvalue"
	"github.com/waslrun/wasl/storage"
)

// maxKeys is the most entries that a listing answers with.
const maxKeys = 1000

// listing is a page of a bucket: objects, and prefixes where a delimiter
// groups keys.
type listing struct {
	objects  []storage.Info
	prefixes []string
	last     string // the last key, or prefix, that is in it
	more     bool
}

func (l *listing) len() int { return len(l.objects) + len(l.prefixes) }

// list gathers up to limit entries after a key.
func (c *s3Call) list(ctx context.Context, after string, limit int) (*listing, error) {
	l := &listing{last: after}
	prefix, delimiter := c.text("Prefix"), c.text("Delimiter")
	for {
		page, err := c.store.List(ctx, c.text("Bucket"), storage.ListOptions{Prefix: prefix, After: l.last, Max: limit + 1})
		if err != nil {
			return nil, err
		}
		skipped := false
		for _, o := range page.Objects {
			if l.len() == limit {
				l.more = true
				return l, nil
			}
			group, grouped := cutGroup(o.Key, prefix, delimiter)
			if !grouped {
				l.objects = append(l.objects, o)
				l.last = o.Key
				continue
			}
			// The rest of the group is skipped by listing on after it.
			l.prefixes = append(l.prefixes, group)
			l.last = group + string(rune(0x10FFFF))
			skipped = true
			break
		}
		if !skipped && !page.More {
			return l, nil
		}
	}
}

// cutGroup gives the common prefix that a key belongs to, if there is one.
func cutGroup(key, prefix, delimiter string) (group string, ok bool) {
	if delimiter == "" {
		return "", false
	}
	rest := key[len(prefix):]
	if i := strings.Index(rest, delimiter); i >= 0 {
		return key[:len(prefix)+i+len(delimiter)], true
	}
	return "", false
}

// limit is the caller's MaxKeys within S3's own.
func (c *s3Call) maxKeys() int {
	if n, ok := c.args.Field("MaxKeys").Int64(); ok && n >= 0 && n < maxKeys {
		return int(n)
	}
	return maxKeys
}

func (c *s3Call) listObjectsV2(ctx context.Context) (v jsonvalue.Value, err error) {
	after := c.text("StartAfter")
	if token := c.text("ContinuationToken"); token != "" {
		raw, err := base64.StdEncoding.DecodeString(token)
		if err != nil {
			return v, storage.ErrInvalidName
		}
		after = string(raw)
	}
	l, err := c.list(ctx, after, c.maxKeys())
	if err != nil {
		return v, err
	}
	b := jsonvalue.NewObject(8)
	c.contents(b, l)
	b.Set("KeyCount", jsonvalue.IntOf(int64(l.len())))
	if l.more {
		b.Set("NextContinuationToken", jsonvalue.StringOf(base64.StdEncoding.EncodeToString([]byte(l.last))))
	}
	return b.Value(), nil
}

func (c *s3Call) listObjects(ctx context.Context) (v jsonvalue.Value, err error) {
	l, err := c.list(ctx, c.text("Marker"), c.maxKeys())
	if err != nil {
		return v, err
	}
	b := jsonvalue.NewObject(8)
	c.contents(b, l)
	b.Set("Marker", jsonvalue.StringOf(c.text("Marker")))
	if l.more {
		b.Set("NextMarker", jsonvalue.StringOf(l.last))
	}
	return b.Value(), nil
}

// contents writes what both listings have.
func (c *s3Call) contents(b jsonvalue.ObjectBuilder, l *listing) {
	objects := make([]jsonvalue.Value, len(l.objects))
	for i, o := range l.objects {
		objects[i] = jsonvalue.ObjectOf(
			jsonvalue.Member{Key: "ETag", Value: etag(o)},
			jsonvalue.Member{Key: "Key", Value: jsonvalue.StringOf(o.Key)},
			jsonvalue.Member{Key: "LastModified", Value: instant(o.Modified)},
			jsonvalue.Member{Key: "Size", Value: jsonvalue.IntOf(o.Size)},
			jsonvalue.Member{Key: "StorageClass", Value: jsonvalue.StringOf("STANDARD")},
		)
	}
	b.Set("Contents", jsonvalue.ArrayOf(objects...))
	if d := c.text("Delimiter"); d != "" {
		prefixes := make([]jsonvalue.Value, len(l.prefixes))
		for i, p := range l.prefixes {
			prefixes[i] = jsonvalue.ObjectOf(jsonvalue.Member{Key: "Prefix", Value: jsonvalue.StringOf(p)})
		}
		b.Set("CommonPrefixes", jsonvalue.ArrayOf(prefixes...))
		b.Set("Delimiter", jsonvalue.StringOf(d))
	}
	b.Set("IsTruncated", jsonvalue.BoolOf(l.more))
	b.Set("MaxKeys", jsonvalue.IntOf(int64(c.maxKeys())))
	b.Set("Name", jsonvalue.StringOf(c.text("Bucket")))
	b.Set("Prefix", jsonvalue.StringOf(c.text("Prefix")))
}
