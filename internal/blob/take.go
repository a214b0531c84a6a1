package blob

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"os"
	"syscall"

	"lianshen/internal/lang"
)

// spool gives use a fresh file in dir and removes it afterwards, wherever it may
// have failed: half a file is never left.
func spool(dir string, use func(*os.File) error) error {
	file, err := os.CreateTemp(dir, "*")
	if err != nil {
		return fmt.Errorf("make room for an evidence file: %w", err)
	}
	defer func() {
		_ = file.Close()           // closed before where it matters
		_ = os.Remove(file.Name()) // gone already if all went well
	}()
	return use(file)
}

// take writes what r gives into file, and refuses what is not to be kept.
func take(ctx context.Context, file *os.File, name string, r io.Reader, limit int64) (Ref, error) {
	sum, size, err := digest(ctx, io.TeeReader(io.LimitReader(r, limit+1), file))
	switch {
	case err != nil:
		return Ref{}, fmt.Errorf("receive an evidence file: %w", err)
	case size == 0:
		return Ref{}, refuse("blob.empty")
	case size > limit:
		return Ref{}, refuse("blob.too_big", lang.Bytes(limit))
	}
	media, err := typeOf(name, file, size)
	if err != nil {
		return Ref{}, err
	}
	return Ref{SHA256: sum, Size: size, Type: media}, nil
}

// Full says ErrFull of an error whose cause is a disk, a quota or a limit on the
// size of files.
func Full(err error) error {
	for _, cause := range []error{syscall.ENOSPC, syscall.EDQUOT, syscall.EFBIG} {
		if errors.Is(err, cause) {
			return fmt.Errorf("%w: %w", ErrFull, err)
		}
	}
	return err
}

// digest reads r to its end, or until ctx is done, and returns its SHA-256 and size.
func digest(ctx context.Context, r io.Reader) (sum string, size int64, err error) {
	h := sha256.New()
	size, err = io.Copy(h, untilDone{ctx, r})
	if err != nil {
		return "", 0, err
	}
	return hex.EncodeToString(h.Sum(nil)), size, nil
}

// untilDone is a reader that ends with its context.
type untilDone struct {
	ctx context.Context
	r   io.Reader
}

func (u untilDone) Read(p []byte) (int, error) {
	if err := u.ctx.Err(); err != nil {
		return 0, err
	}
	return u.r.Read(p)
}
