package pack

import (
	"archive/zip"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
)

// ErrForeign says that a file is no evidence pack.
var ErrForeign = errors.New("the file is no evidence pack")

// A Fault is a place where a pack is not as it was made. Code is a message key:
// pack.changed, pack.missing, pack.added, pack.twice with a path, pack.broken for an archive
// that cannot be read, pack.outside for bytes that belong to no file.
type Fault struct {
	Code string `json:"code"`
	Path string `json:"path,omitempty"`
}

// Check reads a whole pack, size bytes long, and returns its manifest and every fault.
// It asks nobody: the digests are in the pack, and the seal covers every byte of it.
func Check(r io.ReaderAt, size int64) (m Manifest, faults []Fault, err error) {
	z, err := zip.NewReader(r, size)
	if err != nil {
		if foreign(r) {
			return m, nil, ErrForeign
		}
		return m, []Fault{{Code: "pack.broken"}}, nil
	}
	parts := map[string]*zip.File{}
	for _, f := range z.File {
		if parts[f.Name] != nil {
			faults = append(faults, Fault{"pack.twice", f.Name})
		}
		parts[f.Name] = f
	}
	if m, err = readManifest(parts[ManifestName]); err != nil {
		if errors.Is(err, ErrForeign) {
			return m, nil, err
		}
		return m, append(faults, Fault{"pack.changed", ManifestName}), nil
	}
	faults = append(faults, checkFiles(m, parts, z)...)
	if sealed, err := sealFits(r, size, z.Comment); err != nil {
		return m, faults, err
	} else if !sealed && len(faults) == 0 {
		faults = append(faults, Fault{Code: "pack.outside"})
	}
	return m, faults, nil
}

// foreign reports whether the file never was a zip.
func foreign(r io.ReaderAt) bool {
	head := make([]byte, 2)
	_, err := r.ReadAt(head, 0)
	return err != nil || string(head) != "PK"
}

func readManifest(f *zip.File) (m Manifest, err error) {
	if f == nil {
		return m, ErrForeign
	}
	r, err := f.Open()
	if err != nil {
		return m, fmt.Errorf("open the manifest: %w", err)
	}
	defer r.Close()
	text, err := io.ReadAll(io.LimitReader(r, 256<<20))
	if err != nil {
		return m, fmt.Errorf("read the manifest: %w", err)
	}
	if err := json.Unmarshal(text, &m); err != nil {
		return m, fmt.Errorf("read the manifest: %w", err)
	}
	if m.Format != Format {
		return m, ErrForeign
	}
	return m, nil
}

// checkFiles compares every file with the manifest, in both directions.
func checkFiles(m Manifest, parts map[string]*zip.File, z *zip.Reader) (faults []Fault) {
	named := map[string]bool{ManifestName: true}
	for _, f := range m.Files {
		named[f.Path] = true
		switch p := parts[f.Path]; {
		case p == nil:
			faults = append(faults, Fault{"pack.missing", f.Path})
		case !unchanged(p, f):
			faults = append(faults, Fault{"pack.changed", f.Path})
		}
	}
	for _, f := range z.File {
		if !named[f.Name] {
			faults = append(faults, Fault{"pack.added", f.Name})
		}
	}
	return faults
}

func unchanged(p *zip.File, f File) bool {
	r, err := p.Open()
	if err != nil {
		return false
	}
	defer r.Close()
	sum := sha256.New()
	n, err := io.Copy(sum, io.LimitReader(r, f.Size+1))
	return err == nil && n == f.Size && hex.EncodeToString(sum.Sum(nil)) == f.SHA256
}

func sealFits(r io.ReaderAt, size int64, comment string) (bool, error) {
	sum := sha256.New()
	if _, err := io.Copy(sum, io.NewSectionReader(r, 0, max(0, size-int64(sealLength)-2))); err != nil {
		return false, fmt.Errorf("read the pack: %w", err)
	}
	return comment == sealPrefix+hex.EncodeToString(sum.Sum(nil)), nil
}
