package supervise

import (
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"
	"time"

	"lianshen/internal/blob"
	"lianshen/internal/ledger"
	"lianshen/internal/policy"
	"lianshen/internal/store"
)

// Grace is how long bytes that no row names are kept: far longer than any act
// takes from putting its file to writing its row.
const Grace = 24 * time.Hour

// Files keeps what people upload.
type Files struct {
	Store   blob.Store // as it is: Open gives what is held, too
	Scanner blob.Scanner
	Limit   int64 // bytes of one file
}

// Keep puts a file and, where a scanner is set, has it scanned. An infected file is
// refused, which stays on record; one that could not be scanned is kept and given
// to nobody until it has been. A file may be kept twice: the second time changes
// nothing. Its row is still to be written; see blob.Store.Reclaim.
func (s *Service) Keep(ctx context.Context, files Files, who policy.Actor, name string, r io.Reader) (ledger.File, error) {
	ref, err := files.Store.Put(ctx, name, r, files.Limit)
	if err != nil {
		return ledger.File{}, err
	}
	file := ledger.File{SHA256: ref.SHA256, Name: name, Size: ref.Size, Type: ref.Type}
	if !files.Scanner.On() {
		return file, nil
	}
	scan := store.Scan{SHA256: ref.SHA256, Name: name, Person: who.Person}
	if err := s.scan(ctx, files, scan); err != nil {
		return ledger.File{}, err
	}
	return file, nil
}

// scan asks about one file and keeps the answer. The error is a *blob.Refusal for an
// infected file, nil where nobody could say.
func (s *Service) scan(ctx context.Context, files Files, of store.Scan) error {
	bytes, err := files.Store.Open(ctx, of.SHA256)
	if err != nil {
		return fmt.Errorf("scan file %s: %w", of.SHA256, err)
	}
	defer func() { _ = bytes.Close() }() // only read from
	found, err := files.Scanner.Scan(ctx, bytes)
	switch {
	case errors.Is(err, blob.ErrUnsure):
		of.Said = store.Awaiting
	case err != nil:
		return err
	case found != "":
		of.Said, of.Found = store.Infected, found
	default:
		of.Said = store.Clean
	}
	if err := s.DB.PutScan(ctx, of); err != nil {
		return err
	}
	if of.Said == store.Infected {
		return &blob.Refusal{Code: "blob.infected", Args: []any{found}}
	}
	return nil
}

// Rescanned says what a rescan found.
type Rescanned struct {
	Clean    int `json:"clean"`
	Infected int `json:"infected"`
	Awaiting int `json:"awaiting"` // nobody could say, again
}

// Rescan asks again about the files that await their scan or, with all, about every
// file that is kept: new signatures find what old ones did not.
func (s *Service) Rescan(ctx context.Context, files Files, all bool) (sum Rescanned, err error) {
	digests, err := s.unscanned(ctx, files, all)
	if err != nil {
		return sum, err
	}
	for _, digest := range digests {
		err := s.scan(ctx, files, store.Scan{SHA256: digest})
		var infected *blob.Refusal
		switch held, bad := s.DB.Read().Held(ctx, digest); {
		case errors.As(err, &infected):
			sum.Infected++
		case errors.Is(err, blob.ErrNotFound): // reclaimed since
		case err != nil || bad != nil:
			return sum, errors.Join(err, bad)
		case held:
			sum.Awaiting++
		default:
			sum.Clean++
		}
	}
	return sum, nil
}

func (s *Service) unscanned(ctx context.Context, files Files, all bool) (digests []string, err error) {
	if all {
		for digest, err := range files.Store.All(ctx) {
			if err != nil {
				return nil, err
			}
			digests = append(digests, digest)
		}
		return digests, nil
	}
	waiting, err := s.DB.Read().Scans(ctx, store.Awaiting, 1000)
	for _, w := range waiting {
		digests = append(digests, w.SHA256)
	}
	return digests, err
}

// Reclaim removes the bytes that no row mentions and that were put before the given
// instant on the real clock. It returns their number.
func (s *Service) Reclaim(ctx context.Context, files blob.Store, before time.Time) (n int, err error) {
	var mentioned map[string]bool
	for digest, err := range files.All(ctx) {
		if err != nil {
			return n, err
		}
		if mentioned == nil { // after the listing has begun: what comes later is young
			if mentioned, err = s.DB.Read().Mentioned(ctx); err != nil {
				return n, err
			}
		}
		if mentioned[digest] {
			continue
		}
		removed, err := files.Reclaim(ctx, digest, before)
		if err != nil {
			return n, err
		}
		if removed {
			n++
		}
	}
	return n, nil
}

// A MissingFile is one that a record names and that is not as it was kept.
type MissingFile struct {
	SHA256  string       `json:"sha256"`
	Records []ledger.Ref `json:"records"`
	Damaged bool         `json:"damaged"` // there, but with other bytes
}

// Missing looks for every file that a record names, and with whole reads each to
// see that its bytes are still those. It returns how many there are and which of
// them are missing.
func (s *Service) Missing(ctx context.Context, files blob.Store, whole bool) (n int, missing []MissingFile, err error) {
	named, err := s.DB.Read().FileNames(ctx)
	if err != nil {
		return 0, nil, err
	}
	for _, digest := range slices.Sorted(maps.Keys(named)) {
		if whole {
			err = blob.Check(ctx, files, digest)
		} else {
			_, err = files.Stat(ctx, digest)
		}
		switch {
		case errors.Is(err, blob.ErrNotFound), errors.Is(err, blob.ErrDamaged):
			missing = append(missing, MissingFile{digest, named[digest], errors.Is(err, blob.ErrDamaged)})
		case err != nil:
			return len(named), missing, err
		}
	}
	return len(named), missing, nil
}
