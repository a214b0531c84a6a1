package blob

import (
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"
)

// Restore implements [Store].
func (s Folder) Restore(ctx context.Context, sha256 string, r io.Reader) error {
	return restore(ctx, filepath.Join(s.dir, incoming), sha256, r, s.place)
}

// restore spools r in dir, sees that it has the digest, and has it placed.
func restore(ctx context.Context, dir, sha256 string, r io.Reader, place func(*os.File, Ref) error) error {
	if !valid(sha256) {
		return fmt.Errorf("restore evidence file %q: %w", sha256, ErrDamaged)
	}
	err := spool(dir, func(file *os.File) error {
		got, size, err := digest(ctx, io.TeeReader(r, file))
		if err == nil && got != sha256 {
			err = ErrDamaged
		}
		if err != nil {
			return err
		}
		return place(file, Ref{SHA256: sha256, Size: size})
	})
	if err != nil {
		return fmt.Errorf("restore evidence file %s: %w", sha256, Full(err))
	}
	return nil
}
