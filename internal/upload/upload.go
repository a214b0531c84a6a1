// Package upload keeps what has arrived so far of files that come in pieces, so
// that a sender whose line broke goes on where it broke: the storage below the
// tus 1.0 protocol. It does not know who may upload what, speaks no HTTP, and
// hands a whole file on to be checked and kept elsewhere.
//
// An upload is two files in the folder: what is known of it (ID.json), written
// whole or not at all, and its bytes so far (ID.part), whose length is the offset
// and is written nowhere else. So there is nothing that could disagree after a
// crash.
package upload

import (
	"context"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"syscall"
	"time"

	"lianshen/internal/blob"
	"lianshen/internal/clock"
)

// Errors that callers tell apart with errors.Is.
var (
	ErrNotFound = errors.New("upload: no such upload")
	ErrOffset   = errors.New("upload: the offset is another one")
	ErrTooLong  = errors.New("upload: more bytes than announced")
	ErrChecksum = errors.New("upload: the bytes are not those of the checksum")
	ErrBusy     = errors.New("upload: another request is at it")
	ErrTooMany  = errors.New("upload: too many unfinished uploads")
)

// Limits of what one person leaves unfinished, and for how long it is kept after
// the last byte.
const (
	MaxOpen = 200
	Keep    = 24 * time.Hour
)

// An Upload is what is known of a file on its way.
type Upload struct {
	ID     string            `json:"id"`
	Owner  string            `json:"owner"` // person who sends it; nobody else may touch it
	For    string            `json:"for"`   // the finding it belongs to
	Name   string            `json:"name"`  // of the file, as the sender calls it
	Size   int64             `json:"size"`  // bytes, when whole
	Fields map[string]string `json:"fields,omitempty"`
	Done   bool              `json:"done"` // the file has been handed on; its bytes are gone from here
	Offset int64             `json:"-"`    // bytes that have arrived
	Until  time.Time         `json:"-"`    // forgotten then, unless more arrives
}

// A Folder keeps uploads. Several processes may share it. Make it with [Open].
type Folder struct {
	dir  string
	now  clock.Clock
	held *holders
}

// Open returns the uploads in dir, and makes dir if it is not there. now must be
// the real clock: it is compared with the times of files.
func Open(dir string, now clock.Clock) (*Folder, error) {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, fmt.Errorf("open the folder of uploads: %w", err)
	}
	return &Folder{dir, now, newHolders()}, nil
}

// plainID is what an ID looks like; nothing else may become part of a path.
var plainID = regexp.MustCompile(`^[0-9a-f-]{36}$`)

func (f *Folder) path(id, kind string) string { return filepath.Join(f.dir, id+kind) }

// Begin makes room for a file. ErrTooMany where the owner has left too many
// unfinished, blob.ErrFull where there is no room.
func (f *Folder) Begin(u Upload) (Upload, error) {
	if !plainID.MatchString(u.ID) || u.Size <= 0 {
		return u, fmt.Errorf("begin upload %q of %d bytes: %w", u.ID, u.Size, ErrNotFound)
	}
	open, err := f.open(u.Owner)
	if err == nil && open >= MaxOpen {
		err = ErrTooMany
	}
	if err == nil {
		err = os.WriteFile(f.path(u.ID, part), nil, 0o600)
	}
	if err == nil {
		err = f.write(u)
	}
	if err != nil {
		return u, fmt.Errorf("begin an upload: %w", blob.Full(err))
	}
	return f.Find(u.ID)
}

const (
	info = ".json"
	part = ".part"
	lock = ".lock"
)

// write keeps what is known of the upload, wholly or not at all.
func (f *Folder) write(u Upload) error {
	text, err := json.Marshal(u)
	if err != nil {
		return err
	}
	tmp, err := os.CreateTemp(f.dir, "new-*")
	if err != nil {
		return err
	}
	defer os.Remove(tmp.Name()) //nolint:errcheck // gone already if all went well
	_, err = tmp.Write(text)
	err = errors.Join(err, tmp.Sync(), tmp.Close())
	if err != nil {
		return err
	}
	return os.Rename(tmp.Name(), f.path(u.ID, info))
}

