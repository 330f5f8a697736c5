package runtime_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/waslrun/wasl/asl/history"
	"github.com/waslrun/wasl/asl/interp"
	"github.com/waslrun/wasl/asl/jsonvalue"
	"github.com/waslrun/wasl/modules"
	"github.com/waslrun/wasl/runtime"
	"github.com/waslrun/wasl/runtime/registry"
	"github.com/waslrun/wasl/storage"
)

// distributed is a Distributed Map of a task, with more fields of the Map.
func distributed(module, more string) string {
	return fmt.Sprintf(`{"StartAt":"M","States":{"M":{"Type":"Map","Label":"L","End":true%s,"ItemProcessor":{
		"ProcessorConfig":{"Mode":"DISTRIBUTED","ExecutionType":"STANDARD"},
		"StartAt":"T","States":{"T":{"Type":"Task","Resource":"wasm:%s","End":true}}}}}}`, more, module)
}

// oddFails fails for odd numbers.
func oddFails(_ context.Context, w runtime.Work) modules.Result {
	if n, _ := jsonvalue.MustParse(string(w.Input)).Int64(); n%2 == 1 {
		return modules.Result{Failure: &modules.Failure{Error: "Odd", Cause: string(w.Input)}}
	}
	return modules.Result{Output: w.Input}
}

const fromBucket = `,"ItemReader":{"Resource":"arn:aws:states:::s3:getObject","ReaderConfig":{"InputType":"%s"%s},"Parameters":{"Bucket":"in","Key":"items"}}`

func put(t testing.TB, s storage.Store, bucket, key, body string) {
	t.Helper()
	if _, err := s.Put(context.Background(), bucket, key, []byte(body), ""); err != nil {
		t.Fatal(err)
	}
}

func get(t testing.TB, s storage.Store, bucket, key string) string {
	t.Helper()
	o, err := s.Get(context.Background(), bucket, key)
	if err != nil {
		t.Fatal(err)
	}
	body, err := io.ReadAll(o.Body)
	if err = errors.Join(err, o.Body.Close()); err != nil {
		t.Fatal(err)
	}
	return string(body)
}

