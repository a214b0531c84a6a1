//go:build !failpoint

package web

// step marks a place between two steps of an upload. A build with the tag
// "failpoint" can end the program there; see step_failpoint.go.
func step(string) {}
