package cli

import (
	"fmt"
	"testing"

	"github.com/waslrun/wasl/hostfuncs"
	"github.com/waslrun/wasl/modules"
)

// Inspection lists what the imports show, and what of it is not granted.
func TestAsks(t *testing.T) {
	report := func(imports ...string) modules.Report {
		var r modules.Report
		for _, name := range imports {
			r.Imports = append(r.Imports, modules.ImportReport{Name: name})
		}
		return r
	}
	for _, x := range []struct {
		report modules.Report
		grants hostfuncs.Grants
		want   string
	}{
		{report("input_len", "fd_write"), hostfuncs.Grants{}, ""},
		{report("path_open"), hostfuncs.Grants{}, "files:false"},
		{report("storage_put", "storage_get"), hostfuncs.Grants{Storage: []hostfuncs.BucketGrant{{}}}, "storage:true"},
		{report("environ_get"), hostfuncs.Grants{Secrets: map[string]string{"K": "v"}}, "env:true"},
		{
			report("random_get", "clock_time_get", "http_request", "config_get"),
			hostfuncs.Grants{RealClock: true},
			"http:false env:false clock:true random:false",
		},
	} {
		got := ""
		for _, a := range asksOf(x.report, "m", &x.grants) {
			if got != "" {
				got += " "
			}
			got += fmt.Sprint(a.what, ":", a.granted)
		}
		if got != x.want {
			t.Errorf("%v: got %s, want %s", x.report.Imports, got, x.want)
		}
	}
}
