package supervise

import (
	"context"
	"errors"
	"fmt"
	"io"

	"lianshen/internal/blob"
	"lianshen/internal/extract"
	"lianshen/internal/store"
)

// Opener gives the bytes of evidence files; see blob.Store. One that holds files back
// until they were scanned holds them back here, too.
type Opener interface {
	Open(ctx context.Context, sha256 string) (io.ReadSeekCloser, error)
}

// ReadFiles takes the text out of the evidence files that nobody has read yet, one
// after the other, until there is none, and returns how many it read. A file that
// cannot be opened now, such as one that waits for its scan, is left for the next
// time; the first such error is returned when all others are done.
func (s *Service) ReadFiles(ctx context.Context, files Opener, x *extract.Extractor) (n int, err error) {
	var first error
	for after := int64(0); ; {
		list, err := s.DB.Read().UnreadFiles(ctx, after, 20)
		if err != nil || len(list) == 0 {
			return n, errors.Join(first, err)
		}
		for _, f := range list {
			after = f.Serial
			switch err := s.readFile(ctx, files, x, f); {
			case ctx.Err() != nil:
				return n, ctx.Err()
			case err == nil:
				n++
			case first == nil:
				first = err
			}
		}
	}
}

func (s *Service) readFile(ctx context.Context, files Opener, x *extract.Extractor, f store.UnreadFile) error {
	kept := store.FileText{SHA256: f.SHA256, State: store.WholeText}
	bytes, err := files.Open(ctx, f.SHA256)
	if errors.Is(err, blob.ErrNotFound) {
		kept.State, kept.Reason = store.FailedText, "extract.gone"
		return s.DB.PutFileText(ctx, kept)
	}
	if err != nil {
		return fmt.Errorf("read file %s: %w", f.SHA256, err)
	}
	defer bytes.Close() //nolint:errcheck // only read from
	size, err := bytes.Seek(0, io.SeekEnd)
	if err == nil {
		_, err = bytes.Seek(0, io.SeekStart)
	}
	if err != nil {
		return fmt.Errorf("read file %s: %w", f.SHA256, err)
	}
	text, err := x.Text(ctx, extract.File{ReadSeeker: bytes, Size: size, Type: f.Media})
	var why extract.Unreadable
	switch {
	case errors.As(err, &why):
		kept.State, kept.Reason = stateOf(why), why.Code
	case err != nil:
		return fmt.Errorf("take the text of file %s: %w", f.SHA256, err)
	case text.Cut:
		kept.State = store.CutText
	}
	kept.Body, kept.Pages = text.Body, text.Pages
	return s.DB.PutFileText(ctx, kept)
}

// stateOf tells a file that has no text from one that should have had some.
func stateOf(why extract.Unreadable) store.TextState {
	if why.Code == "extract.no_text" || why.Code == "extract.type" {
		return store.NoText
	}
	return store.FailedText
}
