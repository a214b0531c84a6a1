package blob

import (
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"
)

// Restore keeps bytes that were kept before, as a backup holds them, under the
// digest they had. Whether their type is taken was asked then; the digest is
// checked now, and nothing is kept if it is not theirs: ErrDamaged.
func (s Folder) Restore(ctx context.Context, sha256 string, r io.Reader) error {
	if !valid(sha256) {
		return fmt.Errorf("restore evidence file %q: %w", sha256, ErrDamaged)
	}
	file, err := os.CreateTemp(filepath.Join(s.dir, incoming), "*")
	if err != nil {
		return fmt.Errorf("restore evidence file %s: %w", sha256, err)
	}
	defer func() {
		_ = file.Close()           // closed before where it matters
		_ = os.Remove(file.Name()) // gone already if all went well
	}()
	got, size, err := digest(ctx, io.TeeReader(r, file))
	if err == nil && got != sha256 {
		err = ErrDamaged
	}
	if err == nil {
		err = s.place(file, Ref{SHA256: sha256, Size: size})
	}
	if err != nil {
		return fmt.Errorf("restore evidence file %s: %w", sha256, err)
	}
	return nil
}