func TestDistributedMaps(t *testing.T) {
	const threshold = "FAILED States.ExceedToleratedFailureThreshold The specified tolerated failure threshold was exceeded"
	cases := []struct{ name, definition, input, want string }{
		{"items", distributed("echo", ""), `[1,2,3]`, `[1,2,3]`},
		{"none", distributed("echo", ""), `[]`, `[]`},
		{"a failure", distributed("oddFails", ""), `[0,1]`, threshold},
		{"tolerated by count", distributed("oddFails", `,"ToleratedFailureCount":2`), `[0,1,2,3,4]`, `[0,2,4]`},
		{"not tolerated by count", distributed("oddFails", `,"ToleratedFailureCount":1`), `[0,1,2,3]`, threshold},
		{"tolerated by percentage", distributed("oddFails", `,"ToleratedFailurePercentage":50`), `[0,1,2,3]`, `[0,2]`},
		{"not tolerated by percentage", distributed("oddFails", `,"ToleratedFailurePercentage":49`), `[0,1,2,3]`, threshold},
		{"read", distributed("echo", fmt.Sprintf(fromBucket, "JSONL", "")), `{}`, `[{"n":1},{"n":2},{"n":3}]`},
		{"read some", distributed("echo", fmt.Sprintf(fromBucket, "JSONL", `,"MaxItems":2`)), `{}`, `[{"n":1},{"n":2}]`},
		{
			"selected", distributed("echo", fmt.Sprintf(fromBucket, "JSONL", "")+`,"ItemSelector":{"i.$":"$$.Map.Item.Index","n.$":"$$.Map.Item.Value.n"}`),
			`{}`, `[{"i":0,"n":1},{"i":1,"n":2},{"i":2,"n":3}]`,
		},
		{
			"batched", distributed("echo", `,"ItemBatcher":{"MaxItemsPerBatch":2,"BatchInput":{"x":1}}`), `[1,2,3]`,
			`[{"BatchInput":{"x":1},"Items":[1,2]},{"BatchInput":{"x":1},"Items":[3]}]`,
		},
		{
			"batched by size", distributed("echo", `,"ItemBatcher":{"MaxInputBytesPerBatch":24}`), `["aaa","bbb","ccc"]`,
			`[{"Items":["aaa","bbb"]},{"Items":["ccc"]}]`,
		},
		{
			"nothing to read", distributed("echo", strings.Replace(fmt.Sprintf(fromBucket, "JSONL", ""), `"items"`, `"none"`, 1)), `{}`,
			`FAILED States.ItemReaderFailed s3://in/none: the specified key does not exist`,
		},
		{
			"parquet", distributed("echo", fmt.Sprintf(fromBucket, "PARQUET", "")), `{}`,
			`FAILED States.ItemReaderFailed an ItemReader with InputType PARQUET is not supported: store the items as JSON, JSONL or CSV`,
		},
		{"ItemsPath beside a reader is ignored", distributed("echo", fmt.Sprintf(fromBucket, "JSONL", "")+`,"ItemsPath":"$.no.such"`), `{}`, `[{"n":1},{"n":2},{"n":3}]`},
		{
			"the source of what is read", distributed("echo", fmt.Sprintf(fromBucket, "JSONL", "")+`,"ItemSelector":{"s.$":"$$.Map.Item.Source"}`),
			`{}`, `[{"s":"S3://in/items"},{"s":"S3://in/items"},{"s":"S3://in/items"}]`,
		},
		{"the source of the state's own", distributed("echo", `,"ItemSelector":{"s.$":"$$.Map.Item.Source"}`), `[1]`, `[{"s":"STATE_DATA"}]`},
		{
			"the members of an object", distributed("echo", strings.Replace(fmt.Sprintf(fromBucket, "JSON", ""), `"items"`, `"object"`, 1)), `{}`, `[3,[5]]`,
		},
		{
			"the names of members", distributed("echo", strings.Replace(fmt.Sprintf(fromBucket, "JSON", ""), `"items"`, `"object"`, 1)+
				`,"ItemSelector":{"k.$":"$$.Map.Item.Key","v.$":"$$.Map.Item.Value","i.$":"$$.Map.Item.Index"}`),
			`{}`, `[{"k":"oak","v":3,"i":0},{"k":"ash","v":[5],"i":1}]`,
		},
		{
			"a list of objects", distributed("echo", `,"ItemReader":{"Resource":"arn:aws:states:eu-central-1:123456789012:s3:listObjectsV2","Parameters":{"Bucket":"in","Prefix":"obj"}}`+
				`,"ItemSelector":{"k.$":"$$.Map.Item.Value.Key","s.$":"$$.Map.Item.Source"}`), `{}`, `[{"k":"object","s":"S3://in"}]`,
		},
		{"MaxItems by path", distributed("echo", fmt.Sprintf(fromBucket, "JSONL", `,"MaxItemsPath":"$.n"`)), `{"n":1}`, `[{"n":1}]`},
		{"MaxItems 0 is no limit", distributed("echo", fmt.Sprintf(fromBucket, "JSONL", `,"MaxItemsPath":"$.n"`)), `{"n":0}`, `[{"n":1},{"n":2},{"n":3}]`},
		{
			"MaxItems below 0", distributed("echo", fmt.Sprintf(fromBucket, "JSONL", `,"MaxItemsPath":"$.n"`)), `{"n":-1}`,
			`FAILED States.ItemReaderFailed field MaxItems must be positive`,
		},
		{
			"what a reader finds can be caught", strings.Replace(distributed("echo", fmt.Sprintf(fromBucket, "JSONL", `,"MaxItemsPath":"$.n"`)+
				`,"Catch":[{"ErrorEquals":["States.ItemReaderFailed"],"Next":"C"}]`), `"States":{`, `"States":{"C":{"Type":"Pass","Parameters":{"e.$":"$.Error"},"End":true},`, 1),
			`{"n":-1}`, `{"e":"States.ItemReaderFailed"}`,
		},
		{"compact results", distributed("oddFails", `,"ToleratedFailureCount":9,"ResultWriter":{"WriterConfig":{"Transformation":"COMPACT","OutputType":"JSON"}}`), `[0,1,2]`, `[0,2]`},
		{"flat results", distributed("echo", `,"ResultWriter":{"WriterConfig":{"Transformation":"FLATTEN","OutputType":"JSON"}}`), `[[1,2],[3]]`, `[1,2,3]`},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			store := storage.NewMemory()
			put(t, store, "in", "items", "{\"n\":1}\n{\"n\":2}\n\n{\"n\":3}\n")
			put(t, store, "in", "object", `{"oak":3,"ash":[5]}`)
			b := newBench(t, runtime.Options{Storage: store, Modules: fakeModules{"echo": echo, "oddFails": oddFails}})
			if got := b.run(c.definition, c.input); got != c.want {
				t.Errorf("got  %s\nwant %s", got, c.want)
			}
		})
	}
}

