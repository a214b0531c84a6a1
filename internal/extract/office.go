package extract

import (
	"archive/zip"
	"context"
	"encoding/xml"
	"errors"
	"io"
	"path"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"
)

// Bounds of what is unpacked from an office file.
const (
	maxParts    = 5000
	maxUnpacked = 64 << 20 // bytes
)

// readerAt lets the zip reader jump in what can only seek. One goroutine uses it.
type readerAt struct{ io.ReadSeeker }

func (r readerAt) ReadAt(p []byte, off int64) (int, error) {
	if _, err := r.Seek(off, io.SeekStart); err != nil {
		return 0, err
	}
	n, err := io.ReadFull(r.ReadSeeker, p)
	if errors.Is(err, io.ErrUnexpectedEOF) {
		err = io.EOF
	}
	return n, err
}

// openZip reads the directory of an office file.
func openZip(f File) (*zip.Reader, error) {
	z, err := zip.NewReader(readerAt{f}, f.Size)
	if err != nil || len(z.File) > maxParts {
		return nil, Unreadable{"extract.damaged"}
	}
	return z, nil
}

// A budget is how many bytes may still be unpacked.
type budget struct{ left int64 }

func (b *budget) reader(r io.Reader) io.Reader { return &metered{r, b} }

type metered struct {
	r io.Reader
	b *budget
}

func (m *metered) Read(p []byte) (int, error) {
	if m.b.left <= 0 {
		return 0, Unreadable{"extract.too_big"}
	}
	n, err := m.r.Read(p[:min(int64(len(p)), m.b.left)])
	m.b.left -= int64(n)
	return n, err
}

// textParts are the parts with the text of each type, in the order of reading.
var textParts = map[string]*regexp.Regexp{
	docxType: regexp.MustCompile(`^word/(document|footnotes|endnotes|header\d*|footer\d*|comments)\.xml$`),
	xlsxType: regexp.MustCompile(`^xl/(sharedStrings|worksheets/sheet\d+|comments\d*)\.xml$`),
	pptxType: regexp.MustCompile(`^ppt/(slides/slide|notesSlides/notesSlide)\d+\.xml$`),
}

// ends are the elements after which a new word begins.
var ends = []string{"p", "si", "is", "tr", "br", "tab", "cr", "tc", "text"}

// officeText returns what stands in the text elements of the parts.
func officeText(ctx context.Context, f File) (text string, cut bool, err error) {
	z, err := openZip(f)
	if err != nil {
		return "", false, err
	}
	var parts []*zip.File
	for _, p := range z.File {
		if textParts[f.Type].MatchString(path.Clean(strings.ReplaceAll(p.Name, `\`, "/"))) {
			parts = append(parts, p)
		}
	}
	slices.SortStableFunc(parts, func(a, b *zip.File) int { return order(a.Name) - order(b.Name) })
	left := &budget{maxUnpacked}
	var b strings.Builder
	for _, p := range parts {
		if err := ctx.Err(); err != nil {
			return "", false, err
		}
		full, err := partText(&b, p, left)
		if err != nil {
			return "", false, err
		}
		if full {
			return b.String(), true, nil
		}
	}
	return b.String(), false, nil
}

// order puts the body before notes, and slides by number.
func order(name string) int {
	n := 0
	for _, r := range name {
		if r >= '0' && r <= '9' && n < 1e6 {
			n = n*10 + int(r-'0')
		}
	}
	if strings.HasPrefix(name, "word/document") || strings.HasPrefix(name, "xl/shared") {
		return -1
	}
	if strings.Contains(name, "notes") || strings.Contains(name, "comments") {
		n += 1e7
	}
	return n
}

// partText adds the text of one part and reports whether there is enough.
func partText(b *strings.Builder, p *zip.File, left *budget) (full bool, err error) {
	r, err := p.Open()
	if err != nil {
		return false, Unreadable{"extract.damaged"}
	}
	defer r.Close()
	dec := xml.NewDecoder(left.reader(r))
	dec.Strict = false // a reader of text need not be the judge of the form
	depth := 0
	for {
		token, err := dec.RawToken()
		if errors.Is(err, io.EOF) {
			return false, nil
		}
		if err != nil {
			var u Unreadable
			if errors.As(err, &u) {
				return false, u
			}
			return false, Unreadable{"extract.damaged"}
		}
		switch t := token.(type) {
		case xml.StartElement:
			if t.Name.Local == "t" {
				depth++
			}
		case xml.EndElement:
			if t.Name.Local == "t" && depth > 0 {
				depth--
			}
			if slices.Contains(ends, t.Name.Local) {
				b.WriteByte('\n')
			}
		case xml.CharData:
			if depth > 0 {
				b.Write(t)
			}
		}
		if b.Len() > 4*MaxText && utf8.RuneCountInString(b.String()) > MaxText {
			return true, nil
		}
	}
}
