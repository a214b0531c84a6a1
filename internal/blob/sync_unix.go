//go:build unix

package blob

import (
	"errors"
	"os"
	"syscall"
)

// syncDir makes the names in dir survive a loss of power. Some network file systems
// cannot sync a folder and say so; they write names at once.
func syncDir(dir string) error {
	d, err := os.Open(dir)
	if err != nil {
		return err
	}
	defer d.Close()
	if err := d.Sync(); err != nil && !errors.Is(err, syscall.EINVAL) && !errors.Is(err, errors.ErrUnsupported) {
		return err
	}
	return nil
}