// Find returns an upload that has not expired.
func (f *Folder) Find(id string) (Upload, error) {
	if !plainID.MatchString(id) {
		return Upload{}, ErrNotFound
	}
	u, err := f.read(id)
	if err == nil && f.now().After(u.Until) {
		err = ErrNotFound
	}
	if err != nil {
		return Upload{}, fmt.Errorf("find upload %s: %w", id, err)
	}
	return u, nil
}

func (f *Folder) read(id string) (u Upload, err error) {
	text, err := os.ReadFile(f.path(id, info))
	if errors.Is(err, fs.ErrNotExist) {
		return u, ErrNotFound
	}
	if err == nil {
		err = json.Unmarshal(text, &u)
	}
	if err != nil {
		return u, err
	}
	bytes, err := os.Stat(f.path(id, part))
	switch {
	case u.Done: // its bytes are gone, or about to be
		known, bad := os.Stat(f.path(id, info))
		if bad != nil {
			return u, ErrNotFound
		}
		u.Offset, u.Until = u.Size, known.ModTime().Add(Keep)
		return u, nil
	case errors.Is(err, fs.ErrNotExist):
		return u, ErrNotFound
	case err != nil:
		return u, err
	}
	u.Offset, u.Until = bytes.Size(), bytes.ModTime().Add(Keep)
	return u, nil
}

// open counts what the owner has not finished.
func (f *Folder) open(owner string) (n int, err error) {
	err = f.each(func(u Upload) error {
		if u.Owner == owner && !u.Done {
			n++
		}
		return nil
	})
	return n, err
}

// each calls do with every upload, expired ones too.
func (f *Folder) each(do func(Upload) error) error {
	names, err := filepath.Glob(filepath.Join(f.dir, "*"+info))
	if err != nil {
		return err
	}
	for _, name := range names {
		u, err := f.read(strings.TrimSuffix(filepath.Base(name), info))
		if errors.Is(err, ErrNotFound) {
			u = Upload{ID: strings.TrimSuffix(filepath.Base(name), info)} // expired since year 1
		} else if err != nil {
			return err
		}
		if err := do(u); err != nil {
			return err
		}
	}
	return nil
}

// A Piece is a stretch of a file. Stop breaks off reading from From: it is called
// when the same sender, whose line is down, comes back on another one.
type Piece struct {
	At   int64
	From io.Reader
	Stop func()
	Sum  []byte // SHA-256 of the piece; nil for none
}

// Append adds what the piece gives and returns the new offset. What has arrived
// before From broke off stays, unless the piece has a checksum: then it is whole
// or as if it had never come. ErrOffset if the piece does not begin where the
// bytes end, ErrTooLong if it goes beyond the announced size.
func (f *Folder) Append(ctx context.Context, id string, p Piece) (offset int64, err error) {
	free, err := f.hold(ctx, id, p.Stop)
	if err != nil {
		return 0, err
	}
	defer free()
	u, err := f.Find(id)
	if err != nil {
		return 0, err
	}
	if p.At != u.Offset {
		return u.Offset, ErrOffset
	}
	if u.Done || u.Offset == u.Size {
		return u.Offset, nil
	}
	file, err := os.OpenFile(f.path(id, part), os.O_WRONLY, 0o600)
	if err != nil {
		return u.Offset, fmt.Errorf("go on with upload %s: %w", id, err)
	}
	n, err := fill(file, p, u.Size-u.Offset)
	err = errors.Join(err, file.Sync(), file.Close())
	if errors.Is(err, os.ErrDeadlineExceeded) { // broken off by Stop, or far too slow
		return u.Offset + n, fmt.Errorf("go on with upload %s: %w: %w", id, ErrBusy, err)
	}
	if err != nil {
		return u.Offset + n, fmt.Errorf("go on with upload %s: %w", id, blob.Full(err))
	}
	return u.Offset + n, nil
}

