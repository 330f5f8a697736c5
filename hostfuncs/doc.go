// Package hostfuncs is what a guest may call: the imports that the host gives
// to a task's module, and what becomes of them.
//
// A [Host] defines four import modules once for a wazero runtime:
//
//   - wasi_snapshot_preview1, WASI without sockets (wasi*.go), whose files are
//     package files';
//   - wasl, the task's own interface: input, output, failure, heartbeat, log,
//     context, storage, HTTP (wasl*.go);
//   - env, what AssemblyScript's compiler has its modules import (env.go);
//   - extism:host/env, so that Extism plug-ins run unchanged (extism*.go).
//
// None of them keeps state between calls. A [Task] says what one call may do;
// [Host.Begin] makes a session of it and puts that into the context, where the
// host functions find it, and the session's End turns what the guest left
// behind into the task's output or failure (end.go). Nothing is granted by
// default.
//
// Everything a guest hands over is hostile until checked: pointers and lengths
// go through type memory, which counts what is moved (price.go), texts are copied before they are looked at, and each
// function bounds its own work. docs/TASKS.md describes the interface for
// those who write guests.
package hostfuncs
