package web

import (
	"cmp"
	"context"
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
	Name, DocNumber, Date, Issuer, Proves string
	Measures                              []string
	Problems                              map[string]string
	Key                                   string
}

// evidenceForm reads what was typed back for the page.
func (f *form) evidenceForm() evidenceForm {
	return evidenceForm{
		f.text("name"), f.text("doc_number"), f.text("date"), f.text("issuer"), f.text("proves"), f.list("measures"), f.problems, newKey(),
	}
}

// particulars reads what the form says of a piece of evidence, without its file.
func (f *form) particulars(id string) ledger.Evidence {
	return ledger.Evidence{
		ID: id, Name: f.text("name"), DocNumber: f.text("doc_number"), Date: f.date("date"),
		Issuer: f.text("issuer"), Proves: f.text("proves"), Measures: f.list("measures"),
	}
}

// uploadTypes are offered by the browser's file dialog; the store decides by content.
const uploadTypes = ".pdf,.doc,.docx,.xls,.xlsx,.ppt,.pptx,.wps,.et,.jpg,.jpeg,.png,.txt,.csv"

// attach takes the particulars and one or several files. The form sends the
// particulars before the files, so that a file can be stored while it is read.
func (s *Server) attach(w http.ResponseWriter, r *http.Request, who policy.Actor) error {
	f, err := s.attachable(r.Context(), who, r.PathValue("number"))
	if err != nil {
		return err
	}
	r.Body = http.MaxBytesReader(w, r.Body, maxFiles*s.evidenceLimit()+maxForm)
	typed, files, err := s.readUploads(r, who)
	if err == nil && len(typed.problems) == 0 {
		err = s.attachAll(r.Context(), who, f, typed, files)
	}
	if err == nil && len(typed.problems) == 0 {
		return seeOther(w, r, fillPath(f.Number)+"#evidence")
	}
	var order supervise.OrderError
	if errors.As(err, &order) {
		err = order.Err
	}
	if err != nil && (typed == nil || !typed.refusedAt("name", err)) {
		return err
	}
	view := edit(f, who)
	view.Summary = typed.summary()
	view.Evidence = typed.evidenceForm()
	return s.showEdit(w, r, who, http.StatusUnprocessableEntity, view)
}

// maxFiles is how many files one form without a script may bring.
const maxFiles = 20

// attachAll attaches every file, or what is only named, in one transaction. Name
// and document number are of one document, so they hold for a single file only.
func (s *Server) attachAll(ctx context.Context, who policy.Actor, f ledger.Finding, typed *form, files []ledger.File) error {
	said := typed.particulars("")
	if len(typed.problems) > 0 {
		return nil
	}
	if len(files) > 1 {
		said.Name, said.DocNumber = "", ""
	}
	var orders []supervise.Order
	for i, file := range append(files, ledger.File{})[:max(1, len(files))] {
		e := said
		e.ID, e.File, e.Name = uuid.NewString(), file, or(said.Name, file.Name)
		key := typed.text("key")
		if key != "" && i > 0 {
			key += "-" + itoa(i)
		}
		orders = append(orders, supervise.Order{Act: ledger.Attach{Number: f.Number, Evidence: e}, Seen: supervise.Any, Key: key})
	}
	_, err := s.Supervise.DoAll(ctx, who, orders)
	return err
}

// readUpload reads the fields of a multipart form and stores its one file.
func (s *Server) readUpload(r *http.Request, who policy.Actor) (*form, ledger.File, error) {
	typed, files, err := s.readUploads(r, who)
	if len(files) == 0 {
		return typed, ledger.File{}, err
	}
	return typed, files[len(files)-1], err
}

// readUploads reads the fields of a multipart form and stores its files.
func (s *Server) readUploads(r *http.Request, who policy.Actor) (*form, []ledger.File, error) {
	typed := &form{r: r, problems: map[string]string{}}
	r.PostForm = url.Values{}
	parts, err := r.MultipartReader()
	if err != nil {
		return nil, nil, fmt.Errorf("%w: %w", errBadRequest, err)
	}
	var files []ledger.File
	for {
		part, err := parts.NextPart()
		if errors.Is(err, io.EOF) {
			return typed, files, nil
		}
		if err != nil {
			return nil, nil, fmt.Errorf("read upload: %w", err)
		}
		if part.FileName() == "" {
			value, err := io.ReadAll(io.LimitReader(part, 10_000))
			if err != nil {
				return nil, nil, fmt.Errorf("read upload: %w", err)
			}
			if _, file := part.Header["Content-Type"]; !file { // a file field left empty has a type
				r.PostForm.Add(part.FormName(), string(value))
			}
			continue
		}
		file, err := s.keep(typed, who, part)
		if err != nil {
			return nil, nil, err
		}
		if files = append(files, file); len(files) > maxFiles {
			return nil, nil, errBadRequest
		}
	}
}

// keep stores one uploaded file; what the store will not take is a problem of
// the field, not a fault.
func (s *Server) keep(typed *form, who policy.Actor, part *multipart.Part) (ledger.File, error) {
	name := strings.TrimSpace(part.FileName())
	file, err := s.Supervise.Keep(typed.r.Context(), s.files(), who, name, part)
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
	return file, nil
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
	if e.Issuer != "" {
		card.Meta += e.Issuer + " · "
	}
	card.Note = e.Proves
	if e.File.SHA256 == "" {
		card.Meta += lang.Say(l, "evidence.no_file")
		return card
	}
	card.Meta += lang.Bytes(e.File.Size)
	card.Href = evidencePath(finding, e.ID)
	card.View = card.Href + "/view"
	if n := len(e.Files()); n > 1 {
		card.Flags = append(card.Flags, ui.ChipWord{Hue: ui.Blue, Icon: "history", Word: lang.Say(l, "evidence.version", n)})
	}
	return card
}

// evidencePath is the address of a file, followed by what is done to its evidence.
func evidencePath(finding, id string, parts ...string) string {
	path := "/findings/" + url.PathEscape(finding) + "/evidence/" + url.PathEscape(id)
	return strings.Join(append([]string{path}, parts...), "/")
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