// fill writes the piece at its place, at most room bytes of it.
func fill(file *os.File, p Piece, room int64) (n int64, err error) {
	if _, err := file.Seek(p.At, io.SeekStart); err != nil {
		return 0, err
	}
	sum := sha256.New()
	n, err = io.Copy(io.MultiWriter(file, sum), io.LimitReader(p.From, room))
	if err == nil && n == room {
		if more, _ := io.ReadFull(p.From, make([]byte, 1)); more > 0 {
			err = ErrTooLong
		}
	}
	if p.Sum != nil && err == nil && subtle.ConstantTimeCompare(sum.Sum(nil), p.Sum) != 1 {
		err = ErrChecksum
	}
	if p.Sum != nil && err != nil || errors.Is(err, ErrTooLong) {
		return 0, errors.Join(err, file.Truncate(p.At))
	}
	return n, err
}

// Finish hands the whole file to keep, once: after keep has succeeded it is not
// called again for this upload, and the bytes are gone from here. If the program
// ends in between, it is called again: it must be harmless twice.
func (f *Folder) Finish(ctx context.Context, id string, keep func(u Upload, whole io.ReadSeeker) error) error {
	free, err := f.hold(ctx, id, nil)
	if err != nil {
		return err
	}
	defer free()
	u, err := f.Find(id)
	switch {
	case err != nil:
		return err
	case u.Done:
		return f.remove(id, part)
	case u.Offset != u.Size:
		return ErrOffset
	}
	file, err := os.Open(f.path(id, part))
	if err != nil {
		return fmt.Errorf("finish upload %s: %w", id, err)
	}
	defer file.Close()
	if err := keep(u, file); err != nil {
		return err
	}
	u.Done = true
	if err := f.write(u); err != nil {
		return fmt.Errorf("finish upload %s: %w", id, blob.Full(err))
	}
	return f.remove(id, part)
}

// Drop forgets an upload. One that is not there is no error.
func (f *Folder) Drop(ctx context.Context, id string) error {
	if !plainID.MatchString(id) {
		return nil
	}
	free, err := f.hold(ctx, id, nil)
	if err != nil {
		return err
	}
	defer free()
	return f.remove(id, part, info, lock)
}

func (f *Folder) remove(id string, kinds ...string) error {
	for _, kind := range kinds {
		if err := os.Remove(f.path(id, kind)); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return fmt.Errorf("forget upload %s: %w", id, err)
		}
	}
	return nil
}

// Expire forgets uploads to which nothing was added for long, and what a crash
// left of their beginning. It returns their number.
func (f *Folder) Expire(ctx context.Context) (n int, err error) {
	err = f.each(func(u Upload) error {
		if !f.now().After(u.Until) {
			return nil
		}
		n++
		err := f.Drop(ctx, u.ID)
		if errors.Is(err, ErrBusy) {
			n--
			return nil // somebody is at it after all
		}
		return err
	})
	return n, errors.Join(err, f.sweep())
}

// sweep removes old files that no upload has: bytes whose description was never
// written, or the reverse of it.
func (f *Folder) sweep() error {
	entries, err := os.ReadDir(f.dir)
	if err != nil {
		return fmt.Errorf("look through the uploads: %w", err)
	}
	for _, e := range entries {
		stat, err := e.Info()
		if err != nil || f.now().Sub(stat.ModTime()) < Keep {
			continue // gone meanwhile, or young
		}
		id := strings.TrimSuffix(strings.TrimSuffix(e.Name(), part), lock)
		if _, err := os.Stat(f.path(id, info)); errors.Is(err, fs.ErrNotExist) && filepath.Ext(e.Name()) != info {
			if err := os.Remove(filepath.Join(f.dir, e.Name())); err != nil && !errors.Is(err, syscall.ENOENT) {
				return fmt.Errorf("look through the uploads: %w", err)
			}
		}
	}
	return nil
}
