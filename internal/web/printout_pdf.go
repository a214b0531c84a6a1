package web

import (
	"bytes"
	"context"
	"fmt"
	"html"
	"net/http"
	"strconv"
	"strings"

	"lianshen/internal/paper"
	"lianshen/internal/store"
	"lianshen/internal/web/static"
)

// A Printer makes a PDF of a page that is whole in itself; see package printer.
type Printer interface {
	PDF(ctx context.Context, page []byte) ([]byte, error)
}

// sendPDF answers with the paper as the browser of the machine prints it.
func (s *Server) sendPDF(w http.ResponseWriter, r *http.Request, p printout) error {
	if s.Printer == nil {
		return fmt.Errorf("print %s: no browser: %w", p.Name, store.ErrNotFound)
	}
	file, err := s.file(r.Context(), p)
	if err != nil {
		return err
	}
	view, err := paper.ViewOf(file)
	if err != nil {
		return fmt.Errorf("image of %s: %w", p.Name, err)
	}
	pdf, err := s.Printer.PDF(r.Context(), printPage(p.Title, view))
	if err != nil {
		return err
	}
	h := w.Header()
	h.Set("Content-Type", "application/pdf")
	h.Set("Content-Disposition", strings.Replace(strings.Replace(attached(p.Name), "paper.docx", "paper.pdf", 1), ".docx", ".pdf", 1))
	h.Set("Content-Length", strconv.Itoa(len(pdf)))
	_, err = w.Write(pdf)
	return err
}

// printPage is the image of a Word file as a page of its own, with the margins of the
// file and the page numbers of GB/T 9704 at the outer edge.
func printPage(title string, v paper.View) []byte {
	var b bytes.Buffer
	const number = `{content:"— " counter(page) " —";font:14pt "SimSun","Noto Serif CJK SC",serif}`
	fmt.Fprintf(&b, `<!doctype html><html lang="zh-CN"><head><meta charset="utf-8"><meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'"><title>%s</title><style>%s%s`, html.EscapeString(title), static.Text("tokens.css"), static.Text("pages.css"))
	for _, x := range v.Sheets {
		size, name := sheetSize(x)
		margins := ""
		for _, m := range x.Margins {
			margins += fmt.Sprintf("%d.%dmm ", m/10, m%10)
		}
		fmt.Fprintf(&b, `@page %[3]s{size:%[1]s;margin:%[2]s;@bottom-center{content:none}}`, size, margins, name)
		fmt.Fprintf(&b, `@page %[1]s:right{@bottom-right%[2]s}@page %[1]s:left{@bottom-left%[2]s}`, name, number)
	}
	b.WriteString(`body{margin:0;background:#fff}</style></head><body>`)
	for _, x := range v.Sheets {
		class := "a4 docx"
		if x.Landscape {
			class += " wide"
		}
		fmt.Fprintf(&b, `<article class="%s">%s</article>`, class, x.HTML)
	}
	b.WriteString(`</body></html>`)
	return b.Bytes()
}

// sheetSize is the paper of a sheet and the name of its pages in the style sheet.
func sheetSize(x paper.Sheet) (size, name string) {
	if x.Landscape {
		return "A4 landscape", "wide"
	}
	return "A4", "sheet"
}
