//go:build !unix

package blob

// syncDir has nothing to do: these systems cannot sync a folder, and write the
// names of files through their journal.
func syncDir(string) error { return nil }
