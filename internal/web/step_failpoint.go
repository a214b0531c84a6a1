//go:build failpoint

package web

import (
	"os"
	"syscall"
)

// step ends the program, as a loss of power would, if LIANSHEN_FAILPOINT names the
// place. Only a test builds this: what survives a crash is asked of every step.
func step(name string) {
	if os.Getenv("LIANSHEN_FAILPOINT") == name {
		_ = syscall.Kill(os.Getpid(), syscall.SIGKILL) // does not return
		select {}
	}
}
