package web

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/google/uuid"

	"lianshen/internal/blob"
	"lianshen/internal/lang"
	"lianshen/internal/ledger"
	"lianshen/internal/policy"
	"lianshen/internal/store"
	"lianshen/internal/supervise"
	"lianshen/internal/upload"
	"lianshen/internal/workday"
)

// Files that come in pieces: the tus 1.0 protocol with creation, termination,
// expiration and checksum, for evidence of one's own findings. Whole files by a
// plain form are in evidence.go.
func (s *Server) uploadRoutes() []route {
	fill := opens(policy.PageFill)
	return []route{
		{"GET /rounds/{round}/evidence", opens(policy.PageLedger), s.evidenceList},
		{"POST /findings/{number}/uploads", fill, s.beginUpload},
		{"HEAD /uploads/{upload}", fill, s.uploadOffset},
		{"PATCH /uploads/{upload}", fill, s.continueUpload},
		{"DELETE /uploads/{upload}", fill, s.dropUpload},
		{"OPTIONS /uploads", fill, s.uploadOptions},
	}
}

const (
	tusVersion    = "1.0.0"
	tusHeader     = "Tus-Resumable"
	tusExtensions = "creation,termination,expiration,checksum"
	pieceType     = "application/offset+octet-stream"
)

// Errors of requests that the protocol gives statuses of their own.
var (
	errProtocol = errors.New("another version of the upload protocol")
	errPiece    = errors.New("not a piece of an upload")
)

func uploadPath(id string) string { return "/uploads/" + url.PathEscape(id) }

func (s *Server) uploadOptions(w http.ResponseWriter, _ *http.Request, _ policy.Actor) error {
	h := w.Header()
	h.Set(tusHeader, tusVersion)
	h.Set("Tus-Version", tusVersion)
	h.Set("Tus-Extension", tusExtensions)
	h.Set("Tus-Checksum-Algorithm", "sha256")
	h.Set("Tus-Max-Size", strconv.FormatInt(s.evidenceLimit(), 10))
	w.WriteHeader(http.StatusNoContent)
	return nil
}

// beginUpload announces a file. Whatever can be refused before it travels is
// refused here: whose finding it is, its size and type, its particulars.
func (s *Server) beginUpload(w http.ResponseWriter, r *http.Request, who policy.Actor) error {
	f, err := s.attachable(r.Context(), who, r.PathValue("number"))
	if err != nil {
		return err
	}
	if err := speaksTus(w, r); err != nil {
		return err
	}
	size, err := strconv.ParseInt(r.Header.Get("Upload-Length"), 10, 64)
	if err != nil || size < 0 {
		return errBadRequest
	}
	fields, err := metadata(r.Header.Get("Upload-Metadata"))
	if err != nil {
		return err
	}
	name := strings.TrimSpace(fields["filename"])
	switch {
	case size == 0:
		return &blob.Refusal{Code: "blob.empty"}
	case size > s.evidenceLimit():
		return tooBig(s.evidenceLimit())
	}
	if err := blob.Taken(name); err != nil {
		return err
	}
	u := upload.Upload{ID: uuid.NewString(), Owner: who.Person, For: f.Number, Name: name, Size: size, Fields: fields}
	if err := s.wouldAttach(f, u); err != nil {
		return err
	}
	if u, err = s.Uploads.Begin(u); err != nil {
		return err
	}
	w.Header().Set("Location", uploadPath(u.ID))
	sayUpload(w, u)
	w.WriteHeader(http.StatusCreated)
	return nil
}

func tooBig(limit int64) error {
	return &blob.Refusal{Code: "blob.too_big", Args: []any{lang.Bytes(limit)}}
}

// attachable is a finding of one's own that one may add evidence to.
func (s *Server) attachable(ctx context.Context, who policy.Actor, number string) (ledger.Finding, error) {
	f, err := s.Supervise.DB.Read().Finding(ctx, policy.ScopeOf(who), number)
	if err == nil && !policy.Can(who, ledger.Attach{}, f.Subject()) {
		err = supervise.ErrForbidden
	}
	return f, err
}

// wouldAttach asks the rule before the bytes are sent.
func (s *Server) wouldAttach(f ledger.Finding, u upload.Upload) error {
	_, err := ledger.Decide(f, attaching(u, ledger.File{SHA256: strings.Repeat("0", 64), Name: u.Name}), ledger.Env{Today: s.today()})
	return err
}

// attaching is the act that the upload is for.
func attaching(u upload.Upload, file ledger.File) ledger.Act {
	if old := u.Fields["replaces"]; old != "" {
		return ledger.ReplaceFile{Number: u.For, Evidence: old, File: file}
	}
	date, _ := workday.Parse(u.Fields["date"]) // metadata has checked it
	return ledger.Attach{Number: u.For, Evidence: ledger.Evidence{
		ID: u.ID, Name: cmp.Or(strings.TrimSpace(u.Fields["name"]), u.Name), DocNumber: u.Fields["doc_number"], Date: date,
		Issuer: u.Fields["issuer"], Proves: u.Fields["proves"], Measures: strings.Fields(u.Fields["measures"]), File: file,
	}}
}

