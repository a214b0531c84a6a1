// Package blob keeps evidence files by the SHA-256 of their bytes: the same bytes
// are kept once, and what is kept never changes. It decides which types and sizes
// are taken in.
// It does not know which finding a file belongs to nor who may see it, and it does
// not look for viruses.
//
// # Serving
//
// A file comes from outside and must never run in the page of its reader. Whoever
// serves one sends Content-Type from [Ref.Type], X-Content-Type-Options: nosniff,
// Content-Disposition: attachment with the name percent-encoded (filename*), and
// Content-Security-Policy: sandbox, after asking whether the reader may see it.
// [Header] returns these.
package blob

import (
	"context"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"iter"
	"net/http"
	"net/url"
	"strings"
	"time"
)

// DefaultLimit is the largest file taken in unless configured otherwise, in bytes.
const DefaultLimit = 50 << 20

// A Ref names a kept file.
type Ref struct {
	SHA256 string // 64 lower-case hexadecimal digits
	Size   int64  // bytes
	Type   string // media type, by extension and content: "application/pdf"
}

// ErrNotFound says that no file of that digest is kept.
var ErrNotFound = errors.New("blob: no such file")

// ErrDamaged says that what is kept under a digest no longer has it.
var ErrDamaged = errors.New("blob: file is damaged")

// ErrFull says that there is no room left where files are kept. The sender can do
// nothing about it, whoever keeps the machine can.
var ErrFull = errors.New("blob: no room left")

// A Store keeps files. Several callers may use it at once. An error of Put that
// the sender can mend is a [*Refusal]; then, and after any other error, nothing is
// kept.
type Store interface {
	// Put keeps what r gives, at most limit bytes. The name decides, with the
	// content, whether the type is taken; it is not kept. Bytes already kept are not
	// written again, but count as put now. When it returns, the file survives a loss
	// of power. It returns ErrFull where there is no room.
	Put(ctx context.Context, name string, r io.Reader, limit int64) (Ref, error)

	// Open returns the bytes, or ErrNotFound. The caller closes it.
	Open(ctx context.Context, sha256 string) (io.ReadSeekCloser, error)

	// Stat returns the size in bytes, or ErrNotFound.
	Stat(ctx context.Context, sha256 string) (size int64, err error)

	// Delete removes a file nothing refers to, such as one whose act was refused
	// after it had been put. A file that is not kept is no error.
	Delete(ctx context.Context, sha256 string) error

	// Reclaim removes a file that nothing refers to unless it was put, or put again,
	// after the given instant on the real clock: its row may be about to be written.
	Reclaim(ctx context.Context, sha256 string, before time.Time) (removed bool, err error)

	// Restore keeps bytes that were kept before, as a backup holds them, under the
	// digest they had. Whether their type is taken was asked then; the digest is
	// checked now, and nothing is kept if it is not theirs: ErrDamaged.
	Restore(ctx context.Context, sha256 string, r io.Reader) error

	// All returns the digests of the kept files, ascending.
	All(ctx context.Context) iter.Seq2[string, error]
}

// Check reads the whole file and returns ErrDamaged if it no longer has its
// digest, ErrNotFound if it is gone, and nil if it is as it was put.
func Check(ctx context.Context, s Store, sha256 string) error {
	file, err := s.Open(ctx, sha256)
	if err != nil {
		return err
	}
	defer file.Close()
	got, _, err := digest(ctx, file)
	if err != nil {
		return fmt.Errorf("check %s: %w", sha256, err)
	}
	if got != sha256 {
		return fmt.Errorf("check %s: %w", sha256, ErrDamaged)
	}
	return nil
}

// Header sets what a response must say when it serves the file called name: see
// the package comment.
func Header(h http.Header, ref Ref, name string) {
	h.Set("Content-Type", ref.Type)
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Content-Security-Policy", "sandbox; default-src 'none'")
	h.Set("Content-Disposition", "attachment; filename*=UTF-8''"+strings.ReplaceAll(url.QueryEscape(name), "+", "%20"))
}

// A Refusal says why a file is not taken in. Code is a message key: "blob.empty",
// "blob.too_big" (Args: limit as people read it), "blob.type" (extension),
// "blob.content" (extension), "blob.macro", "blob.damaged" (extension),
// "blob.unpacked" (extension), "blob.pixels" (width, height, limit in millions) or
// "blob.infected" (name of what was found).
type Refusal struct {
	Code string
	Args []any
}

func (r *Refusal) Error() string { return fmt.Sprint("refused: ", r.Code, r.Args) }

// Refusal returns the message key and its arguments, so that pages can word the
// refusals of all packages in one place.
func (r *Refusal) Refusal() (code string, args []any) { return r.Code, r.Args }

// Taken returns a [*Refusal] where no file of that name is taken in, whatever is in
// it: it need not travel.
func Taken(name string) error {
	if ext := extension(name); kinds[ext].media == "" {
		return refuse("blob.type", ext)
	}
	return nil
}

func refuse(code string, args ...any) error { return &Refusal{code, args} }

// valid reports whether s can be a digest. Nothing else may become part of a path.
func valid(s string) bool {
	raw, err := hex.DecodeString(s)
	return err == nil && len(raw) == 32 && strings.ToLower(s) == s
}
