// Package linear provides linear memories: bounded, able to grow without
// moving, and, over an [Image], able to go back to that image at a cost that
// depends on what was written and not on the memory's size. A memory that has
// grown becomes as short as its image again.
//
// On Linux an image is a sealed memfd and a memory a private mapping of it.
// What was written since is found with PAGEMAP_SCAN (Linux 6.7), with
// /proc/self/pagemap before that, and where neither is to be had all private
// pages are dropped. A use during which the thread had no page fault needs no
// search at all: it wrote to no page that was not known already.
//
// Large memories are mapped ahead of who fills them from below, in huge pages
// within a small window, and tell how much of them may be fresh: see
// [Memory.Fresh] and [Memory.Advance].
//
// On other systems, and those of 32 bits, memories are ordinary slices and an
// image is copied.
package linear