// metadata reads "filename 5L2g,date MjAyNg==": keys, each with a value in base64.
func metadata(header string) (map[string]string, error) {
	fields := map[string]string{}
	for pair := range strings.SplitSeq(header, ",") {
		key, encoded, _ := strings.Cut(strings.TrimSpace(pair), " ")
		value, err := base64.StdEncoding.DecodeString(encoded)
		if err != nil || len(fields) > 20 || len(value) > 20_000 {
			return nil, errBadRequest
		}
		if key != "" {
			fields[key] = string(value)
		}
	}
	if text := fields["date"]; text != "" {
		if _, err := workday.Parse(text); err != nil {
			return nil, ledger.Refusal{Code: "form.date", Args: []any{text}}
		}
	}
	return fields, nil
}

// owned is an upload of one's own, to a finding that one may still add to.
func (s *Server) owned(w http.ResponseWriter, r *http.Request, who policy.Actor) (upload.Upload, error) {
	u, err := s.Uploads.Find(r.PathValue("upload"))
	if err == nil && u.Owner != who.Person {
		err = store.ErrNotFound // whose it is, is nobody's business
	}
	if err != nil {
		return u, err
	}
	if _, err = s.attachable(r.Context(), who, u.For); err != nil {
		return u, err
	}
	return u, speaksTus(w, r)
}

func speaksTus(w http.ResponseWriter, r *http.Request) error {
	w.Header().Set(tusHeader, tusVersion)
	if r.Header.Get(tusHeader) != tusVersion {
		w.Header().Set("Tus-Version", tusVersion)
		return errProtocol
	}
	return nil
}

func sayUpload(w http.ResponseWriter, u upload.Upload) {
	w.Header().Set("Upload-Offset", strconv.FormatInt(u.Offset, 10))
	w.Header().Set("Upload-Expires", u.Until.UTC().Format(http.TimeFormat))
}

func (s *Server) uploadOffset(w http.ResponseWriter, r *http.Request, who policy.Actor) error {
	u, err := s.owned(w, r, who)
	if err != nil {
		return err
	}
	sayUpload(w, u)
	w.Header().Set("Upload-Length", strconv.FormatInt(u.Size, 10))
	return nil
}

// continueUpload takes a piece. With the last one, or with an empty one at the end
// of a whole file, the file becomes evidence; the answer says whether it has.
func (s *Server) continueUpload(w http.ResponseWriter, r *http.Request, who policy.Actor) error {
	u, err := s.owned(w, r, who)
	if err != nil {
		return err
	}
	at, err := strconv.ParseInt(r.Header.Get("Upload-Offset"), 10, 64)
	if err != nil || at < 0 || r.Header.Get("Content-Type") != pieceType {
		return errPiece
	}
	piece := upload.Piece{At: at, From: http.MaxBytesReader(w, r.Body, u.Size+1), Stop: stopReading(w)}
	if sum := r.Header.Get("Upload-Checksum"); sum != "" {
		if piece.Sum, err = checksum(sum); err != nil {
			return err
		}
	}
	u.Offset, err = s.Uploads.Append(r.Context(), u.ID, piece)
	if errors.Is(err, upload.ErrOffset) || errors.Is(err, upload.ErrChecksum) {
		w.Header().Set("Upload-Offset", strconv.FormatInt(u.Offset, 10))
	}
	if err != nil {
		return err
	}
	if u.Offset == u.Size {
		if err := s.finishUpload(r.Context(), who, u); err != nil {
			return err
		}
	}
	u.Until = s.uploadUntil(u)
	sayUpload(w, u)
	w.WriteHeader(http.StatusNoContent)
	return nil
}

func (s *Server) uploadUntil(u upload.Upload) time.Time {
	if now, err := s.Uploads.Find(u.ID); err == nil {
		return now.Until
	}
	return u.Until
}

// stopReading breaks off a request whose sender has come back on another line.
func stopReading(w http.ResponseWriter) func() {
	control := http.NewResponseController(w)
	return func() { _ = control.SetReadDeadline(time.Unix(1, 0)) } // one that cannot be broken off ends by itself
}

// checksum reads "sha256 BASE64".
func checksum(header string) ([]byte, error) {
	algorithm, encoded, _ := strings.Cut(header, " ")
	sum, err := base64.StdEncoding.DecodeString(encoded)
	if err != nil || algorithm != "sha256" || len(sum) != sha256.Size {
		return nil, errBadRequest
	}
	return sum, nil
}

