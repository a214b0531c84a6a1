package web

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"lianshen/internal/blob"
	"lianshen/internal/lang"
	"lianshen/internal/ledger"
	"lianshen/internal/policy"
	"lianshen/internal/sheet"
	"lianshen/internal/store"
	"lianshen/internal/supervise"
)

// An importDraft is an import on its way: the file that was uploaded, how it is to
// be read, and what was corrected. It belongs to one person and changes nothing.
type importDraft struct {
	ID           string          `json:"id"`
	Round        int             `json:"round"`
	File         ledger.File     `json:"file"`
	Organisation string          `json:"organisation,omitempty"` // code, for files without that column
	Category     string          `json:"category,omitempty"`     // of rows that name none
	Layout       sheet.Layout    `json:"layout"`
	Remembered   string          `json:"remembered,omitempty"` // name of the layout it came from
	Fixes        []sheet.Fix     `json:"fixes,omitempty"`
	Skip         []string        `json:"skip,omitempty"` // see supervise.RowKey
	Checked      bool            `json:"checked,omitempty"`
	At           time.Time       `json:"-"`
	Open         []sheet.Problem `json:"-"` // what must still be answered
	book         *sheet.Book     // as uploaded
	words        map[string]sheet.Field
}

const importForms = "import:"

func importForm(round int, id string) string { return importForms + strconv.Itoa(round) + ":" + id }

// keepDraft saves the draft as one field of the person's drafts.
func (s *Server) keepDraft(ctx context.Context, who policy.Actor, d importDraft) error {
	body, err := json.Marshal(d)
	if err != nil {
		return fmt.Errorf("keep import: %w", err)
	}
	return s.Supervise.DB.PutDraft(ctx, who.Person, store.Draft{
		Form: importForm(d.Round, d.ID), Fields: url.Values{"import": {string(body)}}.Encode(),
	})
}

// draftIn returns the draft that the address names, with its file opened; problem
// words why the file cannot be read.
func (s *Server) draftIn(r *http.Request, who policy.Actor, round ledger.Round) (d importDraft, problem string, err error) {
	kept, err := s.draft(r.Context(), who, importForm(round.Number, r.PathValue("draft")))
	if err != nil {
		return d, "", err
	}
	if kept.Fields == nil || json.Unmarshal([]byte(kept.Fields.Get("import")), &d) != nil {
		return d, "", store.ErrNotFound
	}
	d.At = kept.At
	if d.book, problem, err = s.openBook(r.Context(), d.File); err != nil || problem != "" {
		return d, problem, err
	}
	if d.words, err = s.headingWords(r.Context()); err != nil {
		return d, "", err
	}
	d.Layout = d.Layout.Refresh(d.book)
	d.Open = d.Layout.Questions(d.book)
	return d, "", nil
}

// openBook opens a kept file; problem words what is wrong with it as a whole.
func (s *Server) openBook(ctx context.Context, file ledger.File) (book *sheet.Book, problem string, err error) {
	f, err := s.Blobs.Open(ctx, file.SHA256)
	if errors.Is(err, blob.ErrNotFound) {
		return nil, lang.T(ctx, "importing.gone"), nil // cleared away since it was uploaded
	}
	if err != nil {
		return nil, "", fmt.Errorf("open the ledger to import: %w", err)
	}
	defer f.Close()
	size, err := f.Seek(0, io.SeekEnd)
	if err != nil {
		return nil, "", fmt.Errorf("measure the ledger to import: %w", err)
	}
	book, err = sheet.OpenBook(ctx, readerAt(f), size, file.Name, sheet.Limits{})
	var refused *sheet.FileError
	if errors.As(err, &refused) {
		return nil, lang.T(ctx, refused.Code, anyOf(refused.Args)...), nil
	}
	return book, "", err
}

// readerAt reads at any place of a file that can be sought in. It is for one
// reader at a time.
func readerAt(f io.ReadSeeker) io.ReaderAt {
	if at, ok := f.(io.ReaderAt); ok {
		return at
	}
	return seekReader{f}
}

type seekReader struct{ io.ReadSeeker }

func (s seekReader) ReadAt(p []byte, off int64) (int, error) {
	if _, err := s.Seek(off, io.SeekStart); err != nil {
		return 0, err
	}
	n, err := io.ReadFull(s, p)
	if errors.Is(err, io.ErrUnexpectedEOF) {
		err = io.EOF
	}
	return n, err
}

func anyOf(texts []string) []any {
	list := make([]any, len(texts))
	for i, t := range texts {
		list[i] = t
	}
	return list
}

// headingWords are the office's own words over columns.
func (s *Server) headingWords(ctx context.Context) (sheet.Words, error) {
	h, err := s.Supervise.DB.Read().HeadingWords(ctx)
	if err != nil {
		return nil, err
	}
	return supervise.HeadingWords(h), nil
}

// request is what the door is asked for: the file as corrected, read by the layout.
func (d importDraft) request(round ledger.Round) (supervise.ImportRequest, error) {
	req := supervise.ImportRequest{Round: round.Number, Organisation: d.Organisation, Category: d.Category, File: d.File, Skip: map[string]bool{}}
	var err error
	if req.Layout, err = json.Marshal(d.Layout); err != nil {
		return req, fmt.Errorf("keep the layout of %s: %w", d.File.Name, err)
	}
	for _, key := range d.Skip {
		req.Skip[key] = true
	}
	for _, f := range d.Fixes {
		req.Fixed = append(req.Fixed, ledger.FixedCell{Sheet: f.Tab, Cell: f.Cell, Was: d.book.CellText(f.Tab, f.Cell), Now: f.Text})
	}
	req.Ledger, err = d.book.With(d.Fixes).Read(d.Layout, sheet.Options{FeedbackDate: round.FeedbackOn.String()})
	return req, err
}

// fix notes that a cell is to hold the text; the text of the file takes a
// correction back.
func (d *importDraft) fix(tab, cell, text string) {
	d.Fixes = slices.DeleteFunc(d.Fixes, func(f sheet.Fix) bool { return f.Tab == tab && f.Cell == cell })
	if strings.TrimSpace(d.book.CellText(tab, cell)) != text {
		d.Fixes = append(d.Fixes, sheet.Fix{Tab: tab, Cell: cell, Text: text})
	}
}

// importDrafts lists the person's imports of the round that are not finished.
func (s *Server) importDrafts(ctx context.Context, who policy.Actor, round int) ([]importDraft, error) {
	db := s.Supervise.DB.Read()
	kept, err := db.Drafts(ctx, who.Person, 200)
	if err != nil {
		return nil, err
	}
	var list []importDraft
	for _, k := range kept {
		if !strings.HasPrefix(k.Form, importForm(round, "")) || len(list) == 10 {
			continue
		}
		full, err := s.draft(ctx, who, k.Form)
		if err != nil {
			return nil, err
		}
		var d importDraft
		if json.Unmarshal([]byte(full.Fields.Get("import")), &d) == nil {
			d.At = full.At
			list = append(list, d)
		}
	}
	return list, nil
}
