//go:build !race

package modules

const raceDetector = false
