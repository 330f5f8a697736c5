package hostfuncs

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"strconv"
	"strings"
	"syscall"
	"time"

	"github.com/waslrun/wasl/modules"
)

// HTTPOptions say which requests guests may make.
type HTTPOptions struct {
	// Hosts are the names that may appear in a URL: "api.example.com",
	// "*.example.com" for everything below a name, "example.com:8443" for a port
	// that is not the scheme's own, or an IP address.
	Hosts []string
	// Private are addresses or prefixes ("10.1.0.0/16") that may be dialled, at
	// the ports of Hosts, although they are not public. An IP address among Hosts
	// may be dialled too, at its own port alone.
	Private []string
	// MaxBody bounds the bodies of a request and of its answer.
	// 0: DefaultMaxBody.
	MaxBody int64 // bytes
	// Timeout bounds a request from its start to the last byte of its answer.
	// 0: DefaultTimeout.
	Timeout time.Duration
}

// What HTTPOptions have that do not say otherwise.
const (
	DefaultMaxBody = 4 << 20 // bytes
	DefaultTimeout = 30 * time.Second
)

// NewHTTPClient makes the client of one or more modules' grants.
func NewHTTPClient(o HTTPOptions) (*HTTPClient, error) {
	c := &HTTPClient{maxBody: o.MaxBody, timeout: o.Timeout}
	if c.maxBody <= 0 {
		c.maxBody = DefaultMaxBody
	}
	if c.timeout <= 0 {
		c.timeout = DefaultTimeout
	}
	for _, text := range o.Hosts {
		rule, err := parseHostRule(text)
		if err != nil {
			return nil, err
		}
		c.hosts = append(c.hosts, rule)
	}
	for _, text := range o.Private {
		prefix, err := parsePrefix(text)
		if err != nil {
			return nil, fmt.Errorf("%q is neither an IP address nor a prefix", text)
		}
		c.private = append(c.private, prefix)
	}
	c.client = c.newClient()
	return c, nil
}

// parsePrefix reads an address or a prefix. An IPv4 address within IPv6 is the
// IPv4 address, as it is when it is dialled.
func parsePrefix(text string) (netip.Prefix, error) {
	if addr, err := netip.ParseAddr(text); err == nil {
		addr = addr.Unmap()
		return netip.PrefixFrom(addr, addr.BitLen()), nil
	}
	prefix, err := netip.ParsePrefix(text)
	if err != nil {
		return prefix, err
	}
	if addr := prefix.Addr(); addr.Is4In6() && prefix.Bits() >= 96 {
		prefix = netip.PrefixFrom(addr.Unmap(), prefix.Bits()-96)
	}
	return prefix.Masked(), nil
}

// HTTPClient makes guests' requests. It looks at a URL's host before a request
// and at the address when it connects, after the name was resolved, so that a
// name cannot change its meaning between the two. It follows no redirect: the
// guest gets it as the answer and can ask for the new place, under the same
// rules. It undoes no compression.
type HTTPClient struct {
	hosts   []hostRule
	private []netip.Prefix
	maxBody int64
	timeout time.Duration
	client  *http.Client
}

