package api

import (
	"bytes"
	"log/slog"
	"net/http/httptest"
	"strings"
	"testing"
)

func TestForeignRegionsAreToldOnce(t *testing.T) {
	const scheme = "AWS4-HMAC-SHA256 "
	signed := func(region string) string {
		return scheme + "Credential=KEY/20260101/" + region + "/states/aws4_request, SignedHeaders=host, Signature=0"
	}
	for _, c := range []struct {
		name           string
		authorizations []string
		want           []string // the regions that are told of, in order
	}{
		{"the server's own", []string{signed(testRegion), signed(testRegion)}, nil},
		{"another", []string{signed("eu-west-1"), signed(testRegion), signed("eu-west-1")}, []string{"eu-west-1"}},
		{"two others", []string{signed("eu-west-1"), signed("eu-west-2"), signed("eu-west-1")}, []string{"eu-west-1", "eu-west-2"}},
		{"a key with a slash", []string{scheme + "Credential=a/b/20260101/eu-west-1/states/aws4_request,Signature=0"}, []string{"eu-west-1"}},
		{"no signature", []string{"", "Bearer x", scheme + "Credential=KEY/x"}, nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			var log bytes.Buffer
			s := newTestServer(t)
			s.log = slog.New(slog.NewTextHandler(&log, nil))
			for _, authorization := range c.authorizations {
				r := httptest.NewRequest("POST", "/", strings.NewReader("{}"))
				r.Header.Set("X-Amz-Target", targetPrefix+"ListStateMachines")
				r.Header.Set("Authorization", authorization)
				w := httptest.NewRecorder()
				s.ServeHTTP(w, r)
				if w.Code != 200 {
					t.Errorf("%s: %d %s", authorization, w.Code, w.Body)
				}
			}
			var told []string
			for line := range strings.Lines(log.String()) {
				_, rest, _ := strings.Cut(line, "signed=")
				told = append(told, strings.Fields(rest)[0])
			}
			if got, want := strings.Join(told, " "), strings.Join(c.want, " "); got != want {
				t.Errorf("told of %q, want %q", got, want)
			}
		})
	}
}

// TestForeignRegionsAreBounded: clients cannot fill the log or the memory with
// regions that they make up.
func TestForeignRegionsAreBounded(t *testing.T) {
	var log bytes.Buffer
	s := newTestServer(t)
	s.log = slog.New(slog.NewTextHandler(&log, nil))
	for i := range 5 * maxForeign {
		r := httptest.NewRequest("POST", "/", strings.NewReader("{}"))
		r.Header.Set("Authorization", "AWS4-HMAC-SHA256 Credential=KEY/1/"+strings.Repeat("r", 1000+i)+"/states/aws4_request")
		s.ServeHTTP(httptest.NewRecorder(), r)
	}
	if n := strings.Count(log.String(), "\n"); n > maxForeign || log.Len() > maxForeign<<10 {
		t.Errorf("%d lines, %d bytes", n, log.Len())
	}
}
