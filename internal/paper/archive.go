package paper

import (
	"archive/zip"
	"bytes"
	"encoding/xml"
	"errors"
	"io"
	"path"
	"slices"
	"strings"
)

// MostBytes is the largest template that is read.
const MostBytes = 5 << 20

// Bounds of a template: what people write is far below them.
const (
	mostUnpacked = 64 << 20
	mostPart     = 16 << 20 // of a part with text
	mostParts    = 1000
)

// archive is a Word file after its bounds were checked.
type archive struct {
	files []*zip.File // as they are written: the list of types first, then by name
	main  string      // name of the part with the text
}

// openArchive refuses what is no plain Word file, what is damaged or too large, and
// what runs or fetches something when it is opened. Sizes are the declared ones:
// the zip reader fails on a part that holds more than it declared.
func openArchive(r io.ReaderAt, size int64) (*archive, error) {
	if size > MostBytes {
		return nil, faulty(codeTooLarge, MostBytes>>20)
	}
	head := make([]byte, 8)
	if n, _ := r.ReadAt(head, 0); bytes.HasPrefix(head[:n], []byte{0xd0, 0xcf, 0x11, 0xe0}) {
		return nil, faulty(codeOldWord)
	}
	z, err := zip.NewReader(r, size)
	if err != nil {
		return nil, faulty(codeNotDocx)
	}
	if len(z.File) > mostParts {
		return nil, faulty(codeParts, mostParts)
	}
	a := &archive{}
	seen, total := map[string]bool{}, uint64(0)
	for _, f := range z.File {
		if strings.HasSuffix(f.Name, "/") {
			continue // a folder; some programs write them
		}
		if total += f.UncompressedSize64; f.UncompressedSize64 > mostUnpacked || total > mostUnpacked || isBomb(f) {
			return nil, faulty(codeUnpacks, mostUnpacked>>20)
		}
		if name := strings.ToLower(f.Name); seen[name] {
			return nil, faulty(codeDuplicate, f.Name)
		} else {
			seen[name] = true
		}
		a.files = append(a.files, f)
	}
	slices.SortFunc(a.files, func(x, y *zip.File) int {
		if first := rankOf(x.Name) - rankOf(y.Name); first != 0 {
			return first
		}
		return strings.Compare(x.Name, y.Name)
	})
	return a, a.checkKind()
}

func rankOf(name string) int {
	if name == typesPart {
		return 0
	}
	return 1
}

const typesPart = "[Content_Types].xml"

// isBomb says that a part unpacks to more than two hundred times its size; small
// parts may.
func isBomb(f *zip.File) bool {
	const small, ratio = 4 << 20, 200
	return f.UncompressedSize64 > small && f.UncompressedSize64/ratio > f.CompressedSize64
}

func (a *archive) find(name string) *zip.File {
	for _, f := range a.files {
		if strings.EqualFold(f.Name, name) {
			return f
		}
	}
	return nil
}

func (a *archive) read(f *zip.File) (string, error) {
	if f.UncompressedSize64 > mostPart {
		return "", faulty(codeUnpacks, mostPart>>20)
	}
	rc, err := f.Open()
	if err != nil {
		return "", faulty(codeDamaged, f.Name)
	}
	defer rc.Close()
	data, err := io.ReadAll(io.LimitReader(rc, mostPart+1))
	if err != nil {
		return "", faulty(codeDamaged, f.Name)
	}
	return string(data), nil
}

// checkKind refuses other kinds of file, and finds the part with the text.
func (a *archive) checkKind() error {
	types := a.find(typesPart)
	if types == nil {
		return faulty(codeNotDocx)
	}
	text, err := a.read(types)
	if err != nil {
		return err
	}
	if strings.Contains(text, "macroEnabled") {
		return faulty(codeMacros)
	}
	for _, f := range a.files {
		name := strings.ToLower(f.Name)
		switch {
		case path.Base(name) == "vbaproject.bin" || path.Base(name) == "vbadata.xml":
			return faulty(codeMacros)
		case strings.Contains(name, "/activex/"), strings.Contains(name, "/embeddings/"), strings.Contains(name, "/afchunk"):
			return faulty(codeActive, f.Name)
		}
		if path.Ext(name) == ".rels" {
			if err := a.checkRelations(f); err != nil {
				return err
			}
		}
	}
	if a.main == "" || a.find(a.main) == nil || !strings.Contains(text, "wordprocessingml.document.main+xml") && !strings.Contains(text, "wordprocessingml.template.main+xml") {
		return faulty(codeNotDocx)
	}
	return nil
}

// checkRelations refuses what leads out of the file. A link that a reader clicks is
// none of that.
func (a *archive) checkRelations(f *zip.File) error {
	text, err := a.read(f)
	if err != nil {
		return err
	}
	dec := xml.NewDecoder(strings.NewReader(text))
	for {
		tok, err := dec.Token()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			line, _ := dec.InputPos()
			return faulty(codeMalformed, f.Name, line)
		}
		e, is := tok.(xml.StartElement)
		if !is || e.Name.Local != "Relationship" {
			continue
		}
		kind, target := path.Base(attribute(e, "Type")), attribute(e, "Target")
		switch {
		case kind == "hyperlink":
		case strings.EqualFold(attribute(e, "TargetMode"), "External"), strings.Contains(target, "://"), strings.HasPrefix(target, `\\`):
			return faulty(codeExternal, f.Name, target)
		case kind == "aFChunk" || kind == "oleObject" || kind == "control":
			return faulty(codeActive, target)
		case kind == "officeDocument" && f.Name == "_rels/.rels":
			a.main = strings.TrimPrefix(path.Clean("/"+target), "/")
		}
	}
}

func attribute(e xml.StartElement, local string) string {
	for _, a := range e.Attr {
		if a.Name.Local == local {
			return a.Value
		}
	}
	return ""
}
