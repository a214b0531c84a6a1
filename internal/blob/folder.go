package blob

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"iter"
	"os"
	"path/filepath"
	"time"

	"lianshen/internal/clock"
)

// A Folder keeps files in a folder, as aa/bb/aabb... by the digits of their digest,
// so that no single folder holds more than a few hundred. Make it with [OpenFolder].
type Folder struct{ dir string }

var _ Store = Folder{}

// incoming is where a file lies until it is whole. It is on the same file system as
// its place, which makes moving it there a single step.
const incoming = "incoming"

// OpenFolder returns the store in dir, and makes dir if it is not there. Several
// processes may have it open: a server and a backup.
func OpenFolder(dir string) (Folder, error) {
	if err := os.MkdirAll(filepath.Join(dir, incoming), 0o700); err != nil {
		return Folder{}, fmt.Errorf("open the folder of evidence files: %w", err)
	}
	return Folder{dir}, nil
}

// Sweep removes what a crash left half written. Call it before the first Put, and
// only where no other process can be putting.
func (s Folder) Sweep() error { return sweep(filepath.Join(s.dir, incoming)) }

func sweep(dir string) error {
	left, err := os.ReadDir(dir)
	for _, file := range left {
		err = cmp.Or(err, os.Remove(filepath.Join(dir, file.Name())))
	}
	if err != nil {
		return fmt.Errorf("clear half-written evidence files: %w", err)
	}
	return nil
}

// Put implements [Store].
func (s Folder) Put(ctx context.Context, name string, r io.Reader, limit int64) (Ref, error) {
	if err := Taken(name); err != nil {
		return Ref{}, err // before reading 50 MB of it
	}
	var ref Ref
	err := spool(filepath.Join(s.dir, incoming), func(file *os.File) (err error) {
		if ref, err = take(ctx, file, name, r, limit); err != nil {
			return err
		}
		if err := s.place(file, ref); err != nil {
			return fmt.Errorf("keep evidence file %s: %w", ref.SHA256, err)
		}
		return nil
	})
	return ref, Full(err)
}

// place moves the whole file to where it stays. It never overwrites: bytes that
// are there already are the same, or it is an error.
func (s Folder) place(file *os.File, ref Ref) error {
	path := s.path(ref.SHA256)
	free, err := lockFolder(s.dir, false)
	if err != nil {
		return err
	}
	defer free()
	if info, err := os.Stat(path); err == nil {
		if info.Size() != ref.Size {
			return ErrDamaged
		}
		now := clock.Real()
		return os.Chtimes(path, now, now) // see Reclaim
	}
	if err := cmp.Or(file.Sync(), file.Chmod(0o400), file.Close()); err != nil {
		return err
	}
	inner := filepath.Dir(path)
	if err := os.MkdirAll(inner, 0o700); err != nil {
		return err
	}
	if err := os.Rename(file.Name(), path); err != nil {
		return err
	}
	// Without these the new names may be lost with the power, though the bytes are not.
	return cmp.Or(syncDir(inner), syncDir(filepath.Dir(inner)), syncDir(s.dir))
}

// Open implements [Store].
func (s Folder) Open(_ context.Context, sha256 string) (io.ReadSeekCloser, error) {
	if !valid(sha256) {
		return nil, ErrNotFound
	}
	file, err := os.Open(s.path(sha256))
	if err != nil {
		return nil, gone(sha256, err)
	}
	return file, nil
}

// Stat implements [Store].
func (s Folder) Stat(_ context.Context, sha256 string) (int64, error) {
	if !valid(sha256) {
		return 0, ErrNotFound
	}
	info, err := os.Stat(s.path(sha256))
	if err != nil {
		return 0, gone(sha256, err)
	}
	return info.Size(), nil
}

// Delete implements [Store].
func (s Folder) Delete(_ context.Context, sha256 string) error {
	if !valid(sha256) {
		return nil
	}
	if err := os.Remove(s.path(sha256)); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("delete evidence file %s: %w", sha256, err)
	}
	return nil
}

// Reclaim implements [Store]. Nobody can put the same bytes while it looks: place
// holds the same lock.
func (s Folder) Reclaim(_ context.Context, sha256 string, before time.Time) (bool, error) {
	if !valid(sha256) {
		return false, nil
	}
	free, err := lockFolder(s.dir, true)
	if err != nil {
		return false, fmt.Errorf("reclaim evidence file %s: %w", sha256, err)
	}
	defer free()
	info, err := os.Stat(s.path(sha256))
	if errors.Is(err, fs.ErrNotExist) || err == nil && !info.ModTime().Before(before) {
		return false, nil
	}
	if err == nil {
		err = os.Remove(s.path(sha256))
	}
	if err != nil {
		return false, fmt.Errorf("reclaim evidence file %s: %w", sha256, err)
	}
	return true, nil
}

// All implements [Store]. It reads the names only; see [Check].
func (s Folder) All(ctx context.Context) iter.Seq2[string, error] {
	return func(yield func(string, error) bool) {
		err := filepath.WalkDir(s.dir, func(path string, d fs.DirEntry, err error) error {
			switch {
			case err != nil:
				return err
			case ctx.Err() != nil:
				return ctx.Err()
			case d.IsDir() || path != s.path(d.Name()):
				return nil // not ours, or not whole yet
			case !yield(d.Name(), nil):
				return fs.SkipAll
			}
			return nil
		})
		if err != nil {
			yield("", fmt.Errorf("list the evidence files: %w", err))
		}
	}
}

// path returns where the file of a digest lies; "" if sum cannot be one.
func (s Folder) path(sum string) string {
	if !valid(sum) {
		return ""
	}
	return filepath.Join(s.dir, sum[:2], sum[2:4], sum)
}

func gone(sum string, err error) error {
	if errors.Is(err, fs.ErrNotExist) {
		return ErrNotFound
	}
	return fmt.Errorf("open evidence file %s: %w", sum, err)
}
