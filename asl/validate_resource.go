package asl

import (
	"strings"

	"github.com/waslrun/wasl/asl/jsonvalue"
)

// taskResource is a Task's Resource.
func taskResource(c *checker, at *Place, v jsonvalue.Value, s scope) {
	c.resource(at, v, s, integrations)
}

// readerResource and writerResource are those of an ItemReader and a
// ResultWriter.
func readerResource(c *checker, at *Place, v jsonvalue.Value, s scope) {
	c.resource(at, v, s, readers)
}

func writerResource(c *checker, at *Place, v jsonvalue.Value, s scope) {
	c.resource(at, v, s, writers)
}

// resource accepts ARNs that lead somewhere: to a function or an activity, to
// an integration among services, to what is bound; and wasm:NAME.
func (c *checker) resource(at *Place, v jsonvalue.Value, s scope, services map[string]map[string]string) {
	if v.Kind() != jsonvalue.String {
		c.wrongType(at, v, "String")
		return
	}
	r := ParseResource(v.Text())
	if c.bound == nil || !c.bound(r) {
		c.known(at, r, services)
	}
	if s.express {
		c.expressResource(at, r)
	}
}

// known reports what AWS would not know.
func (c *checker) known(at *Place, r Resource, services map[string]map[string]string) {
	switch r.Kind {
	case ResourceWasm:
		if r.Name == "" {
			c.error(at, InvalidResource, "The resource wasm: names no module")
		}
	case ResourceLambda, ResourceActivity:
	case ResourceIntegration:
		c.integration(at, r, services)
	case ResourceUnknown:
		if !strings.HasPrefix(r.ARN, "arn:") {
			c.schema(at, "Value is not a valid resource ARN").
				hint("write an ARN, such as arn:aws:states:::lambda:invoke, or wasm:NAME")
			return
		}
		c.unrecognized(at, r).hint("a service integration is arn:aws:states:::SERVICE:ACTION; " +
			"[resources] in the configuration binds any other ARN to a module")
	}
}

// integration reports services, actions and patterns that AWS does not have. Of
// the SDK's services there may be more than we know.
func (c *checker) integration(at *Place, r Resource, services map[string]map[string]string) {
	if service, ok := strings.CutPrefix(r.Service, sdkPrefix); ok {
		switch {
		case !isSDK(r):
			c.unrecognized(at, r).hint("an SDK integration is %sSERVICE:ACTION, with the action in camelCase, or that with .waitForTaskToken", sdkPrefix)
		case !isKnownSDKService(service):
			d := c.warn(at, UnknownService, "AWS's SDK has no service '%s' that is known here", service)
			if near := nearest(service, keys(sdkServices)); near != "" {
				d.hint("did you mean %s?", near)
			}
		}
		return
	}
	if has(services, r) {
		return
	}
	d := c.unrecognized(at, r)
	actions, known := services[r.Service]
	switch _, action := actions[r.API]; {
	case action:
		d.hint("%s:%s has no %s", r.Service, r.API, strings.TrimPrefix(r.Action, r.API))
	case known && nearest(r.API, keys(actions)) != "":
		d.hint("did you mean %s:%s?", r.Service, nearest(r.API, keys(actions)))
	case known:
		d.hint("%s has %s", r.Service, strings.Join(keys(actions), ", "))
	case nearest(r.Service, keys(services)) != "":
		d.hint("did you mean %s?", nearest(r.Service, keys(services)))
	default:
		d.hint("any other service of AWS is %sSERVICE:ACTION", sdkPrefix)
	}
}

func (c *checker) unrecognized(at *Place, r Resource) *Diagnostic {
	return c.schema(at, "The resource provided %s is not recognized. The value is not a valid resource ARN, "+
		"or the resource is not available in this region.", r.ARN)
}

// expressResource refuses what an EXPRESS execution cannot wait for.
func (c *checker) expressResource(at *Place, r Resource) {
	if r.Kind == ResourceActivity {
		c.schema(at, "Express state machine does not support Activity ARN")
	}
	for suffix, pattern := range suffixes {
		if r.Kind == ResourceIntegration && r.Pattern == pattern {
			c.schema(at, "Express state machine does not support '%s' service integration", suffix)
		}
	}
}
