// Package extract takes the text out of files that people send as evidence, makes
// pictures of their pages, and copies without what a file carries unseen: the place
// and the camera of a photograph, the authors of a document. It keeps nothing, knows
// no record, and does not decide who may see what.
//
// Every file is taken for hostile: what is read is bounded in bytes, characters,
// pixels, pages and time, and PDF files are opened inside a sandbox only.
package extract

import (
	"context"
	"fmt"
	"io"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/tetratelabs/wazero"
)

// MaxText is how many characters of a file's text are kept.
const MaxText = 100_000

// A Text is what can be read in a file.
type Text struct {
	Body  string // tidied: Chinese without the breaks of lines
	Pages int    // of a PDF; 0 for files without fixed pages
	Cut   bool   // there is more
}

// Unreadable says why a file has no text or picture. Code is a message key:
// extract.damaged, .password, .too_slow, .too_big, .no_page, .no_text, .type.
type Unreadable struct{ Code string }

func (u Unreadable) Error() string { return "unreadable: " + u.Code }

// Refusal returns the message key, as the refusals of other packages do.
func (u Unreadable) Refusal() (code string, args []any) { return u.Code, nil }

// A File is the content of a file; Type is the media type by its content.
type File struct {
	io.ReadSeeker
	Size int64
	Type string
}

// The types that are read.
const (
	pdfType  = "application/pdf"
	docxType = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
	xlsxType = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
	pptxType = "application/vnd.openxmlformats-officedocument.presentationml.presentation"
	textType = "text/plain"
	csvType  = "text/csv"
	jpegType = "image/jpeg"
	pngType  = "image/png"
)

// An Extractor reads files. Several goroutines may use it; PDF files take turns.
type Extractor struct{ engine engine }

// New returns an extractor. cache is a folder for the compiled PDF engine, which
// takes seconds to compile without; "" for none.
func New(cache string) (*Extractor, error) {
	x := &Extractor{}
	if cache == "" {
		return x, nil
	}
	var err error
	if x.engine.cache, err = wazero.NewCompilationCacheWithDir(cache); err != nil {
		return nil, fmt.Errorf("open the cache of the PDF engine: %w", err)
	}
	return x, nil
}

// Close gives up the memory of the engine.
func (x *Extractor) Close() { x.engine.stop() }

// Text returns the text of a file, or Unreadable with the reason why there is none.
// Any other error is a fault of the store or of the machine, and worth another try.
func (x *Extractor) Text(ctx context.Context, f File) (t Text, err error) {
	switch f.Type {
	case pdfType:
		t, err = x.engine.text(ctx, f, f.Size)
	case docxType, xlsxType, pptxType:
		t.Body, t.Cut, err = officeText(ctx, f)
	case textType, csvType:
		t.Body, t.Cut, err = plainText(f)
	case jpegType, pngType:
		return t, Unreadable{"extract.no_text"}
	default:
		return t, Unreadable{"extract.type"}
	}
	if err != nil {
		return t, err
	}
	var cut bool
	t.Body, cut = tidy(t.Body, f.Type == pdfType)
	t.Cut = t.Cut || cut
	if t.Body == "" {
		return t, Unreadable{"extract.no_text"}
	}
	return t, nil
}

// tidy drops what is neither text nor space, joins lines that break inside Chinese where
// lines are those of a page,
// and bounds the whole.
func tidy(text string, joins bool) (tidied string, cut bool) {
	var b strings.Builder
	b.Grow(min(len(text), 4*MaxText))
	n := 0
	var last rune
	space, line := false, false
	for _, r := range text {
		switch {
		case r == '\n' || r == '\r':
			space, line = true, true
			continue
		case unicode.IsSpace(r) || r == '\u200b' || r == '\ufeff':
			space = true
			continue
		case r == utf8.RuneError || unicode.IsControl(r):
			continue
		}
		if n >= MaxText {
			return b.String(), true
		}
		if space && last != 0 && (!joins || !line || !inside(last) || !inside(r)) {
			b.WriteByte(gap(line))
			n++
		}
		b.WriteRune(r)
		n++
		last, space, line = r, false, false
	}
	return b.String(), false
}

func gap(line bool) byte {
	if line {
		return '\n'
	}
	return ' '
}

// inside reports whether a line may break beside the sign in the middle of a word.
func inside(r rune) bool { return unicode.Is(unicode.Han, r) }
