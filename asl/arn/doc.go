// Package arn reads and writes Amazon Resource Names: those of Step Functions'
// own resources, and the names that Lambda takes for a function.
//
// The forms are those of AWS's documentation ("Resource types defined by AWS
// Step Functions" and "…by AWS Lambda" in the Service Authorization Reference;
// FunctionName in Lambda's Invoke).
package arn
