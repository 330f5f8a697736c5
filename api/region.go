package api

import (
	"log/slog"
	"net/http"
	"strings"
	"sync"
)

// foreignRegions are those that clients signed for although the server is in
// another. The log tells of each once.
type foreignRegions struct {
	mu   sync.Mutex
	told map[string]bool
}

// maxForeign bounds how many regions are told of: clients name them.
const maxForeign = 16

// note compares the region that a request is signed for with the server's. The
// request is answered all the same; but its client will make ARNs of that
// region, and nothing here has them.
func (f *foreignRegions) note(r *http.Request, own string, log *slog.Logger) {
	region := signedRegion(r.Header.Get("Authorization"))
	if region == "" || region == own {
		return
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.told[region] || len(f.told) >= maxForeign {
		return
	}
	if f.told == nil {
		f.told = map[string]bool{}
	}
	f.told[region] = true
	log.Warn("a client signs for another region than the server's: its ARNs will not be found here, "+
		"unless it is told the server's region or [aws] region in config.toml is changed",
		"signed", region, "region", own)
}

// signedRegion is the region in the credential scope of a signature (version 4),
// KEY/DATE/REGION/SERVICE/aws4_request; "" when there is none.
func signedRegion(authorization string) string {
	_, credential, ok := strings.Cut(authorization, "Credential=")
	if !ok {
		return ""
	}
	credential, _, _ = strings.Cut(credential, ",")
	scope := strings.Split(credential, "/")
	if len(scope) < 5 { // an access key id may have slashes, the rest not
		return ""
	}
	return cut(scope[len(scope)-3], 64)
}
