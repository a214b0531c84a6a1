package web

import (
	"context"
	"net/http"
	"net/url"
	"time"

	"lianshen/internal/paper"
	"lianshen/internal/policy"
	"lianshen/internal/store"
	"lianshen/internal/web/ui"
)

// A printout (文书) is an official paper made from the record: a letter, an opinion
// sheet, a closing form, a summary, minutes. The same record gives the same paper,
// on screen and as a file. It is a Chinese official document whatever the language
// of the interface.
type printout struct {
	Title string // of the page
	Sub   string // whose it is
	Name  string // of the file, without extension
	Path  string // of the page; the file is below it
	Round int
	Marks []store.Printed // of its parts: one, or one for each form
	Doc   paper.Document

	// Of a paper that is made through a template: the kind of document, what it says,
	// and when it was given out, which tells what template; the zero time is now.
	Kind   string
	Data   paper.Data
	At     time.Time
	Author string
	View   paper.View // see viewed
	PDF    bool       // may be had as a PDF
}

// mark ends the document with its reference and check code, or puts them into what its
// template is filled with. A paper of several forms is marked form by form; see joined.
func (p *printout) mark(m paper.Mark) {
	code := p.Doc.CheckCode(m)
	if p.Kind != "" {
		code = p.Data.CheckCode(m)
		p.Data = p.Data.Marked(m, code)
	}
	p.Doc, p.Marks = p.Doc.MarkedBy(m, code), []store.Printed{{Ref: m.Ref, Code: code, Version: m.Version, Seq: m.Seq}}
}

// A maker makes a paper for the request, as far as the actor sees what is on it.
type maker func(ctx context.Context, who policy.Actor, r *http.Request) (printout, error)

// paperRoutes are the page and the file of one kind of paper.
func (s *Server) paperRoutes(path string, open access, make maker) []route {
	file := func(w http.ResponseWriter, r *http.Request, who policy.Actor) error {
		p, err := s.given(make, r, who)
		if err != nil {
			return err
		}
		return s.sendPrintout(w, r, p)
	}
	return []route{
		{"GET " + path, open, func(w http.ResponseWriter, r *http.Request, who policy.Actor) error {
			p, err := s.given(make, r, who)
			if err != nil {
				return err
			}
			if err := s.viewed(r.Context(), &p); err != nil {
				return err
			}
			return s.show(w, r, who, frame{Title: p.Title, At: "letters", Round: p.Round}, printoutBody(p))
		}},
		{"GET " + path + "/file.docx", open, file},
		{"GET " + path + "/file.pdf", open, file},
	}
}

// given makes the paper and remembers that it was given out.
func (s *Server) given(make maker, r *http.Request, who policy.Actor) (printout, error) {
	p, err := make(r.Context(), who, r)
	if err != nil {
		return p, err
	}
	return p, s.remember(r.Context(), p.Marks)
}

func (s *Server) remember(ctx context.Context, marks []store.Printed) error {
	for _, m := range marks {
		if err := s.Supervise.DB.PutPrinted(ctx, m); err != nil {
			return err
		}
	}
	return nil
}

const docxType = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"

func attached(name string) string {
	return `attachment; filename="paper.docx"; filename*=UTF-8''` + url.PathEscape(name) + ".docx"
}

// leafOf lays a document out for the screen.
func leafOf(title string, d paper.Document) ui.Leaf {
	leaf := ui.Leaf{Title: title, Wide: d.Landscape}
	for _, block := range d.Blocks {
		switch x := block.(type) {
		case paper.Paragraph:
			leaf.Parts = append(leaf.Parts, ui.LeafPart{Kind: leafKinds[x.Style], Lead: x.Lead, Lines: x.Lines(), NewPage: x.NewPage})
		case paper.Table:
			leaf.Parts = append(leaf.Parts, leafTable(x))
		}
	}
	return leaf
}

// leafKinds is how the styles of an official document are called on a page.
var leafKinds = map[paper.Style]string{
	paper.StyleIssuer: "issuer", paper.StyleNumber: "number", paper.StyleTitle: "title", paper.StyleTo: "to", paper.StyleBody: "body",
	paper.StyleHeading1: "heading1", paper.StyleHeading2: "heading2", paper.StyleSign: "sign", paper.StyleDate: "date",
	paper.StyleRedHead: "issuer", paper.StyleRedLine: "redline", paper.StyleRedSides: "redline",
	paper.StyleAnnex: "annex", paper.StyleAnnexes: "annexes", paper.StyleAnnexed: "annexed", paper.StyleReceipt: "receipt",
	paper.StyleNote: "note", paper.StyleBlank: "blank", paper.StyleLine: "line",
}

func leafTable(t paper.Table) ui.LeafPart {
	const tall = 20 // mm from which a row is there to be written in
	part := ui.LeafPart{Fine: t.Fine, Heads: t.Heads}
	for _, line := range t.Rows {
		row := ui.LeafRow{Tall: line.Height >= tall}
		for _, c := range line.Cells {
			row.Cells = append(row.Cells, ui.LeafCell{Lines: c.Lines(), Span: c.Span, Label: c.Label, Link: c.Link})
		}
		part.Rows = append(part.Rows, row)
	}
	return part
}

// file is the address of the Word file.
func (p printout) file() string { return p.Path + "/file.docx" }
