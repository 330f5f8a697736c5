package integration

import (
	"context"
	"encoding/base64"
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/waslrun/wasl/asl/errname"
	"github.com/waslrun/wasl/asl/interp"
	"github.com/waslrun/wasl/asl/jsonvalue"
	"github.com/waslrun/wasl/storage"
)

// s3Call is one operation of S3 over the storage.
type s3Call struct {
	store storage.Store
	args  jsonvalue.Value
	// limit is the most bytes of an object that an answer can hold.
	limit int64
}

// bodyLimit bounds what getObject reads. Beyond it lies no payload that an
// execution could hold.
const bodyLimit = 64 << 20

type s3Operation func(c *s3Call, ctx context.Context) (jsonvalue.Value, error)

var s3Operations = map[string]s3Operation{
	"getObject":     (*s3Call).getObject,
	"headObject":    (*s3Call).headObject,
	"putObject":     (*s3Call).putObject,
	"copyObject":    (*s3Call).copyObject,
	"deleteObject":  (*s3Call).deleteObject,
	"deleteObjects": (*s3Call).deleteObjects,
	"listObjects":   (*s3Call).listObjects,
	"listObjectsV2": (*s3Call).listObjectsV2,
	"headBucket":    (*s3Call).headBucket,
}

// s3 plans an operation of S3, in the style of the aws-sdk: integration or of
// an optimised one.
func (s *Set) s3(t *interp.ScheduleTask, operation s3Operation, sdk bool) Plan {
	return &Call{Do: func(ctx context.Context) Outcome {
		output, err := operation(&s3Call{store: s.Storage, args: t.Input, limit: bodyLimit}, ctx)
		switch {
		case err == nil:
			return Succeed(output)
		case errors.Is(err, errTooLarge):
			return Fail(errname.DataLimitExceeded, fmt.Sprintf(
				"The state/task '%s' returned a result with a size exceeding the maximum number of bytes service limit.", t.Resource.Service))
		case sdk:
			return s.sdk2("s3", S3Error(err), ", Extended Request ID: "+s.NewID())
		}
		return s.sdk1("S3", "Amazon S3", S3Error(err))
	}}
}

var needsKey = map[string]bool{
	"getObject": true, "headObject": true, "putObject": true, "copyObject": true, "deleteObject": true,
}

var errTooLarge = errors.New("the object is too large for a task's result")

// S3Error is what S3 answers where the storage gives this error.
func S3Error(err error) *ServiceError {
	switch {
	case errors.Is(err, storage.ErrNoSuchBucket):
		return &ServiceError{Code: "NoSuchBucket", Message: "The specified bucket does not exist", Status: http.StatusNotFound}
	case errors.Is(err, storage.ErrNoSuchKey):
		return &ServiceError{Code: "NoSuchKey", Message: "The specified key does not exist.", Status: http.StatusNotFound}
	case errors.Is(err, storage.ErrInvalidName):
		return &ServiceError{Code: "InvalidArgument", Message: err.Error(), Status: http.StatusBadRequest}
	}
	return &ServiceError{Code: "InternalError", Message: err.Error(), Status: http.StatusInternalServerError}
}

func (c *s3Call) text(field string) string { return c.args.Field(field).Text() }

// describe writes what getObject and headObject tell of an object.
func describe(b jsonvalue.ObjectBuilder, i storage.Info, length int64) {
	b.Set("AcceptRanges", jsonvalue.StringOf("bytes"))
	b.Set("ContentLength", jsonvalue.IntOf(length))
	b.Set("ContentType", jsonvalue.StringOf(i.ContentType))
	b.Set("ETag", etag(i))
	b.Set("LastModified", instant(i.Modified))
	b.Set("Metadata", jsonvalue.EmptyObject)
	b.Set("ServerSideEncryption", jsonvalue.StringOf("AES256"))
}

func etag(i storage.Info) jsonvalue.Value { return jsonvalue.StringOf(`"` + i.ETag + `"`) }

// instant writes a time as version 2 of the SDK does; S3 knows whole seconds.
func instant(t time.Time) jsonvalue.Value {
	return jsonvalue.StringOf(t.UTC().Truncate(time.Second).Format(time.RFC3339))
}

func (c *s3Call) getObject(ctx context.Context) (v jsonvalue.Value, err error) {
	o, err := c.store.Get(ctx, c.text("Bucket"), c.text("Key"))
	if err != nil {
		return v, err
	}
	defer func() { err = errors.Join(err, o.Body.Close()) }()
	first, length, ranged, err := byteRange(c.text("Range"), o.Size)
	if err != nil {
		return v, err
	}
	if length > c.limit {
		return v, errTooLarge
	}
	if _, err := o.Body.Seek(first, io.SeekStart); err != nil {
		return v, err
	}
	body, err := io.ReadAll(io.LimitReader(o.Body, length))
	if err != nil {
		return v, err
	}
	b := jsonvalue.NewObject(9)
	describe(b, o.Info, int64(len(body)))
	if ranged {
		b.Set("ContentRange", jsonvalue.StringOf(fmt.Sprintf("bytes %d-%d/%d", first, first+length-1, o.Size)))
	}
	b.Set("Body", jsonvalue.StringOf(strings.ToValidUTF8(string(body), "\uFFFD")))
	return b.Value(), nil
}

