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
// Reference Guide: service-specific endpoints, credentials, region, host prefix
// injection).
func clientEnvironment(endpoint, region string) string {
	var b strings.Builder
	for _, v := range [][2]string{
		{"AWS_ENDPOINT_URL_SFN", endpoint},
		{"AWS_REGION", region},
		{"AWS_DEFAULT_REGION", region},
		{"AWS_ACCESS_KEY_ID", "wasl"},
		{"AWS_SECRET_ACCESS_KEY", "wasl"},
		{"AWS_DISABLE_HOST_PREFIX_INJECTION", "true"},
	} {
		fmt.Fprintf(&b, "export %s=%s\n", v[0], v[1])
	}
	return b.String()
}
