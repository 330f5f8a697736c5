// Package integration knows what the Resource of a Task means.
//
// [Set.Plan] turns a scheduled task into a [Plan]: a [Function] is a module to
// call with bytes, and how to read what it answers; a [Call] is work to be done
// here and now (storage, the API's own operations); a [Child] is an execution
// to be started; an [Answer] needs no work. The engine carries plans out.
//
// What a service answers looks as AWS's own services do it, the envelope of
// lambda:invoke and the texts of errors included. There are two styles of error
// texts: optimised integrations write those of version 1 of AWS's SDK for Java,
// aws-sdk: integrations those of version 2.
package integration
