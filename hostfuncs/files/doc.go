// Package files is what a guest sees of files: trees that it was granted, and
// where the paths lead that it asks for.
//
// A [Set] is a module's grant. It opens each tree once; [Set.Begin] gives the
// trees of one call, [Set.Initial] those of a module's initialisation. A [Tree]
// is a folder of the host (host.go), or files in memory (memory.go): the scratch
// of a call, or its own copy of a folder.
//
// Guests' paths are resolved in one place for all of them ([Resolve]), one name
// at a time, from a directory that the guest holds and never above it: "..",
// absolute paths and symbolic links lead to no other place. A tree gets
// canonical paths only: names with a slash between them, none of which is empty,
// "." or "..", and none but the last a link; the tree itself is "". A folder of
// the host is an os.Root besides, so that what changes between two looks at it
// leads nowhere else either.
//
// Errors are WASI's ([Errno]), since they are for guests alone.
package files
