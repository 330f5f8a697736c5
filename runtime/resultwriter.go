package runtime

import (
	"fmt"
	"strings"
	"time"

	"github.com/waslrun/wasl/asl/errname"
	"github.com/waslrun/wasl/asl/interp"
	"github.com/waslrun/wasl/asl/jsonvalue"
)

// resultFileSize is the size from which a result file is closed and the next
// one begun. It bounds what a run holds of its results.
const resultFileSize = 4 << 20

// resultWriter writes results to storage: files SUCCEEDED_n and FAILED_n, in
// the order in which the children ended, and manifest.json, which lists them.
type resultWriter struct {
	run       *mapRun
	bucket    string
	folder    string // of the run, ending in /; or empty
	how       transformation
	jsonLines bool
	succeeded resultFiles
	failed    resultFiles
}

// resultFiles are the files of one status.
type resultFiles struct {
	status  string
	open    []byte // the file that is being filled
	written []jsonvalue.Value
}

func isoTime(t time.Time) string { return t.UTC().Format("2006-01-02T15:04:05.000Z") }

// newWriter makes the writer that the plan's ResultWriter describes.
func (r *mapRun) newWriter(how transformation) (*resultWriter, error) {
	plan := r.plan.Writer
	if plan.Resource.API != "putObject" {
		return nil, &runError{errname.ResultWriterFailed, fmt.Sprintf("a ResultWriter cannot use %s, only arn:aws:states:::s3:putObject", plan.Resource.ARN)}
	}
	w := &resultWriter{
		run: r, bucket: plan.Input.Field("Bucket").Text(), how: how,
		succeeded: resultFiles{status: "SUCCEEDED"}, failed: resultFiles{status: "FAILED"},
	}
	if w.bucket == "" {
		return nil, &runError{errname.ResultWriterFailed, "the ResultWriter names no Bucket"}
	}
	switch kind := plan.Config.Field("OutputType").Text(); kind {
	case "", "JSON":
	case "JSONL":
		w.jsonLines = true
	default:
		return nil, &runError{errname.ResultWriterFailed, fmt.Sprintf("OutputType %q is not known: JSON and JSONL are", kind)}
	}
	if prefix := strings.Trim(plan.Input.Field("Prefix").Text(), "/"); prefix != "" {
		w.folder = prefix + "/"
	}
	w.folder += r.arn[strings.LastIndexByte(r.arn, ':')+1:] + "/"
	return w, nil
}

func (w *resultWriter) add(c childEnd) error {
	files := &w.succeeded
	if c.info.Status != interp.Succeeded {
		files = &w.failed
	}
	for _, v := range w.how.of(c) {
		w.append(files, v)
	}
	if len(files.open) >= resultFileSize {
		return w.flush(files)
	}
	return nil
}

// append adds a value to the open file: an array's element, or a line.
func (w *resultWriter) append(f *resultFiles, v jsonvalue.Value) {
	switch {
	case w.jsonLines:
	case len(f.open) == 0:
		f.open = append(f.open, '[')
	default:
		f.open = append(f.open, ',')
	}
	f.open = v.AppendJSON(f.open)
	if w.jsonLines {
		f.open = append(f.open, '\n')
	}
}

// flush writes the open file.
func (w *resultWriter) flush(f *resultFiles) error {
	if len(f.open) == 0 {
		return nil
	}
	kind := "json"
	if w.jsonLines {
		kind = "jsonl"
	} else {
		f.open = append(f.open, ']')
	}
	key := fmt.Sprintf("%s%s_%d.%s", w.folder, f.status, len(f.written), kind)
	if err := w.put(key, f.open); err != nil {
		return err
	}
	f.written = append(f.written, jsonvalue.ObjectOf(
		jsonvalue.Member{Key: "Key", Value: jsonvalue.StringOf(key)},
		jsonvalue.Member{Key: "Size", Value: jsonvalue.IntOf(int64(len(f.open)))},
	))
	f.open = f.open[:0]
	return nil
}

func (w *resultWriter) put(key string, body []byte) error {
	_, err := w.run.engine.options.Storage.Put(w.run.ctx, w.bucket, key, body, "application/json")
	if err != nil {
		return &runError{errname.ResultWriterFailed, fmt.Sprintf("s3://%s/%s: %s", w.bucket, key, err)}
	}
	return nil
}

// finish writes what is open and the manifest.
func (w *resultWriter) finish() (jsonvalue.Value, error) {
	for _, f := range []*resultFiles{&w.succeeded, &w.failed} {
		if err := w.flush(f); err != nil {
			return jsonvalue.Value{}, err
		}
	}
	arn := jsonvalue.Member{Key: "MapRunArn", Value: jsonvalue.StringOf(w.run.arn)}
	manifest := jsonvalue.ObjectOf(
		jsonvalue.Member{Key: "DestinationBucket", Value: jsonvalue.StringOf(w.bucket)},
		arn,
		jsonvalue.Member{Key: "ResultFiles", Value: jsonvalue.ObjectOf(
			jsonvalue.Member{Key: "FAILED", Value: jsonvalue.ArrayOf(w.failed.written...)},
			jsonvalue.Member{Key: "PENDING", Value: jsonvalue.EmptyArray},
			jsonvalue.Member{Key: "SUCCEEDED", Value: jsonvalue.ArrayOf(w.succeeded.written...)},
		)},
	)
	key := w.folder + "manifest.json"
	if err := w.put(key, []byte(manifest.String())); err != nil {
		return jsonvalue.Value{}, err
	}
	return jsonvalue.ObjectOf(arn, jsonvalue.Member{Key: "ResultWriterDetails", Value: jsonvalue.ObjectOf(
		jsonvalue.Member{Key: "Bucket", Value: jsonvalue.StringOf(w.bucket)},
		jsonvalue.Member{Key: "Key", Value: jsonvalue.StringOf(key)},
	)}), nil
}
