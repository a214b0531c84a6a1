package web

import (
	"bytes"
	"context"
	"errors"
	"net/http"
	"strconv"
	"strings"

	"lianshen/internal/extract"
	"lianshen/internal/lang"
	"lianshen/internal/ledger"
	"lianshen/internal/phrase"
	"lianshen/internal/policy"
	"lianshen/internal/store"
	"lianshen/internal/web/ui"
)

// How much of a file its page shows.
const (
	shownText  = 3000 // characters of the text, where nothing was looked for
	shownHits  = 20   // passages, where something was
	shownPages = 60   // small pictures of pages
)

// evidenceData is the page of one piece of evidence.
type evidenceData struct {
	piece
	Card     ui.Evidence
	Rows     []ui.KV
	Shown    bool // there are pictures
	Page     int
	Pages    int
	Text     store.FileText
	Unread   bool // nobody has taken the text yet
	Sought   string
	Passages [][]phrase.Piece
	More     bool // there is more text than shown
	Original bool // the reader gets the original
}

// evidenceView shows a file: pictures of its pages and its text, made by the program.
// The file itself is never shown as a page.
func (s *Server) evidenceView(w http.ResponseWriter, r *http.Request, who policy.Actor) error {
	p, err := s.pieceIn(r, who)
	if err != nil {
		return err
	}
	held, err := s.held(r.Context(), p.File.SHA256)
	if err != nil {
		return err
	}
	ctx := r.Context()
	d := evidenceData{piece: p, Sought: strings.TrimSpace(r.URL.Query().Get("q")), Original: s.Originals || policy.Original(who, p.subject)}
	d.Card = evidenceCard(lang.From(ctx), p.finding, p.Evidence)
	d.Page, _ = strconv.Atoi(r.URL.Query().Get("page"))
	d.Page = max(1, d.Page)
	d.Text, err = s.Supervise.DB.Read().FileText(ctx, p.File.SHA256)
	if d.Unread = errors.Is(err, store.ErrNotFound); err != nil && !d.Unread {
		return err
	}
	d.Shown = extract.Shown(p.File.Type) && !held && d.Text.State != store.FailedText
	d.Pages = max(1, min(d.Text.Pages, extract.MaxPreview))
	d.Page = min(d.Page, d.Pages)
	d.read()
	d.describe(ctx)
	return s.show(w, r, who, frame{Title: p.Name, At: "ledger", Round: p.round}, evidenceBody(d))
}

// held reports whether the file is kept from everybody, such as until it was scanned.
func (s *Server) held(ctx context.Context, sha256 string) (bool, error) {
	file, err := s.Blobs.Open(ctx, sha256)
	if err != nil {
		return true, err
	}
	return false, file.Close()
}

// read chooses what of the text is shown.
func (d *evidenceData) read() {
	if d.Text.Body == "" {
		return
	}
	if terms := phrase.Terms(d.Sought); len(terms) > 0 {
		d.Passages = phrase.Excerpts(d.Text.Body, terms, shownHits, 80)
		d.More = true
		return
	}
	runes := []rune(d.Text.Body)
	d.More = len(runes) > shownText || d.Text.State == store.CutText
	for _, line := range strings.Split(string(runes[:min(len(runes), shownText)]), "\n") {
		d.Passages = append(d.Passages, []phrase.Piece{{Text: line}})
	}
}

func (d *evidenceData) describe(ctx context.Context) {
	add := func(key, value string) {
		if value != "" {
			d.Rows = append(d.Rows, ui.KV{Key: lang.T(ctx, key), Value: value})
		}
	}
	add("evidence.view.number", d.DocNumber)
	add("evidence.view.date", evidenceDate(d.Date))
	add("evidence.view.issuer", d.Issuer)
	add("evidence.view.proves", d.Proves)
	add("evidence.view.file", d.File.Name)
	add("evidence.view.size", lang.Bytes(d.File.Size))
	if d.Text.Pages > 0 {
		add("evidence.view.pages", strconv.Itoa(d.Text.Pages))
	}
	add("evidence.view.digest", d.File.SHA256)
}

// noText says why there is no text, "" where there is some.
func (d evidenceData) noText(ctx context.Context) string {
	switch {
	case d.Unread:
		return lang.T(ctx, "evidence.view.unread")
	case d.Text.Reason == "extract.no_text" && d.Text.Pages > 0:
		return lang.T(ctx, "extract.scanned")
	case d.Text.Reason != "":
		return lang.T(ctx, d.Text.Reason)
	}
	return ""
}

// picture is the address of the picture of a page.
func (d evidenceData) picture(page int, small bool) string {
	to := d.path + "/page/" + strconv.Itoa(page)
	if small {
		to += "?small=1"
	}
	return to
}

func (d evidenceData) pageHref(page int) string { return d.path + "/view?page=" + strconv.Itoa(page) }

// evidencePicture sends the picture of a page. It is drawn by the program, from a file
// that is opened in a sandbox, so that nothing of the file runs at the reader's.
func (s *Server) evidencePicture(w http.ResponseWriter, r *http.Request, who policy.Actor) error {
	p, err := s.pieceIn(r, who)
	if err != nil {
		return err
	}
	page, err := strconv.Atoi(r.PathValue("page"))
	if err != nil {
		return store.ErrNotFound
	}
	side := extract.LargeSide
	if r.URL.Query().Has("small") {
		side = extract.SmallSide
	}
	file, err := s.Blobs.Open(r.Context(), p.File.SHA256)
	if err != nil {
		return err
	}
	defer file.Close() //nolint:errcheck // only read from
	var b bytes.Buffer
	_, err = s.Extract.Preview(r.Context(), &b, extract.File{ReadSeeker: file, Size: p.File.Size, Type: p.File.Type}, page, side)
	var why extract.Unreadable
	if errors.As(err, &why) {
		return store.ErrNotFound
	}
	if err != nil {
		return err
	}
	h := w.Header()
	h.Set("Content-Type", "image/jpeg")
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Content-Security-Policy", "sandbox; default-src 'none'")
	h.Set("Cache-Control", "private, max-age=3600")
	_, err = w.Write(b.Bytes())
	return err
}

// back leads to where the evidence hangs.
func (d evidenceData) back() string {
	if d.subject.Kind == ledger.KindSubmission {
		path, _, _ := strings.Cut(d.path, "/files/")
		return path
	}
	return findingPath(d.finding) + "#evidence"
}
