//go:build !unix

package blob

import "sync"

// syncDir has nothing to do: these systems cannot sync a folder, and write the
// names of files through their journal.
func syncDir(string) error { return nil }

var folderLock sync.RWMutex

// lockFolder keeps the callers of this process apart: on these systems one
// program has the folder.
func lockFolder(_ string, alone bool) (free func(), err error) {
	if alone {
		folderLock.Lock()
		return folderLock.Unlock, nil
	}
	folderLock.RLock()
	return folderLock.RUnlock, nil
}
