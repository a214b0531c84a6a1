package blob

import (
	"context"
	"errors"
	"fmt"
	"io"
)

// ErrSealed says that a file is kept but given to nobody: it has not been scanned
// for viruses, or something was found in it.
var ErrSealed = errors.New("blob: file is sealed")

// Sealed is a store that asks before it opens a file. Everything that shows,
// copies or reads files for people goes through it; a backup does not.
type Sealed struct {
	Store
	Held func(ctx context.Context, sha256 string) (bool, error)
}

// Open returns ErrSealed for a file that is held.
func (s Sealed) Open(ctx context.Context, sha256 string) (io.ReadSeekCloser, error) {
	held, err := s.Held(ctx, sha256)
	if err != nil {
		return nil, fmt.Errorf("ask whether %s is held: %w", sha256, err)
	}
	if held {
		return nil, ErrSealed
	}
	return s.Store.Open(ctx, sha256)
}
