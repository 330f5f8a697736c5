package wasl

import "reflect"

// takeBlocks allocates something of every small size, with pointers and
// without. Go's allocator cuts its first block of each size class from the
// heap, which takes longer than all of a small task; from the snapshot on they
// are there.
func takeBlocks() {
	for size := 8; size <= 4096; size += max(8, size/16) { // no class is skipped
		block = make([]byte, size)
		block = make([]*byte, size/8)
	}
	if block != nil { // read, so that the writes are not for nothing
		block = nil
	}
}

// block makes that what is put there is allocated on the heap.
var block any

// sample gives a value that has one of everything that its type can hold: an
// element in each slice and map, a target for each pointer.
func sample[T any]() T {
	var v T
	fill(reflect.ValueOf(&v).Elem(), maxDepth)
	return v
}

// maxDepth ends the samples of types that contain themselves.
const maxDepth = 8

func fill(v reflect.Value, depth int) {
	if depth == 0 || !v.CanSet() {
		return
	}
	switch v.Kind() {
	case reflect.Pointer:
		v.Set(reflect.New(v.Type().Elem()))
		fill(v.Elem(), depth-1)
	case reflect.Slice:
		if v.Type().Elem().Kind() == reflect.Uint8 {
			return // bytes, or a text of the type's own making
		}
		v.Set(reflect.MakeSlice(v.Type(), 1, 1))
		fill(v.Index(0), depth-1)
	case reflect.Array:
		for i := range min(v.Len(), 4) {
			fill(v.Index(i), depth-1)
		}
	case reflect.Map:
		key, element := reflect.New(v.Type().Key()).Elem(), reflect.New(v.Type().Elem()).Elem()
		fill(element, depth-1)
		v.Set(reflect.MakeMap(v.Type()))
		v.SetMapIndex(key, element)
	case reflect.Struct:
		for i := range v.NumField() {
			fill(v.Field(i), depth-1)
		}
	case reflect.String:
		v.SetString("sample")
	}
}
