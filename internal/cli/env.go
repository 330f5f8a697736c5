package cli

import (
	"fmt"
	"net"
	"strings"

	"github.com/urfave/cli/v2"
)

// envCommand prints what lets AWS's clients find the server.
func envCommand(std streams) *cli.Command {
	return &cli.Command{
		Name:  "env",
		Usage: "print the environment that leads AWS's clients to wasl serve",
		Description: "eval \"$(wasl env)\" sets it in a shell: then the AWS CLI and every SDK of AWS talk to\n" +
			"wasl serve with the same configuration. The credentials are any: they are not checked.",
		Flags: []cli.Flag{configFlag()},
		Action: func(c *cli.Context) error {
			if c.Args().Present() {
				return usage("env: takes no arguments, not %q", c.Args().Slice())
			}
			cfg, err := loadConfig(c.String("config"))
			if err != nil {
				return err
			}
			_, err = fmt.Fprint(std.out, clientEnvironment(endpointOf(cfg.Server.Listen), cfg.AWS.Region))
			return err
		},
	}
}

// endpointOf is the URL of a server that listens on an address, as clients on
// the same machine reach it.
func endpointOf(listen string) string {
	host, port, err := net.SplitHostPort(listen)
	if err != nil {
		return "http://" + listen
	}
	if ip := net.ParseIP(host); host == "" || ip != nil && ip.IsUnspecified() {
		host = "127.0.0.1"
	}
	return "http://" + net.JoinHostPort(host, port)
}

// clientEnvironment is what AWS's SDKs and its CLI read (AWS SDKs and Tools
// Reference Guide: service-specific endpoints, credentials, region).
func clientEnvironment(endpoint, region string) string {
	var b strings.Builder
	for _, v := range [][2]string{
		{"AWS_ENDPOINT_URL_SFN", endpoint},
		{"AWS_REGION", region},
		{"AWS_DEFAULT_REGION", region},
		{"AWS_ACCESS_KEY_ID", "wasl"},
		{"AWS_SECRET_ACCESS_KEY", "wasl"},
	} {
		fmt.Fprintf(&b, "export %s=%s\n", v[0], v[1])
	}
	b.WriteString(hostPrefix)
	return b.String()
}

// hostPrefix is what no variable can set: for two operations clients put a word
// before the host's name. Each line was tried with the client that it names.
const hostPrefix = `# For StartSyncExecution and TestState clients put "sync-" before the host's name.
# Go:         sfn.NewFromConfig(cfg, func(o *sfn.Options) {
#               o.APIOptions = append(o.APIOptions, func(s *middleware.Stack) error {
#                 return s.Initialize.Add(middleware.InitializeMiddlewareFunc("NoHostPrefix", func(
#                   ctx context.Context, in middleware.InitializeInput, next middleware.InitializeHandler,
#                 ) (middleware.InitializeOutput, middleware.Metadata, error) {
#                   return next.HandleInitialize(smithyhttp.DisableEndpointHostPrefix(ctx, true), in)
#                 }), middleware.Before) }) })
# JavaScript: new SFNClient({ disableHostPrefix: true })
# Python:     boto3.client("stepfunctions", config=Config(inject_host_prefix=False))
# AWS CLI:    a line "127.0.0.1 sync-localhost" in /etc/hosts, and --endpoint-url http://localhost:PORT
`