func TestResultsThatAreTooLarge(t *testing.T) {
	b := newBench(t, runtime.Options{Limits: runtime.AWSLimits, Modules: fakeModules{
		"large": func(context.Context, runtime.Work) modules.Result {
			return modules.Result{Output: []byte(`"` + strings.Repeat("x", 100_000) + `"`)}
		},
	}})
	const want = "FAILED States.DataLimitExceeded The state/task 'M' returned a result with a size exceeding the maximum number of bytes service limit."
	if got := b.run(distributed("large", ""), `[1,2,3]`); got != want {
		t.Error(got)
	}
	if got := b.run(distributed("large", ""), `[1,2]`); len(got) != 200_007 {
		t.Errorf("an output of %d bytes", len(got))
	}
}

// What a reader finds wrong fails the run that it reads for (recorded), not the
// state before it.
func TestAReaderFailsInsideTheRun(t *testing.T) {
	for name, object := range map[string]string{"headers twice": "a,a\n1,2\n", "UTF-16": "\xff\xfea\x00"} {
		store := storage.NewMemory()
		put(t, store, "in", "items", object)
		b := newBench(t, runtime.Options{Storage: store, Modules: fakeModules{"echo": echo}})
		x := b.start(distributed("echo", fmt.Sprintf(fromBucket, "CSV", "")), `{}`)
		b.finish(x)
		want := []history.Type{
			history.ExecutionStarted, history.MapStateEntered, history.MapStateStarted, history.MapRunStarted,
			history.MapRunFailed, history.MapStateFailed, history.ExecutionFailed,
		}
		if got := b.types(x); !slices.Equal(got, want) {
			t.Errorf("%s: %v", name, got)
		}
	}
}

// Listed, a child tells how many items it has: one without batches.
func TestChildrenCountTheirItems(t *testing.T) {
	for more, want := range map[string][]int64{"": {1, 1, 1}, `,"ItemBatcher":{"MaxItemsPerBatch":2}`: {1, 2}} {
		b := newBench(t, runtime.Options{Modules: fakeModules{"echo": echo}})
		x := b.start(distributed("echo", `,"MaxConcurrency":1`+more), `[1,2,3]`)
		b.finish(x)
		runs, err := b.MapRuns().List(x.ARN())
		if err != nil || len(runs) != 1 {
			t.Fatalf("%d runs, %v", len(runs), err)
		}
		page, err := b.List(runtime.ListRequest{MapRunARN: runs[0].ARN})
		if err != nil {
			t.Fatal(err)
		}
		var got []int64
		for _, c := range page.Executions { // the last one first
			got = append(got, c.Items)
		}
		if !slices.Equal(got, want) {
			t.Errorf("%q: %v, want %v", more, got, want)
		}
	}
}

func TestAMapRunIsOnRecord(t *testing.T) {
	b := newBench(t, runtime.Options{Modules: fakeModules{"oddFails": oddFails}, Limits: runtime.Limits{ClosedChildren: 2}})
	x := b.start(distributed("oddFails", `,"ToleratedFailurePercentage":50,"MaxConcurrency":1`), `[0,1,2,3]`)
	b.finish(x)
	runs, err := b.MapRuns().List(x.ARN())
	if err != nil || len(runs) != 1 {
		t.Fatalf("%d runs, %v", len(runs), err)
	}
	r, err := b.MapRuns().Describe(runs[0].ARN)
	if err != nil {
		t.Fatal(err)
	}
	want := runtime.Counts{Succeeded: 2, Failed: 2, Total: 4, ResultsWritten: 4}
	if r.Items != want || r.Executions != want || r.Status != runtime.MapRunSucceeded || r.MaxConcurrency != 1 || r.ToleratedPercentage != 50 {
		t.Errorf("%+v", r)
	}
	if !strings.HasPrefix(r.ARN, "arn:aws:states:eu-central-1:123456789012:mapRun:m0/L:") || !strings.HasSuffix(r.MachineARN, ":stateMachine:m0/L") {
		t.Errorf("%s of %s", r.ARN, r.MachineARN)
	}
	// The first two children are off the record.
	page, err := b.List(runtime.ListRequest{MapRunARN: r.ARN, Page: runtime.Page{Max: 1}})
	if err != nil || len(page.Executions) != 1 || page.Next == "" {
		t.Fatalf("%+v, %v", page, err)
	}
	if c, err := b.Describe(page.Executions[0].ARN); err != nil || c.Status != interp.FailedRun || c.InputText != "3" || c.MapRunARN != r.ARN {
		t.Errorf("the last child is %+v, %v", c, err)
	}
	page, err = b.List(runtime.ListRequest{MapRunARN: r.ARN, Page: runtime.Page{Max: 1, Token: page.Next}})
	if err != nil || len(page.Executions) != 1 || page.Next != "" {
		t.Fatalf("the second page is %+v, %v", page, err)
	}
	if c, err := b.Describe(page.Executions[0].ARN); err != nil || c.InputText != "2" {
		t.Errorf("the third child is %+v, %v", c, err)
	}
	if _, err := b.List(runtime.ListRequest{MapRunARN: r.ARN + "x"}); !errors.Is(err, runtime.ErrMapRunDoesNotExist) {
		t.Errorf("an unknown run: %v", err)
	}
}

