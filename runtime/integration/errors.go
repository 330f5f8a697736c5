package integration

import (
	"errors"
	"fmt"
	"strings"
)

// sdk1 writes an error as an optimised integration shows it: prefix is what
// the error's name begins with, service what the SDK calls the service.
func (s *Set) sdk1(prefix, service string, e *ServiceError) Outcome {
	return Fail(prefix+"."+exception(e.Code), fmt.Sprintf(
		"%s (Service: %s; Status Code: %d; Error Code: %s; Request ID: %s; Proxy: null)",
		e.Message, service, e.status(), e.Code, s.NewID()))
}

// sdk2 writes an error as an aws-sdk: integration shows it. more goes between
// the request's id and the closing bracket.
func (s *Set) sdk2(service string, e *ServiceError, more string) Outcome {
	name := strings.ToUpper(service[:1]) + service[1:]
	return Fail(name+"."+exception(e.Code), fmt.Sprintf(
		"%s (Service: %s, Status Code: %d, Request ID: %s%s) (SDK Attempt Count: 1)",
		e.Message, name, e.status(), s.NewID(), more))
}

// sdkFailure is the outcome of an error that an SDK answered.
func (s *Set) sdkFailure(service string, err error) Outcome {
	var refusal *ServiceError
	if !errors.As(err, &refusal) {
		refusal = &ServiceError{Code: "InternalServerException", Message: err.Error(), Status: 500}
	}
	return s.sdk2(service, refusal, "")
}

// exception is the name that AWS's SDKs for Java give to an error code.
func exception(code string) string {
	if strings.HasSuffix(code, "Exception") {
		return code
	}
	return code + "Exception"
}

func (e *ServiceError) status() int {
	if e.Status == 0 {
		return 400
	}
	return e.Status
}
