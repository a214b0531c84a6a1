package web

import (
	"cmp"
	"errors"
	"fmt"
	"io"
	"mime/multipart"
	"net/http"
	"net/url"
	"strings"

	"github.com/google/uuid"

	"lianshen/internal/blob"
	"lianshen/internal/lang"
	"lianshen/internal/ledger"
	"lianshen/internal/policy"
	"lianshen/internal/supervise"
	"lianshen/internal/web/ui"
	"lianshen/internal/workday"
)

// evidenceForm is the form for one piece of evidence, with what was typed.
type evidenceForm struct {
	Name, DocNumber, Date string
	Problems              map[string]string
	Key                   string
}

// uploadTypes are offered by the browser's file dialog; the store decides by content.
const uploadTypes = ".pdf,.doc,.docx,.xls,.xlsx,.ppt,.pptx,.wps,.et,.jpg,.jpeg,.png,.txt,.csv"

// attach takes one file and its particulars. The form sends the particulars
// before the file, so that the file can be stored while it is read.
func (s *Server) attach(w http.ResponseWriter, r *http.Request, who policy.Actor) error {
	f, err := s.own(r, who)
	if err != nil {
		return err
	}
	if !policy.Can(who, ledger.Attach{}, f.Subject()) {
		return supervise.ErrForbidden
	}
	r.Body = http.MaxBytesReader(w, r.Body, s.evidenceLimit()+maxForm)
	typed, file, err := s.readUpload(r)
	if err == nil && len(typed.problems) == 0 {
		e := ledger.Evidence{
			ID: uuid.NewString(), Name: typed.text("name"), DocNumber: typed.text("doc_number"),
			Date: typed.date("date"), File: file,
		}
		if e.Name == "" {
			e.Name = file.Name
		}
		if len(typed.problems) == 0 {
			_, err = s.Supervise.Do(r.Context(), who, supervise.Order{
				Act: ledger.Attach{Number: f.Number, Evidence: e}, Seen: supervise.Any, Key: typed.text("key"),
			})
		}
	}
	if err == nil && len(typed.problems) == 0 {
		return seeOther(w, r, fillPath(f.Number)+"#evidence")
	}
	if err != nil && (typed == nil || !typed.refusedAt("name", err)) {
		return err
	}
	view := edit(f, who)
	view.Summary = typed.summary()
	view.Evidence = evidenceForm{typed.text("name"), typed.text("doc_number"), typed.text("date"), typed.problems, newKey()}
	return s.showEdit(w, r, who, http.StatusUnprocessableEntity, view)
}

// readUpload reads the fields of a multipart form and stores its one file.
func (s *Server) readUpload(r *http.Request) (*form, ledger.File, error) {
	var file ledger.File
	typed := &form{r: r, problems: map[string]string{}}
	r.PostForm = url.Values{}
	parts, err := r.MultipartReader()
	if err != nil {
		return nil, file, fmt.Errorf("%w: %w", errBadRequest, err)
	}
	for {
		part, err := parts.NextPart()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return nil, file, fmt.Errorf("read upload: %w", err)
		}
		if part.FileName() == "" {
			value, err := io.ReadAll(io.LimitReader(part, 10_000))
			if err != nil {
				return nil, file, fmt.Errorf("read upload: %w", err)
			}
			r.PostForm.Add(part.FormName(), string(value))
			continue
		}
		if file, err = s.keep(typed, part); err != nil {
			return nil, file, err
		}
	}
	return typed, file, nil
}

// keep stores one uploaded file; what the store will not take is a problem of
// the field, not a fault.
func (s *Server) keep(typed *form, part *multipart.Part) (ledger.File, error) {
	name := strings.TrimSpace(part.FileName())
	ref, err := s.Blobs.Put(typed.r.Context(), name, part, s.evidenceLimit())
	var refusal interface {
		error
		Refusal() (string, []any)
	}
	if errors.As(err, &refusal) {
		code, args := refusal.Refusal()
		typed.problems["file"] = lang.T(typed.r.Context(), code, args...)
		return ledger.File{}, nil
	}
	if err != nil {
		return ledger.File{}, fmt.Errorf("keep evidence: %w", err)
	}
	return ledger.File{SHA256: ref.SHA256, Name: name, Size: ref.Size, Type: ref.Type}, nil
}

func (s *Server) detach(w http.ResponseWriter, r *http.Request, who policy.Actor) error {
	typed, err := readForm(r)
	if err != nil {
		return err
	}
	number := r.PathValue("number")
	if _, err := s.Supervise.Do(r.Context(), who, typed.order(ledger.Detach{Number: number, Evidence: r.PathValue("id")})); err != nil {
		return err
	}
	return seeOther(w, r, fillPath(number)+"#evidence")
}

// evidenceDate reads the date of a piece of evidence for its card.
func evidenceDate(d workday.Date) string { return d.String() }

// fileKinds maps media types to the icons of ui.Evidence.
func fileKind(name string) string {
	switch strings.ToLower(name[strings.LastIndexByte(name, '.')+1:]) {
	case "pdf":
		return "pdf"
	case "xls", "xlsx", "et", "csv":
		return "xls"
	case "jpg", "jpeg", "png":
		return "img"
	case "doc", "docx", "wps":
		return "doc"
	}
	return ""
}

// evidenceCard draws one piece of evidence of a finding.
func evidenceCard(l lang.Tag, finding string, e ledger.Evidence) ui.Evidence {
	card := ui.Evidence{Kind: fileKind(e.File.Name), Name: e.Name}
	for _, part := range []string{e.DocNumber, evidenceDate(e.Date)} {
		if part != "" {
			card.Meta += part + " · "
		}
	}
	if e.File.SHA256 == "" {
		card.Meta += lang.Say(l, "evidence.no_file")
		return card
	}
	card.Meta += lang.Bytes(e.File.Size)
	card.Href = "/findings/" + url.PathEscape(finding) + "/evidence/" + url.PathEscape(e.ID)
	card.View = card.Href + "/view"
	return card
}

// itemCard draws a file of what a submission says about the finding, or as a whole.
func itemCard(l lang.Tag, paper ledger.Submission, finding string, e ledger.Evidence) ui.Evidence {
	card := evidenceCard(l, finding, e)
	if card.Href != "" && paper.Doc.Whole() {
		card.Href = filePath(paper.ID, e.ID)
		card.View = card.Href + "/view"
	}
	return card
}

// evidenceLimit is the largest evidence file taken in, in bytes.
func (s *Server) evidenceLimit() int64 { return cmp.Or(s.Limit, blob.DefaultLimit) }
