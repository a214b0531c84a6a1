package backup

import (
	"archive/zip"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"

	"lianshen/internal/clock"
	"lianshen/internal/store"
)

// An Archive is a backup whose every byte has been checked.
type Archive struct {
	Manifest Manifest
	zip      *zip.Reader
	parts    map[string]*zip.File
}

// Open checks the whole backup, size bytes long, before anything is done with it.
// Errors: ErrForeign, ErrDamaged, both with what is wrong.
func Open(r io.ReaderAt, size int64) (*Archive, error) {
	z, err := zip.NewReader(r, size)
	if err != nil {
		return nil, foreignOrDamaged(r, size, err)
	}
	a := &Archive{zip: z, parts: map[string]*zip.File{}}
	for _, f := range z.File {
		if a.parts[f.Name] != nil {
			return nil, fmt.Errorf("part %s stands in it twice: %w", f.Name, ErrDamaged)
		}
		a.parts[f.Name] = f
	}
	if err := a.readManifest(); err != nil {
		return nil, err
	}
	if err := a.checkParts(); err != nil {
		return nil, err
	}
	return a, checkSeal(r, size, z.Comment)
}

// foreignOrDamaged tells a broken zip from something that never was one.
func foreignOrDamaged(r io.ReaderAt, size int64, cause error) error {
	head := make([]byte, 4)
	if _, err := r.ReadAt(head, 0); err != nil || string(head[:2]) != "PK" {
		return ErrForeign
	}
	return fmt.Errorf("%w: %w (%d bytes)", ErrDamaged, cause, size)
}

func (a *Archive) readManifest() error {
	f := a.parts[manifestName]
	if f == nil {
		return ErrForeign
	}
	text, err := f.Open()
	if err != nil {
		return fmt.Errorf("%w: %s: %w", ErrDamaged, manifestName, err)
	}
	defer text.Close()
	body, err := io.ReadAll(io.LimitReader(text, 256<<20))
	if err != nil {
		return fmt.Errorf("%w: %s: %w", ErrDamaged, manifestName, err)
	}
	if err := json.Unmarshal(body, &a.Manifest); err != nil {
		return fmt.Errorf("%w: %s: %w", ErrDamaged, manifestName, err)
	}
	if a.Manifest.Format != format {
		return fmt.Errorf("format %q: %w", a.Manifest.Format, ErrForeign)
	}
	return nil
}

// checkParts reads every part and compares its digest; none may be missing, and
// none may be there that the manifest does not name.
func (a *Archive) checkParts() error {
	if extra := len(a.parts) - len(a.Manifest.Parts) - 1; extra != 0 {
		return fmt.Errorf("%w: %d parts, the manifest names %d", ErrDamaged, len(a.parts)-1, len(a.Manifest.Parts))
	}
	for _, p := range a.Manifest.Parts {
		if err := a.checkPart(p); err != nil {
			return fmt.Errorf("%w: part %s: %w", ErrDamaged, p.Name, err)
		}
	}
	for _, t := range a.Manifest.Tables {
		if a.parts[tablePart(t.Name)] == nil {
			return fmt.Errorf("%w: table %s is missing", ErrDamaged, t.Name)
		}
	}
	return nil
}

func (a *Archive) checkPart(p Part) error {
	f := a.parts[p.Name]
	if f == nil {
		return errors.New("it is missing")
	}
	body, err := f.Open()
	if err != nil {
		return err
	}
	defer body.Close()
	m := &meter{to: io.Discard, sum: sha256.New()}
	if _, err := io.Copy(m, io.LimitReader(body, p.Size+1)); err != nil {
		return err
	}
	digest := hex.EncodeToString(m.sum.Sum(nil))
	if m.size != p.Size || digest != p.SHA256 {
		return errors.New("it is not what was packed")
	}
	if name, file := strings.CutPrefix(p.Name, filePrefix); file && name != digest {
		return errors.New("its name is not its digest")
	}
	return nil
}

func checkSeal(r io.ReaderAt, size int64, comment string) error {
	sum := sha256.New()
	body := size - int64(sealLength) - 2
	if _, err := io.Copy(sum, io.NewSectionReader(r, 0, max(0, body))); err != nil {
		return fmt.Errorf("%w: %w", ErrDamaged, err)
	}
	if comment != sealPrefix+hex.EncodeToString(sum.Sum(nil)) {
		return fmt.Errorf("%w: its seal does not fit", ErrDamaged)
	}
	return nil
}

func tablePart(table string) string { return tablePrefix + table + ".jsonl" }

// Keeper takes evidence files back; see blob.Folder.
type Keeper interface {
	Restore(ctx context.Context, sha256 string, r io.Reader) error
}

// Restore unpacks the backup into an empty database and a place for files. Files
// go first: records that name a file must never be there without it.
func (a *Archive) Restore(ctx context.Context, url string, now clock.Clock, files Keeper) error {
	if err := store.CheckRestore(ctx, url, a.Manifest.Schema); err != nil {
		return err
	}
	for _, p := range a.Manifest.Parts {
		digest, file := strings.CutPrefix(p.Name, filePrefix)
		if !file {
			continue
		}
		if err := a.restoreFile(ctx, digest, files); err != nil {
			return fmt.Errorf("restore evidence file %s: %w", digest, err)
		}
	}
	return store.Restore(ctx, url, now, store.Source{
		Schema: a.Manifest.Schema, Tables: a.Manifest.Tables,
		Rows: func(table string) (io.ReadCloser, error) { return a.parts[tablePart(table)].Open() },
	})
}

func (a *Archive) restoreFile(ctx context.Context, digest string, files Keeper) error {
	body, err := a.parts[filePrefix+digest].Open()
	if err != nil {
		return err
	}
	defer body.Close()
	return files.Restore(ctx, digest, body)
}
