//go:build race

package modules

// raceDetector tells that the tests run with the race detector, which takes
// several times the memory and the time.
const raceDetector = true
