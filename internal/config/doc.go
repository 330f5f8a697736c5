// Package config reads config.toml.
//
// [Load] gives a [Config] with its defaults filled in and its paths absolute.
// What it does not know it refuses, and says where that stands. config.toml at
// the root of the repository lists every key with its default.
package config
