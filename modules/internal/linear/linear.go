package linear

import "errors"

var errGrown = errors.New("the memory is not as long as its image")
