// Package storage is object storage behind one small interface: buckets that
// hold objects under keys, as S3 has them.
//
// Workflows read and write it through their tasks (host functions), through the
// S3 integrations and through Distributed Map's readers and writers. Two
// backends are here: [Memory] and [Dir]; storagetest holds the suite that every
// backend passes.
package storage
