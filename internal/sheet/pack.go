package sheet

import (
	"archive/zip"
	"context"
	"encoding/xml"
	"errors"
	"io"
	"path"
	"strings"
)

// pack is the zip of a workbook after its bounds were checked.
type pack struct {
	ctx   context.Context
	parts map[string]*zip.File // by lower-case name: names ignore case
	seen  map[string]bool      // parts already proved well-formed
}

// openPack refuses archives that are damaged, too large inside, or of another
// kind than a plain workbook. Sizes are the declared ones: the zip reader fails
// on a part that holds more than it declared.
func openPack(ctx context.Context, r io.ReaderAt, size int64, lim Limits) (*pack, error) {
	z, err := zip.NewReader(r, size)
	if err != nil {
		return nil, refuseFor(err, codeDamagedZip, "zip")
	}
	if len(z.File) > lim.Parts {
		return nil, refuse(codeTooManyParts, len(z.File), lim.Parts)
	}
	p := &pack{ctx: ctx, parts: make(map[string]*zip.File, len(z.File)), seen: map[string]bool{}}
	var total uint64
	for _, f := range z.File {
		if total += f.UncompressedSize64; f.UncompressedSize64 > uint64(lim.UnpackedBytes) || total > uint64(lim.UnpackedBytes) {
			return nil, refuse(codeTooMuchInside, lim.UnpackedBytes>>20)
		}
		if isBomb(f) {
			return nil, refuse(codeTooMuchInside, lim.UnpackedBytes>>20)
		}
		name := strings.ToLower(strings.TrimPrefix(f.Name, "/"))
		if _, twice := p.parts[name]; twice {
			return nil, refuse(codeDuplicatePart, f.Name)
		}
		p.parts[name] = f
	}
	return p, p.checkKind()
}

// isBomb says that a part unpacks to more than two hundred times its size, which
// no sheet written by people does; small parts may.
func isBomb(f *zip.File) bool {
	const small, ratio = 8 << 20, 200
	return f.UncompressedSize64 > small && f.UncompressedSize64/ratio > f.CompressedSize64
}

// checkKind refuses documents of another kind, macros and links to other files.
func (p *pack) checkKind() error {
	types, ok := p.parts["[content_types].xml"]
	if !ok {
		return refuse(codeNotLedger, "zip")
	}
	text, err := p.readAll(types)
	if err != nil {
		return err
	}
	for name := range p.parts {
		switch {
		case path.Base(name) == "vbaproject.bin":
			return refuse(codeMacros)
		case strings.HasPrefix(name, "xl/externallinks/"), name == "xl/connections.xml":
			return refuse(codeExternalLinks)
		}
	}
	switch {
	case strings.Contains(text, "macroEnabled"):
		return refuse(codeMacros)
	case strings.Contains(text, "sheet.binary"):
		return refuse(codeBinary)
	case !strings.Contains(text, "spreadsheetml"):
		return refuse(codeNotLedger, "zip")
	}
	return nil
}

func (p *pack) readAll(f *zip.File) (string, error) {
	const most = 4 << 20
	rc, err := f.Open()
	if err != nil {
		return "", refuseFor(err, codeDamagedZip, f.Name)
	}
	defer rc.Close()
	data, err := io.ReadAll(io.LimitReader(rc, most))
	if err != nil {
		return "", refuseFor(err, codeDamagedZip, f.Name)
	}
	return string(data), nil
}

// walk opens a part and hands a pass over it to fn, which must read to the end.
// A nil part is left out without a word: callers name parts that may be absent.
func (p *pack) walk(f *zip.File, fn func(*xmlPass) error) error {
	if f == nil {
		return nil
	}
	p.seen[f.Name] = true
	rc, err := f.Open()
	if err != nil {
		return refuseFor(err, codeDamagedZip, f.Name)
	}
	defer rc.Close()
	pass := newPass(p.ctx, rc)
	return p.refusal(f.Name, pass, fn(pass))
}

// refusal words what a pass met: our own refusals stay, the rest is time, damage
// of the archive, or malformed XML.
func (p *pack) refusal(name string, pass *xmlPass, err error) error {
	var mine *FileError
	switch {
	case err == nil || errors.As(err, &mine):
		return err
	case errors.Is(err, context.Canceled), errors.Is(err, context.DeadlineExceeded):
		return refuseFor(err, codeTooSlow)
	case errors.Is(err, zip.ErrChecksum), errors.Is(err, zip.ErrFormat), errors.Is(err, zip.ErrAlgorithm), errors.Is(err, io.ErrUnexpectedEOF):
		return refuseFor(err, codeDamagedZip, name)
	}
	return refuseFor(err, codeMalformed, name, pass.line())
}

// checkRest proves every part well-formed that no reader has walked yet.
func (p *pack) checkRest() error {
	for name, f := range p.parts {
		ext := path.Ext(name)
		if p.seen[f.Name] || ext != ".xml" && ext != ".rels" {
			continue
		}
		err := p.walk(f, func(x *xmlPass) error { return x.each(func(xml.StartElement) error { return nil }) })
		if err != nil {
			return err
		}
	}
	return nil
}

// part returns the part a relationship of another part points to, nil if absent.
func (p *pack) part(from, target string) *zip.File {
	if !strings.HasPrefix(target, "/") {
		target = path.Join(path.Dir(from), target)
	}
	return p.parts[strings.ToLower(strings.TrimPrefix(path.Clean(target), "/"))]
}

type relation struct{ kind, target string }

// relations reads the .rels of a part. kind is the last word of its type, which
// is the same in the transitional and the strict standard.
func (p *pack) relations(of string) (map[string]relation, error) {
	out := map[string]relation{}
	rels := p.part("", path.Join(path.Dir(of), "_rels", path.Base(of)+".rels"))
	err := p.walk(rels, func(x *xmlPass) error {
		return x.each(func(e xml.StartElement) error {
			if e.Name.Local == "Relationship" && len(out) < mostStyles {
				out[attr(e, "Id")] = relation{path.Base(attr(e, "Type")), attr(e, "Target")}
			}
			return nil
		})
	})
	return out, err
}
