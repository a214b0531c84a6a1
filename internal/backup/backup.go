// Package backup packs the whole installation, records and evidence files, into
// one file and checks and unpacks it: a zip of JSON lines with the SHA-256 of every
// part and of itself, the same from either database engine and for either.
// It does not decide when to make one, does not encrypt it, and keeps no secret key.
package backup

import (
	"archive/zip"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"hash"
	"io"
	"iter"
	"time"

	"lianshen/internal/blob"
	"lianshen/internal/store"
	"lianshen/internal/trail"
)

// Errors that callers tell apart with errors.Is.
var (
	ErrDamaged = errors.New("the backup is damaged")
	ErrForeign = errors.New("the file is no backup of this program")
)

const (
	format       = "lianshen backup 1"
	manifestName = "manifest.json"
	tablePrefix  = "tables/"
	filePrefix   = "files/"
)

// A Manifest says what a backup holds.
type Manifest struct {
	Format  string        `json:"format"`
	Program string        `json:"program"` // version that made it
	At      time.Time     `json:"at"`
	Engine  string        `json:"engine"` // that it was taken from; it restores into either
	Schema  int64         `json:"schema"`
	Entries int64         `json:"entries"` // of the trail
	Root    string        `json:"root"`    // of the trail, hex
	Keys    []string      `json:"keys,omitempty"`
	Tables  []store.Table `json:"tables"`
	Parts   []Part        `json:"parts"`
}

// A Part is one file in the archive.
type Part struct {
	Name   string `json:"name"`
	SHA256 string `json:"sha256"`
	Size   int64  `json:"size"` // bytes, unpacked
	Rows   int64  `json:"rows,omitempty"`
}

// Files is where evidence files come from; see blob.Store.
type Files interface {
	All(ctx context.Context) iter.Seq2[string, error]
	Open(ctx context.Context, sha256 string) (io.ReadSeekCloser, error)
}

// About is what the writer of a backup says of itself. Keys are the public keys
// with which checkpoints of the trail can be verified.
type About struct {
	Program string
	Keys    []string
}

// Write packs the database as it is at one moment, and the evidence files it
// refers to, while others go on writing. Files that arrive meanwhile may be in it.
func Write(ctx context.Context, w io.Writer, db *store.DB, files Files, about About) (Manifest, error) {
	sum := sha256.New()
	tail := &tailWriter{to: io.MultiWriter(w, sum)}
	p := packer{ctx: ctx, zip: zip.NewWriter(tail), at: db.Now(), manifest: Manifest{
		Format: format, Program: about.Program, At: db.Now(), Engine: db.Engine(), Keys: about.Keys, Tables: store.Tables(),
	}}
	err := db.Snapshot(ctx, p.tables)
	if err == nil {
		err = p.files(files)
	}
	if err == nil {
		err = p.close()
	}
	if err != nil {
		return Manifest{}, fmt.Errorf("make a backup: %w", err)
	}
	return p.manifest, seal(w, tail, sum)
}

type packer struct {
	ctx      context.Context
	zip      *zip.Writer
	at       time.Time
	manifest Manifest
}

func (p *packer) tables(r store.Reader) (err error) {
	head, root, err := r.Head(p.ctx)
	if err != nil {
		return err
	}
	p.manifest.Entries, p.manifest.Root = head.Size, root
	if trail.HexHash(head.Root()) != root {
		return errors.New("the head of the trail does not fit: run verify first")
	}
	if p.manifest.Schema, err = r.Schema(p.ctx); err != nil {
		return err
	}
	for _, t := range p.manifest.Tables {
		err := p.part(tablePart(t.Name), zip.Deflate, func(w io.Writer) (int64, error) { return r.Dump(p.ctx, t.Name, w) })
		if err != nil {
			return err
		}
	}
	return nil
}

func (p *packer) files(files Files) error {
	for digest, err := range files.All(p.ctx) {
		if err != nil {
			return err
		}
		err = p.part(filePrefix+digest, zip.Store, func(w io.Writer) (int64, error) {
			file, err := files.Open(p.ctx, digest)
			if err != nil {
				return 0, err
			}
			defer file.Close()
			_, err = io.Copy(w, file)
			return 0, err
		})
		if errors.Is(err, blob.ErrNotFound) {
			continue // taken back meanwhile, so nothing refers to it
		}
		if err != nil {
			return err
		}
		if last := p.manifest.Parts[len(p.manifest.Parts)-1]; last.SHA256 != digest {
			return fmt.Errorf("evidence file %s: %w", digest, blob.ErrDamaged)
		}
	}
	return nil
}

// part writes one file of the archive and notes its digest.
func (p *packer) part(name string, method uint16, fill func(io.Writer) (int64, error)) error {
	w, err := p.zip.CreateHeader(&zip.FileHeader{Name: name, Method: method, Modified: p.at})
	if err != nil {
		return err
	}
	m := &meter{to: w, sum: sha256.New()}
	rows, err := fill(m)
	if err != nil {
		return fmt.Errorf("pack %s: %w", name, err)
	}
	p.manifest.Parts = append(p.manifest.Parts, Part{name, hex.EncodeToString(m.sum.Sum(nil)), m.size, rows})
	return nil
}

func (p *packer) close() error {
	text, err := json.MarshalIndent(p.manifest, "", "  ")
	if err != nil {
		return err
	}
	w, err := p.zip.CreateHeader(&zip.FileHeader{Name: manifestName, Method: zip.Deflate, Modified: p.at})
	if err == nil {
		_, err = w.Write(text)
	}
	return errors.Join(err, p.zip.Close())
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
// the comment. It also covers what readers of zip files skip, so that no byte can
// change unnoticed.
const sealPrefix = "sha256:"

const sealLength = len(sealPrefix) + 2*sha256.Size

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

func seal(w io.Writer, tail *tailWriter, sum hash.Hash) error {
	if string(tail.kept) != "\x00\x00" {
		return fmt.Errorf("seal the backup: the archive ends in %x", tail.kept)
	}
	comment := sealPrefix + hex.EncodeToString(sum.Sum(nil))
	if _, err := w.Write(append([]byte{byte(sealLength), 0}, comment...)); err != nil {
		return fmt.Errorf("seal the backup: %w", err)
	}
	return nil
}