func TestResultsAreWritten(t *testing.T) {
	store := storage.NewMemory()
	b := newBench(t, runtime.Options{Storage: store, Modules: fakeModules{"oddFails": oddFails}})
	const writer = `,"ToleratedFailureCount":9,"MaxConcurrency":1,"ResultWriter":{"Resource":"arn:aws:states:::s3:putObject","Parameters":{"Bucket":"out","Prefix":"jobs/"}%s}`
	details := func(config string) (folder string) {
		t.Helper()
		out := jsonvalue.MustParse(b.run(distributed("oddFails", fmt.Sprintf(writer, config)), `[0,1,2]`))
		key := out.Field("ResultWriterDetails").Field("Key").Text()
		run := out.Field("MapRunArn").Text()
		folder = "jobs/" + run[strings.LastIndex(run, ":")+1:] + "/"
		if key != folder+"manifest.json" {
			t.Fatalf("the output is %s", out)
		}
		return folder
	}
	folder := details("")
	manifest := jsonvalue.MustParse(get(t, store, "out", folder+"manifest.json"))
	files := manifest.Field("ResultFiles")
	for _, status := range []string{"SUCCEEDED", "FAILED"} {
		f := files.Field(status).At(0)
		body := get(t, store, "out", f.Field("Key").Text())
		if n, _ := f.Field("Size").Int64(); n != int64(len(body)) || f.Field("Key").Text() != folder+status+"_0.json" {
			t.Errorf("%s: %s of %d bytes", status, f, len(body))
		}
		for _, e := range jsonvalue.MustParse(body).Elems() {
			if e.Field("Status").Text() != status || e.Field("Input").Text() == "" {
				t.Errorf("%s", e)
			}
		}
	}
	folder = details(`,"WriterConfig":{"Transformation":"COMPACT","OutputType":"JSONL"}`)
	if got := get(t, store, "out", folder+"SUCCEEDED_0.jsonl"); got != "0\n2\n" {
		t.Errorf("compact lines are %q", got)
	}
}

func TestAMapRunKeepsItsConcurrency(t *testing.T) {
	var mu sync.Mutex
	running, most := 0, 0
	o := runtime.Options{Workers: 100, Modules: fakeModules{"slow": func(context.Context, runtime.Work) modules.Result {
		mu.Lock()
		running++
		most = max(most, running)
		mu.Unlock()
		time.Sleep(time.Second)
		mu.Lock()
		running--
		mu.Unlock()
		return modules.Result{Output: []byte("1")}
	}}}
	inBubble(t, o, func(b *bench) {
		x := b.start(distributed("slow", `,"MaxConcurrency":3`), array(12))
		info := b.finish(x)
		if took := info.Stopped.Sub(info.Started); most != 3 || took != 4*time.Second {
			b.t.Errorf("%d at once, %s", most, took)
		}
	})
	most = 0
	inBubble(t, o, func(b *bench) {
		x := b.start(distributed("slow", `,"MaxConcurrency":1`), array(11))
		time.Sleep(500 * time.Millisecond)
		runs, err := b.MapRuns().List(x.ARN())
		if err != nil {
			b.t.Fatal(err)
		}
		five := int64(5)
		if err := b.MapRuns().Update(runs[0].ARN, runtime.MapRunChange{MaxConcurrency: &five}); err != nil {
			b.t.Fatal(err)
		}
		info := b.finish(x)
		if took := info.Stopped.Sub(info.Started); most != 5 || took > 3500*time.Millisecond {
			b.t.Errorf("%d at once, %s", most, took)
		}
	})
}

