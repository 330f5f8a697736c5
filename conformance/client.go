package conformance

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	v4 "github.com/aws/aws-sdk-go-v2/aws/signer/v4"

	"github.com/waslrun/wasl/asl/jsonvalue"
)

// client calls the operations of the Step Functions API (awsJson1_0). It gives
// the answers as they are, which the SDK's types would not: histories compare
// as JSON.
type client struct {
	url    string
	o      EndpointOptions
	signer *v4.Signer
	http   *http.Client
}

func newClient(url string, o EndpointOptions) *client {
	return &client{url: strings.TrimSuffix(url, "/"), o: o, signer: v4.NewSigner(), http: &http.Client{}}
}

// fields are the members of a request.
type fields map[string]any

// apiError is an error that the API answered.
type apiError struct{ Operation, Type, Message string }

func (e *apiError) Error() string {
	return fmt.Sprintf("%s: %s: %s", e.Operation, e.Type, e.Message)
}

// maxAnswer bounds an answer: a page of 1,000 events with large payloads.
const maxAnswer = 64 << 20

func (c *client) call(ctx context.Context, operation string, request fields) (jsonvalue.Value, error) {
	body, err := json.Marshal(request)
	if err != nil {
		return jsonvalue.Value{}, err
	}
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, c.address(operation), bytes.NewReader(body))
	if err != nil {
		return jsonvalue.Value{}, err
	}
	r.Header.Set("Content-Type", "application/x-amz-json-1.0")
	r.Header.Set("X-Amz-Target", "AWSStepFunctions."+operation)
	sum := sha256.Sum256(body)
	key := aws.Credentials{
		AccessKeyID: c.o.AccessKeyID, SecretAccessKey: c.o.SecretAccessKey, SessionToken: c.o.SessionToken,
	}
	if err := c.signer.SignHTTP(ctx, key, r, hex.EncodeToString(sum[:]), "states", c.o.Region, time.Now()); err != nil {
		return jsonvalue.Value{}, err
	}
	answer, err := c.http.Do(r)
	if err != nil {
		return jsonvalue.Value{}, err
	}
	defer answer.Body.Close()
	text, err := io.ReadAll(io.LimitReader(answer.Body, maxAnswer))
	if err != nil {
		return jsonvalue.Value{}, fmt.Errorf("%s: %w", operation, err)
	}
	v, err := jsonvalue.Parse(string(text))
	if err != nil && len(text) > 0 {
		return v, fmt.Errorf("%s: HTTP status %d, no JSON: %w", operation, answer.StatusCode, err)
	}
	if answer.StatusCode != http.StatusOK {
		return v, failureOf(operation, answer.StatusCode, v)
	}
	return v, nil
}

// address is where an operation is called. AWS serves StartSyncExecution on a
// host of its own.
func (c *client) address(operation string) string {
	u, err := url.Parse(c.url)
	if err == nil && operation == "StartSyncExecution" && strings.HasPrefix(u.Host, "states.") {
		u.Host = "sync-" + u.Host
		return u.String() + "/"
	}
	return c.url + "/"
}

func failureOf(operation string, status int, v jsonvalue.Value) error {
	e := &apiError{Operation: operation, Type: v.Field("__type").Text(), Message: v.Field("message").Text()}
	if e.Message == "" {
		e.Message = v.Field("Message").Text()
	}
	if i := strings.LastIndexByte(e.Type, '#'); i >= 0 {
		e.Type = e.Type[i+1:]
	}
	if e.Type == "" {
		e.Type = fmt.Sprintf("HTTP status %d", status)
	}
	return e
}