// byteRange reads a Range header's text: bytes=FIRST-LAST, bytes=FIRST- or
// bytes=-COUNT. Without one it is the whole object.
func byteRange(text string, size int64) (first, length int64, ranged bool, err error) {
	if text == "" {
		return 0, size, false, nil
	}
	last := size - 1
	var count int64
	switch {
	case scan(text, "bytes=-%d", &count):
		first = max(0, size-count)
	case scan(text, "bytes=%d-%d", &first, &last):
		last = min(last, size-1)
	case scan(text, "bytes=%d-", &first):
	default:
		return 0, size, false, nil // S3 ignores what it cannot read
	}
	if first < 0 || first >= size || last < first {
		return 0, 0, false, errRange
	}
	return first, last - first + 1, true, nil
}

var errRange = fmt.Errorf("%w: the requested range is not satisfiable", storage.ErrInvalidName)

// scan reads a whole text by a format.
func scan(text, format string, into ...any) bool {
	n, err := fmt.Sscanf(text+"$", format+"$", into...)
	return err == nil && n == len(into)
}

func (c *s3Call) headObject(ctx context.Context) (v jsonvalue.Value, err error) {
	o, err := c.store.Get(ctx, c.text("Bucket"), c.text("Key"))
	if err != nil {
		return v, err
	}
	b := jsonvalue.NewObject(7)
	describe(b, o.Info, o.Size)
	return b.Value(), o.Body.Close()
}

func (c *s3Call) putObject(ctx context.Context) (v jsonvalue.Value, err error) {
	body := objectBody(c.args.Field("Body"))
	info, err := c.store.Put(ctx, c.text("Bucket"), c.text("Key"), body, c.text("ContentType"))
	if err != nil {
		return v, err
	}
	return jsonvalue.ObjectOf(
		jsonvalue.Member{Key: "ChecksumCRC32", Value: jsonvalue.StringOf(checksum(body))},
		jsonvalue.Member{Key: "ChecksumType", Value: jsonvalue.StringOf("FULL_OBJECT")},
		jsonvalue.Member{Key: "ETag", Value: etag(info)},
		jsonvalue.Member{Key: "ServerSideEncryption", Value: jsonvalue.StringOf("AES256")},
	), nil
}

// objectBody is what putObject stores: JSON text, as AWS does it. A text
// gets its quotes.
func objectBody(v jsonvalue.Value) []byte { return v.AppendJSON(nil) }

func checksum(body []byte) string {
	return base64.StdEncoding.EncodeToString(binary.BigEndian.AppendUint32(nil, crc32.ChecksumIEEE(body)))
}

func (c *s3Call) copyObject(ctx context.Context) (v jsonvalue.Value, err error) {
	source, err := url.PathUnescape(strings.TrimPrefix(c.text("CopySource"), "/"))
	bucket, key, ok := strings.Cut(source, "/")
	if err != nil || !ok {
		return v, fmt.Errorf("%w: CopySource %q is not BUCKET/KEY", storage.ErrInvalidName, c.text("CopySource"))
	}
	o, err := c.store.Get(ctx, bucket, key)
	if err != nil {
		return v, err
	}
	body, err := io.ReadAll(o.Body)
	if err = errors.Join(err, o.Body.Close()); err != nil {
		return v, err
	}
	info, err := c.store.Put(ctx, c.text("Bucket"), c.text("Key"), body, o.ContentType)
	if err != nil {
		return v, err
	}
	return jsonvalue.ObjectOf(
		jsonvalue.Member{Key: "CopyObjectResult", Value: jsonvalue.ObjectOf(
			jsonvalue.Member{Key: "ETag", Value: etag(info)},
			jsonvalue.Member{Key: "LastModified", Value: instant(info.Modified)},
		)},
		jsonvalue.Member{Key: "ServerSideEncryption", Value: jsonvalue.StringOf("AES256")},
	), nil
}

func (c *s3Call) deleteObject(ctx context.Context) (jsonvalue.Value, error) {
	return jsonvalue.EmptyObject, c.store.Delete(ctx, c.text("Bucket"), c.text("Key"))
}

func (c *s3Call) deleteObjects(ctx context.Context) (v jsonvalue.Value, err error) {
	var deleted []jsonvalue.Value
	for _, o := range c.args.Field("Delete").Field("Objects").Elems() {
		if err := c.store.Delete(ctx, c.text("Bucket"), o.Field("Key").Text()); err != nil {
			return v, err
		}
		deleted = append(deleted, jsonvalue.ObjectOf(jsonvalue.Member{Key: "Key", Value: o.Field("Key")}))
	}
	return jsonvalue.ObjectOf(jsonvalue.Member{Key: "Deleted", Value: jsonvalue.ArrayOf(deleted...)}), nil
}

func (c *s3Call) headBucket(ctx context.Context) (jsonvalue.Value, error) {
	_, err := c.store.List(ctx, c.text("Bucket"), storage.ListOptions{Max: 1})
	return jsonvalue.EmptyObject, err
}
