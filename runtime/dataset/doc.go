// Package dataset reads the items of a Distributed Map from storage, as its
// ItemReader says: JSON, JSON Lines, CSV and manifests by s3:getObject, the
// objects of a bucket by s3:listObjectsV2.
//
// A [Reader] streams: it holds one item at a time, whatever the size of the
// object behind it.
package dataset
