package store

import (
	"context"
	"fmt"
)

// TextState is what came of taking the text out of a file.
type TextState string

// The states.
const (
	WholeText  TextState = "whole"
	CutText    TextState = "cut"    // only the beginning is kept
	NoText     TextState = "none"   // there is none: scanned pages, a picture, a type we cannot read
	FailedText TextState = "failed" // the file could not be read
)

// A FileText is the text of an evidence file, by content.
type FileText struct {
	SHA256 string
	State  TextState
	Reason string // message key, where there is no text
	Pages  int    // of a PDF; 0 where there are none or it is not known
	Body   string
}

// FileText returns the text of a file, or ErrNotFound where nobody has looked yet.
func (r Reader) FileText(ctx context.Context, sha256 string) (FileText, error) {
	t := FileText{SHA256: sha256}
	err := one(r.q.QueryRowContext(ctx, `select state, reason, pages, body from file_text where sha256 = $1`, sha256),
		&t.State, &t.Reason, &t.Pages, &t.Body)
	if err != nil {
		return FileText{}, fmt.Errorf("text of file %s: %w", sha256, err)
	}
	return t, nil
}
