package web

import (
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"time"

	"lianshen/internal/blob"
	"lianshen/internal/extract"
	"lianshen/internal/ledger"
	"lianshen/internal/policy"
	"lianshen/internal/store"
)

// A piece is one piece of evidence somebody may read, and where it hangs.
type piece struct {
	ledger.Evidence
	subject ledger.Subject
	finding string // number, or the name of a document judged as a whole
	round   int
	path    string // address of the file
}

// evidenceOf returns the piece of the finding in the address, from its text as the
// reader sees it or from a version that was sent.
func (s *Server) evidenceOf(r *http.Request, who policy.Actor) (p piece, err error) {
	ctx, db, scope := r.Context(), s.Supervise.DB.Read(), policy.ScopeOf(who)
	f, err := db.Finding(ctx, scope, r.PathValue("number"))
	if err != nil {
		return p, err
	}
	versions, err := db.SentItems(ctx, scope, f)
	if err != nil {
		return p, err
	}
	pieces := f.Progress.Evidence
	for _, v := range versions {
		pieces = append(pieces[:len(pieces):len(pieces)], v.Item.Progress.Evidence...)
	}
	version := r.URL.Query().Get("version")
	if version != "" && !scope.Drafts { // a file replaced before it was sent is the organisation's own business
		return p, store.ErrNotFound
	}
	for _, e := range pieces {
		e, found := versionOf(e, version)
		if found && e.ID == r.PathValue("id") && e.File.SHA256 != "" {
			return piece{e, f.Subject(), f.Number, f.Round, findingPath(f.Number, "evidence", e.ID)}, nil
		}
	}
	return p, store.ErrNotFound
}

// paperPiece is evidenceOf for a document that is judged as one text.
func (s *Server) paperPiece(r *http.Request, who policy.Actor) (p piece, err error) {
	paper, err := s.Supervise.DB.Read().Paper(r.Context(), policy.ScopeOf(who), r.PathValue("submission"))
	if err != nil {
		return p, err
	}
	for _, e := range paper.Paper.Files {
		if e.ID == r.PathValue("file") && e.File.SHA256 != "" {
			return piece{e, paper.Subject(), paper.Whole(), paper.Round, filePath(paper.ID, e.ID)}, nil
		}
	}
	return p, store.ErrNotFound
}

// pieceIn returns the piece the address names.
func (s *Server) pieceIn(r *http.Request, who policy.Actor) (piece, error) {
	if r.PathValue("submission") != "" {
		return s.paperPiece(r, who)
	}
	return s.evidenceOf(r, who)
}

// evidenceFile sends a file: the original to whoever may have it, to others a copy
// without what the file carries unseen.
func (s *Server) evidenceFile(w http.ResponseWriter, r *http.Request, who policy.Actor) error {
	p, err := s.pieceIn(r, who)
	if err != nil {
		return err
	}
	e := p.Evidence
	file, err := s.Blobs.Open(r.Context(), e.File.SHA256)
	if err != nil {
		return err
	}
	defer file.Close() //nolint:errcheck // only read from
	ref := blob.Ref{SHA256: e.File.SHA256, Size: e.File.Size, Type: e.File.Type}
	name := or(e.File.Name, e.Name)
	if s.Originals || policy.Original(who, p.subject) && !r.URL.Query().Has("copy") {
		blob.Header(w.Header(), ref, name)
		http.ServeContent(w, r, "", time.Time{}, file)
		return nil
	}
	cleaned, made, err := s.cleaned(r, file, e.File)
	if err != nil {
		return err
	}
	defer drop(made)
	w.Header().Set(copyHeader, string(cleaned))
	blob.Header(w.Header(), ref, name)
	http.ServeContent(w, r, "", time.Time{}, made)
	return nil
}

// copyHeader says of a download what was done to it: "cleaned", "same" or "original".
const copyHeader = "X-Evidence-Copy"

// uncleaned is the kind of a copy that is the original, as its type cannot be cleaned.
const uncleaned extract.Cleaned = "original"

// cleaned makes a cleaned copy in a file that is dropped after use. What cannot be
// cleaned, such as Word files from before 2007, is handed out as it is: it has to be
// read to be judged, and the answer says so.
func (s *Server) cleaned(r *http.Request, from io.ReadSeeker, f ledger.File) (kind extract.Cleaned, made *os.File, err error) {
	if made, err = os.CreateTemp("", "copy-*"); err != nil {
		return "", nil, fmt.Errorf("make a copy of file %s: %w", f.SHA256, err)
	}
	kind, err = s.Extract.Clean(r.Context(), made, extract.File{ReadSeeker: from, Size: f.Size, Type: f.Type})
	var why extract.Unreadable
	if errors.As(err, &why) {
		kind, err = uncleaned, again(from, made)
	}
	if err == nil {
		_, err = made.Seek(0, io.SeekStart)
	}
	if err != nil {
		drop(made)
		return "", nil, fmt.Errorf("make a copy of file %s: %w", f.SHA256, err)
	}
	return kind, made, nil
}

// again copies a file from its beginning in place of what was written.
func again(from io.ReadSeeker, to *os.File) error {
	if err := to.Truncate(0); err != nil {
		return err
	}
	if _, err := to.Seek(0, io.SeekStart); err != nil {
		return err
	}
	if _, err := from.Seek(0, io.SeekStart); err != nil {
		return err
	}
	_, err := io.Copy(to, from)
	return err
}

// drop closes a temporary file and removes it.
func drop(f *os.File) {
	_ = f.Close()
	_ = os.Remove(f.Name())
}