func (c *HTTPClient) newClient() *http.Client {
	dialer := &net.Dialer{
		Timeout: 10 * time.Second,
		ControlContext: func(_ context.Context, network, address string, _ syscall.RawConn) error {
			return c.checkAddress(network, address)
		},
	}
	return &http.Client{
		Transport: &http.Transport{
			Proxy:                  nil, // a proxy would connect to what we may not
			DialContext:            dialer.DialContext,
			DisableCompression:     true,
			ForceAttemptHTTP2:      true,
			MaxResponseHeaderBytes: 64 << 10,
			MaxIdleConnsPerHost:    16,
			IdleConnTimeout:        time.Minute,
			TLSHandshakeTimeout:    10 * time.Second,
		},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
}

// Close drops idle connections.
func (c *HTTPClient) Close() { c.client.CloseIdleConnections() }

// hostRule allows a host.
type hostRule struct {
	name  string // lower case; without the "*" of a wildcard
	below bool   // names that end with name, which then begins with a dot
	port  string // empty: the scheme's own
	// addr is the name when that is an address.
	addr netip.Addr
}

// schemePorts are the ports that a URL means when it names none.
var schemePorts = map[string]string{"http": "80", "https": "443"}

func parseHostRule(text string) (hostRule, error) {
	r := hostRule{name: strings.ToLower(text)}
	if host, port, err := net.SplitHostPort(r.name); err == nil {
		r.name, r.port = host, port
	}
	r.name = strings.TrimSuffix(strings.Trim(r.name, "[]"), ".") // as checkURL takes it
	if rest, ok := strings.CutPrefix(r.name, "*"); ok && strings.HasPrefix(rest, ".") {
		r.name, r.below = rest, true
	}
	if r.port != "" {
		if _, err := strconv.ParseUint(r.port, 10, 16); err != nil {
			return hostRule{}, fmt.Errorf("%q is not a host with a port", text)
		}
	}
	if r.name == "" || strings.ContainsAny(r.name, "/*@ ") {
		return hostRule{}, fmt.Errorf("%q is not a host", text)
	}
	if addr, err := netip.ParseAddr(r.name); err == nil {
		r.addr = addr.Unmap().WithZone("")
		r.name = addr.Unmap().String()
	}
	return r, nil
}

func (r hostRule) allows(name, port, scheme string) bool {
	if !samePort(cmp.Or(port, schemePorts[scheme]), cmp.Or(r.port, schemePorts[scheme])) {
		return false
	}
	if r.below {
		return strings.HasSuffix(name, r.name)
	}
	return name == r.name
}

// samePort compares ports as numbers, since "080" is dialled as 80.
func samePort(a, b string) bool {
	x, err := strconv.ParseUint(a, 10, 16)
	y, err2 := strconv.ParseUint(b, 10, 16)
	return err == nil && err2 == nil && x == y
}

// opens tells whether a rule for an address lets it be dialled at a port.
func (r hostRule) opens(addr netip.Addr, port uint16) bool {
	if r.addr != addr {
		return false
	}
	text := strconv.Itoa(int(port))
	if r.port != "" {
		return samePort(text, r.port)
	}
	return text == schemePorts["http"] || text == schemePorts["https"]
}

// checkURL says why a guest may not ask for a URL.
func (c *HTTPClient) checkURL(text string) (*url.URL, error) {
	u, err := url.Parse(text)
	if err != nil {
		return nil, refuse(codeInvalid, "the URL is malformed")
	}
	switch {
	case u.Scheme != "http" && u.Scheme != "https":
		return nil, refuse(codeInvalid, "the URL's scheme is neither http nor https")
	case u.User != nil:
		return nil, refuse(codeInvalid, "the URL holds a user name")
	case u.Opaque != "" || u.Hostname() == "":
		return nil, refuse(codeInvalid, "the URL has no host")
	}
	name := strings.TrimSuffix(strings.ToLower(u.Hostname()), ".")
	if addr, err := netip.ParseAddr(name); err == nil {
		name = addr.Unmap().String()
	}
	for _, rule := range c.hosts {
		if rule.allows(name, u.Port(), u.Scheme) {
			return u, nil
		}
	}
	return nil, refuse(codeDenied, "requests to %.300q are not granted", u.Host)
}

// checkAddress refuses to connect to what is not on the public internet, unless
// it was named: an address with its port, whichever name led to it, or a prefix.
func (c *HTTPClient) checkAddress(network, address string) error {
	where, err := netip.ParseAddrPort(address)
	if err != nil || !strings.HasPrefix(network, "tcp") {
		return refuse(codeDenied, "connections to %s %s are not granted", network, address)
	}
	addr := where.Addr().Unmap().WithZone("")
	for _, rule := range c.hosts {
		if rule.opens(addr, where.Port()) {
			return nil
		}
	}
	for _, prefix := range c.private {
		if prefix.Contains(addr) {
			return nil
		}
	}
	if isPublic(addr) {
		return nil
	}
	return refuse(codeDenied, "the address %s is not public", addr)
}

// notPublic are the address blocks that netip's own methods do not know, from
// the IANA special-purpose registries, and those that carry an IPv4 address.
var notPublic = func() (prefixes []netip.Prefix) {
	for _, text := range []string{
		"0.0.0.0/8", "100.64.0.0/10", "192.0.0.0/24", "192.0.2.0/24", "192.88.99.0/24", "198.18.0.0/15",
		"198.51.100.0/24", "203.0.113.0/24", "240.0.0.0/4",
		"::/96", "64:ff9b::/96", "64:ff9b:1::/48", "100::/64", "2001::/23", "2001:db8::/32", "2002::/16",
		"3fff::/20", "5f00::/16", "fec0::/10",
	} {
		prefixes = append(prefixes, netip.MustParsePrefix(text))
	}
	return prefixes
}()

func isPublic(addr netip.Addr) bool {
	if !addr.IsGlobalUnicast() || addr.IsPrivate() {
		return false
	}
	for _, prefix := range notPublic {
		if prefix.Contains(addr) {
			return false
		}
	}
	return true
}

// do carries out a request. The answer's body is read whole.
func (c *HTTPClient) do(ctx context.Context, r *http.Request) (*http.Response, []byte, error) {
	ctx, cancel := context.WithTimeout(ctx, c.timeout)
	defer cancel()
	modules.Waits(ctx)
	answer, err := c.client.Do(r.WithContext(ctx))
	if err != nil {
		return nil, nil, httpError(err)
	}
	defer answer.Body.Close()
	body, err := io.ReadAll(io.LimitReader(answer.Body, c.maxBody+1))
	if err != nil {
		return nil, nil, httpError(err)
	}
	if int64(len(body)) > c.maxBody {
		return nil, nil, refuse(codeTooLarge, "the answer's body is larger than %d bytes", c.maxBody)
	}
	return answer, body, nil
}

// httpError keeps a refusal that comes out of the dialler, and leaves the URL,
// which may hold a secret, out of the text.
func httpError(err error) error {
	if r := (*refusal)(nil); errors.As(err, &r) {
		return r
	}
	if u := (*url.Error)(nil); errors.As(err, &u) {
		err = u.Err
	}
	return fmt.Errorf("HTTP: %w", err)
}
