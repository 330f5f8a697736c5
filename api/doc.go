// Package api is the AWS Step Functions API over HTTP.
//
// A [Server] is an http.Handler that speaks awsJson1_0: POST / with the
// operation in X-Amz-Target, so that AWS's own SDKs and command line work with
// it unchanged. [Server.Call] is the same API without HTTP, and
// [Server.SDK] has the names of aws-sdk:sfn integrations.
//
// A request passes through these steps, each in a file of its own:
//
//   - http.go bounds and reads it, and finds its operation (operations.go);
//   - constraints.go checks it against the API model's constraints, which
//     constraints.txt holds in compact form;
//   - wire.go turns it into the input structure of aws-sdk-go-v2/service/sfn,
//     and the output structure back into JSON;
//   - machines.go, executions.go, activities.go and so on, one a group of
//     operations, do the work on a [runtime.Engine].
//
// What goes wrong is an [*Error] with the type and the text that AWS uses.
package api
