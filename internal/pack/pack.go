// Package pack writes and checks evidence packs: a zip of evidence files in folders by
// finding, an index people read, and a list of digests that is checked without the
// program that made it. It does not know who may have which file, and keeps nothing.
package pack

import (
	"archive/zip"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"hash"
	"io"
	"path"
	"strings"
	"time"
	"unicode"
)

// Names in a pack. The manifest is the last file, so that a pack is written in one go.
const (
	Format       = "lianshen pack 1"
	ManifestName = "manifest.json"
)

// A Manifest says what a pack holds and where it came from.
type Manifest struct {
	Format    string    `json:"format"`
	Program   string    `json:"program"` // version that made it
	At        time.Time `json:"at"`
	By        string    `json:"by"`         // who asked for it
	Of        string    `json:"of"`         // finding, organisation or round: "08-JT-012", "8-JT", "8"
	TrailRoot string    `json:"trail_root"` // of the record when it was made, hex
	Files     []File    `json:"files"`
	Missing   []Missing `json:"missing,omitempty"`
}

// A File is one file in the pack.
type File struct {
	Path   string  `json:"path"`
	SHA256 string  `json:"sha256"` // of the bytes in the pack
	Size   int64   `json:"size"`
	Source *Source `json:"source,omitempty"` // of an evidence file
}

// A Source is the evidence that a file in a pack derives from.
type Source struct {
	Finding  string `json:"finding"`
	Evidence string `json:"evidence"` // identity
	SHA256   string `json:"sha256"`   // of the original, as sealed by the office
	Size     int64  `json:"size"`
	Copy     string `json:"copy"` // cleaned, same (nothing to clean) or original
}

// Missing is evidence that is not in the pack, and why.
type Missing struct {
	Finding  string `json:"finding"`
	Evidence string `json:"evidence"`
	Name     string `json:"name"`
	Reason   string `json:"reason"` // message key
}

// A Writer writes a pack. Nothing is held back but the list of files.
type Writer struct {
	Manifest Manifest
	zip      *zip.Writer
	tail     *tailWriter
	to       io.Writer
	sum      hash.Hash
}

// NewWriter begins a pack on w.
func NewWriter(w io.Writer, m Manifest) *Writer {
	sum := sha256.New()
	tail := &tailWriter{to: io.MultiWriter(w, sum)}
	m.Format = Format
	return &Writer{Manifest: m, zip: zip.NewWriter(tail), tail: tail, to: w, sum: sum}
}

// Add writes a file, and returns what the manifest says of it. Files that are packed
// already (pictures, Office files) are stored as they are.
func (p *Writer) Add(name string, source *Source, fill func(io.Writer) error) (File, error) {
	f, err := p.write(name, source, fill)
	if err == nil {
		p.Manifest.Files = append(p.Manifest.Files, f)
	}
	return f, err
}

func (p *Writer) write(name string, source *Source, fill func(io.Writer) error) (File, error) {
	method := zip.Store
	switch strings.ToLower(path.Ext(name)) {
	case ".txt", ".csv", ".html", ".json", ".doc", ".xls", ".ppt", ".wps", ".et":
		method = zip.Deflate
	}
	w, err := p.zip.CreateHeader(&zip.FileHeader{Name: name, Method: method, Modified: p.Manifest.At})
	if err != nil {
		return File{}, fmt.Errorf("pack %s: %w", name, err)
	}
	m := &meter{to: w, sum: sha256.New()}
	if err := fill(m); err != nil {
		return File{}, fmt.Errorf("pack %s: %w", name, err)
	}
	return File{Path: name, SHA256: hex.EncodeToString(m.sum.Sum(nil)), Size: m.size, Source: source}, nil
}

// Close writes the manifest and the seal. The pack is not whole before.
func (p *Writer) Close() error {
	text, err := json.MarshalIndent(p.Manifest, "", "  ")
	if err != nil {
		return fmt.Errorf("write the manifest: %w", err)
	}
	if _, err := p.write(ManifestName, nil, func(w io.Writer) error { _, err := w.Write(text); return err }); err != nil {
		return err
	}
	if err := p.zip.Close(); err != nil {
		return fmt.Errorf("end the pack: %w", err)
	}
	return p.seal()
}

type meter struct {
	to   io.Writer
	sum  hash.Hash
	size int64
}

func (m *meter) Write(b []byte) (int, error) {
	n, err := m.to.Write(b)
	m.sum.Write(b[:n])
	m.size += int64(n)
	return n, err
}

// The seal is the comment of the zip: the digest of every byte before the length of
// the comment. It also covers what readers of zip files skip.
const (
	sealPrefix = "sha256:"
	sealLength = len(sealPrefix) + 2*sha256.Size
)

// A tailWriter holds back the last two bytes, which are the length of the comment.
type tailWriter struct {
	to   io.Writer
	kept []byte
}

func (t *tailWriter) Write(b []byte) (int, error) {
	held := append(t.kept, b...)
	pass := max(0, len(held)-2)
	if _, err := t.to.Write(held[:pass]); err != nil {
		return 0, err
	}
	t.kept = append(t.kept[:0:0], held[pass:]...)
	return len(b), nil
}

func (p *Writer) seal() error {
	if string(p.tail.kept) != "\x00\x00" {
		return errors.New("seal the pack: the archive does not end as expected")
	}
	comment := sealPrefix + hex.EncodeToString(p.sum.Sum(nil))
	if _, err := p.to.Write(append([]byte{byte(sealLength), 0}, comment...)); err != nil {
		return fmt.Errorf("seal the pack: %w", err)
	}
	return nil
}

// Name makes a text safe as the name of a file or folder on every system: without
// separators, reserved signs and control characters, at most n characters.
func Name(text string, n int) string {
	var b strings.Builder
	count := 0
	for _, r := range strings.TrimSpace(text) {
		if count == n {
			break
		}
		if strings.ContainsRune(`/\:*?"<>|`, r) || unicode.IsControl(r) {
			r = '_'
		}
		b.WriteRune(r)
		count++
	}
	return strings.Trim(b.String(), " .")
}
