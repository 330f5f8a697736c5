package api

import (
	"reflect"
	"strings"

	"github.com/aws/aws-sdk-go-v2/service/sfn/types"

	"github.com/waslrun/wasl/asl/jsonvalue"
	"github.com/waslrun/wasl/runtime/registry"
)

// Logging, tracing and encryption of a state machine are validated, kept and
// shown. They have no further effect: the engine logs by its own configuration
// and keeps nothing encrypted.

// checkRole refuses what cannot be the ARN of a role.
func checkRole(role string) error {
	if !strings.HasPrefix(role, "arn:") {
		return fail("InvalidArn", "Invalid Role Arn: '%s'", role)
	}
	return nil
}

// loggingJSON validates a logging configuration. Absent gives the zero Value.
func loggingJSON(c *types.LoggingConfiguration) (jsonvalue.Value, error) {
	if c == nil {
		return jsonvalue.Value{}, nil
	}
	full := *c
	if full.Level == "" {
		full.Level = types.LogLevelOff
	}
	n := len(full.Destinations)
	if n > 1 || n == 0 && full.Level != types.LogLevelOff {
		return jsonvalue.Value{}, invalidLogging("Must specify exactly one Log Destination.")
	}
	for _, d := range full.Destinations {
		group := d.CloudWatchLogsLogGroup
		if group == nil || group.LogGroupArn == nil {
			return jsonvalue.Value{}, invalidLogging("Must specify a valid Log Destination.")
		}
		if part := strings.Split(*group.LogGroupArn, ":"); len(part) < 7 || part[0] != "arn" || part[2] != "logs" || part[5] != "log-group" {
			return jsonvalue.Value{}, invalidLogging("Must specify a valid Log Destination.")
		}
	}
	return toJSON(full), nil
}

func invalidLogging(what string) error {
	return fail("InvalidLoggingConfiguration", "Invalid Logging Configuration: %s", what)
}

func tracingJSON(c *types.TracingConfiguration) jsonvalue.Value {
	if c == nil {
		return jsonvalue.Value{}
	}
	return toJSON(*c)
}

// encryptionJSON validates an encryption configuration. Absent gives the zero Value.
func encryptionJSON(c *types.EncryptionConfiguration) (jsonvalue.Value, error) {
	if c == nil {
		return jsonvalue.Value{}, nil
	}
	own := c.Type == types.EncryptionTypeAwsOwnedKey
	if own && (c.KmsKeyId != nil || c.KmsDataKeyReusePeriodSeconds != nil) || !own && c.KmsKeyId == nil {
		return jsonvalue.Value{}, fail("InvalidEncryptionConfiguration",
			"Invalid Encryption Configuration: a KMS key is given exactly for type %s", types.EncryptionTypeCustomerManagedKmsKey)
	}
	return toJSON(*c), nil
}

func toJSON[T any](v T) jsonvalue.Value {
	x, _ := codecOf(reflect.TypeFor[T](), wireStyle).encode(reflect.ValueOf(v))
	return x
}

// fromJSON reads what toJSON wrote; the zero Value gives T's zero value.
func fromJSON[T any](x jsonvalue.Value) T {
	var v T
	if x.IsValid() {
		if err := codecOf(reflect.TypeFor[T](), wireStyle).decode(x, reflect.ValueOf(&v).Elem()); err != nil {
			panic("api: a stored configuration does not decode: " + err.Error())
		}
	}
	return v
}

func loggingOf(m *registry.Machine) *types.LoggingConfiguration {
	c := fromJSON[types.LoggingConfiguration](m.Logging)
	if c.Level == "" {
		c.Level = types.LogLevelOff
	}
	return &c
}

func tracingOf(m *registry.Machine) *types.TracingConfiguration {
	c := fromJSON[types.TracingConfiguration](m.Tracing)
	return &c
}

func encryptionOf(m *registry.Machine) *types.EncryptionConfiguration {
	return encryption(m.Encryption)
}

func encryption(x jsonvalue.Value) *types.EncryptionConfiguration {
	c := fromJSON[types.EncryptionConfiguration](x)
	if c.Type == "" {
		c.Type = types.EncryptionTypeAwsOwnedKey
	}
	return &c
}
