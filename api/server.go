package api

import (
	"crypto/rand"
	"fmt"
	"log/slog"
	"sync"
	"time"

	"github.com/waslrun/wasl/asl"
	"github.com/waslrun/wasl/asl/arn"
	"github.com/waslrun/wasl/asl/bounds"
	"github.com/waslrun/wasl/asl/jsonvalue"
	"github.com/waslrun/wasl/runtime"
	"github.com/waslrun/wasl/runtime/registry"
)

// Server is the API over one engine. It is safe for concurrent use.
type Server struct {
	engine   *runtime.Engine
	machines *registry.Registry
	home     arn.Home
	pager    pager
	log      *slog.Logger
	payload  int
	// expressions bound the queries of a state that is tested.
	expressions bounds.Limits
	bound       func(asl.Resource) bool

	mu         sync.Mutex
	encryption map[string]jsonvalue.Value // of activities that were given one, by ARN
	foreign    foreignRegions
}

// Options of a Server.
type Options struct {
	// Engine runs the executions and Registry keeps their machines. Both are needed.
	Engine   *runtime.Engine
	Registry *registry.Registry
	// Region and Account go into the ARNs that the server itself makes.
	Region  string
	Account string
	// MaxPayload is how many bytes inputs and outputs may have. 0: AWS's 262144.
	MaxPayload int
	// Expressions bound the queries of a state that is tested; zero: the defaults.
	Expressions bounds.Limits
	// Bound tells of the resources that the engine runs whatever AWS knows of
	// them, so that definitions may name them. Nil: there are none.
	Bound func(asl.Resource) bool
	Log   *slog.Logger // nil: discard
}

// New makes a Server.
func New(o Options) *Server {
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	key := make([]byte, 32)
	_, _ = rand.Read(key) // never fails
	return &Server{
		engine: o.Engine, machines: o.Registry, home: arn.Home{Region: o.Region, Account: o.Account},
		pager: pager{key}, log: o.Log, payload: o.MaxPayload, bound: o.Bound, expressions: o.Expressions,
		encryption: map[string]jsonvalue.Value{},
	}
}

// orderKey is a page key that sorts by time, then by ARN.
func orderKey(t time.Time, arn string) string { return fmt.Sprintf("%020d %s", t.UnixNano(), arn) }