func TestStoppingAnExecutionStopsItsMapRun(t *testing.T) {
	inBubble(t, runtime.Options{Modules: fakeModules{"stubborn": stubborn}}, func(b *bench) {
		x := b.start(distributed("stubborn", `,"MaxConcurrency":2`), `[1,2,3]`)
		time.Sleep(time.Second)
		if _, err := b.Stop(x.ARN(), "", ""); err != nil {
			b.t.Fatal(err)
		}
		synctest.Wait()
		runs, err := b.MapRuns().List(x.ARN())
		if err != nil {
			b.t.Fatal(err)
		}
		r := runs[0]
		if want := (runtime.Counts{Aborted: 2, Total: 2, ResultsWritten: 2}); r.Status != runtime.MapRunAborted || r.Executions != want {
			b.t.Errorf("%+v", r)
		}
	})
}

// manyLines is a store with one object of n lines, made while it is read.
type manyLines struct {
	storage.Store
	n int
}

func (m manyLines) Get(context.Context, string, string) (storage.Object, error) {
	return storage.Object{Body: &lineReader{left: m.n}}, nil
}

type lineReader struct {
	left int
	rest []byte
}

func (r *lineReader) Read(p []byte) (int, error) {
	if len(r.rest) == 0 {
		if r.left == 0 {
			return 0, io.EOF
		}
		r.rest = fmt.Appendf(r.rest[:0], "{\"n\":%d,\"text\":\"some text that makes the line longer\"}\n", r.left)
		r.left--
	}
	n := copy(p, r.rest)
	r.rest = r.rest[n:]
	return n, nil
}

func (*lineReader) Seek(int64, int) (int64, error) { return 0, errors.New("not seekable") }

func (*lineReader) Close() error { return nil }

// Memory must follow what is open, not what there is.
func TestALongMapRunIsFlatInMemory(t *testing.T) {
	if testing.Short() {
		t.Skip("takes seconds")
	}
	const lines, wantMB = 50_000, 30
	for _, kind := range []string{"STANDARD", "EXPRESS"} {
		t.Run(kind, func(t *testing.T) {
			var mu sync.Mutex
			var peak heapPeak
			peak.look()
			before, calls := peak.bytes, 0
			look := func(_ context.Context, w runtime.Work) modules.Result {
				mu.Lock()
				defer mu.Unlock()
				if calls++; calls%(lines/5) == 0 {
					peak.look()
				}
				return modules.Result{Output: w.Input}
			}
			b := newBench(t, runtime.Options{Storage: manyLines{storage.NewMemory(), lines}, Modules: fakeModules{"look": look}})
			definition := strings.Replace(distributed("look", fmt.Sprintf(fromBucket, "JSONL", "")+
				`,"ResultWriter":{"Resource":"arn:aws:states:::s3:putObject","Parameters":{"Bucket":"out"},"WriterConfig":{"Transformation":"COMPACT","OutputType":"JSONL"}}`), "STANDARD", kind, 1)
			info := b.finish(b.startMachine(b.machine("m", registry.Standard, definition), `{}`))
			if info.Status != interp.Succeeded || calls != lines {
				t.Fatalf("%s after %d calls", outcome(info), calls)
			}
			stored := uint64(lines * 60) // what the results take in the memory store
			if got := int64(peak.bytes-before-stored) >> 20; got > wantMB {
				t.Errorf("%d MiB are held", got)
			}
		})
	}
}

func TestALongMapIsFlatInMemory(t *testing.T) {
	if testing.Short() {
		t.Skip("takes seconds")
	}
	const items, wantMB = 100_000, 30
	input := jsonvalue.MustParse(array(items))
	var mu sync.Mutex
	var peak heapPeak
	peak.look()
	before, calls := peak.bytes, 0
	look := func(_ context.Context, w runtime.Work) modules.Result {
		mu.Lock()
		defer mu.Unlock()
		if calls++; calls%(items/5) == 0 {
			peak.look()
		}
		return modules.Result{Output: w.Input}
	}
	b := newBench(t, runtime.Options{Modules: fakeModules{"echo": look}})
	x, err := b.Start(context.Background(), runtime.StartRequest{
		Machine: b.machine("m", registry.Standard, fmt.Sprintf(mapOfTasks, 40, "")), Input: input, DiscardHistory: true,
	})
	if err != nil {
		t.Fatal(err)
	}
	if info := b.finish(x); info.Output.Len() != items {
		t.Fatal(outcome(info))
	}
	if got := int64(peak.bytes-before) >> 20; got > wantMB {
		t.Errorf("%d MiB are held", got)
	}
}