// finishUpload turns a whole file into evidence: kept, scanned, its row written
// through the door. Each step may be repeated, so that whatever breaks off in
// between is taken up where it was; what is refused is forgotten.
func (s *Server) finishUpload(ctx context.Context, who policy.Actor, u upload.Upload) error {
	ctx = context.WithoutCancel(ctx) // the sender may go, the file is here
	err := s.Uploads.Finish(ctx, u.ID, func(u upload.Upload, whole io.ReadSeeker) error {
		step("hash")
		file, err := s.Supervise.Keep(ctx, s.files(), who, u.Name, whole)
		if err != nil {
			return err
		}
		step("row")
		if err := s.rowOf(ctx, who, u, file); err != nil {
			return err
		}
		step("after row")
		return s.stillThere(ctx, who, u, whole, file)
	})
	step("done")
	if refused(err) {
		return errors.Join(err, s.Uploads.Drop(ctx, u.ID))
	}
	return err
}

// rowOf writes the row once, whatever was lost of the answer to it.
func (s *Server) rowOf(ctx context.Context, who policy.Actor, u upload.Upload, file ledger.File) error {
	_, err := s.Supervise.Do(ctx, who, supervise.Order{Act: attaching(u, file), Seen: supervise.Any, Key: "upload:" + u.ID})
	if err == nil {
		return nil
	}
	f, bad := s.Supervise.DB.Read().Finding(ctx, policy.ScopeOf(who), u.For)
	there := slices.ContainsFunc(f.Progress.Evidence, func(e ledger.Evidence) bool {
		return (e.ID == u.ID || e.ID == u.Fields["replaces"]) && e.File.SHA256 == file.SHA256
	})
	if bad == nil && there {
		return nil // done before, and its key forgotten since
	}
	return err
}

// stillThere sees, now that a row names them, that the bytes are there: what names
// them protects them from being reclaimed, but only from then on.
func (s *Server) stillThere(ctx context.Context, who policy.Actor, u upload.Upload, whole io.ReadSeeker, file ledger.File) error {
	_, err := s.files().Store.Stat(ctx, file.SHA256)
	if !errors.Is(err, blob.ErrNotFound) {
		return err
	}
	if _, err := whole.Seek(0, io.SeekStart); err != nil {
		return fmt.Errorf("keep upload %s again: %w", u.ID, err)
	}
	_, err = s.Supervise.Keep(ctx, s.files(), who, u.Name, whole)
	return err
}

// refused reports whether the sender has to change something.
func refused(err error) bool {
	var rule ledger.Refusal
	var file *blob.Refusal
	return errors.As(err, &rule) || errors.As(err, &file)
}

func (s *Server) dropUpload(w http.ResponseWriter, r *http.Request, who policy.Actor) error {
	u, err := s.owned(w, r, who)
	if err != nil {
		return err
	}
	if err := s.Uploads.Drop(r.Context(), u.ID); err != nil {
		return err
	}
	w.WriteHeader(http.StatusNoContent)
	return nil
}

// files is where uploads go.
func (s *Server) files() supervise.Files {
	return supervise.Files{Store: s.raw, Scanner: s.Scanner, Limit: s.evidenceLimit()}
}

// tusStatus is the status of an error in the protocol; 0 for that of any page.
func tusStatus(err error) int {
	var refusal *blob.Refusal
	switch {
	case errors.Is(err, errProtocol):
		return http.StatusPreconditionFailed
	case errors.Is(err, errPiece):
		return http.StatusUnsupportedMediaType
	case errors.Is(err, upload.ErrOffset):
		return http.StatusConflict
	case errors.Is(err, upload.ErrTooLong):
		return http.StatusRequestEntityTooLarge
	case errors.Is(err, upload.ErrChecksum):
		return 460 // the protocol's own
	case errors.Is(err, upload.ErrBusy):
		return http.StatusLocked
	case errors.Is(err, upload.ErrTooMany):
		return http.StatusTooManyRequests
	case errors.As(err, &refusal) && refusal.Code == "blob.too_big":
		return http.StatusRequestEntityTooLarge
	case errors.As(err, &refusal):
		return http.StatusUnprocessableEntity
	}
	return 0
}

// failUpload answers a script with one line in the reader's language.
func (s *Server) failUpload(w http.ResponseWriter, r *http.Request, err error) {
	status := cmp.Or(tusStatus(err), statusOf(err))
	if errors.Is(err, io.ErrUnexpectedEOF) {
		status = http.StatusBadRequest // the line broke; nobody reads this
	}
	if status == http.StatusInternalServerError {
		s.logFault(r, err)
	}
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	w.WriteHeader(status)
	fmt.Fprintln(w, uploadWords(lang.From(s.speak(r)), err)) //nolint:errcheck // the reader may be gone
}

func uploadWords(l lang.Tag, err error) string {
	var coded interface{ Refusal() (string, []any) }
	switch {
	case errors.As(err, &coded):
		code, args := coded.Refusal()
		return lang.Say(l, code, args...)
	case errors.Is(err, upload.ErrTooMany):
		return lang.Say(l, "upload.too_many", upload.MaxOpen)
	case errors.Is(err, upload.ErrNotFound):
		return lang.Say(l, "upload.gone")
	}
	return wording(l, err)
}
