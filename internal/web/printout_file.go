package web

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"time"

	"lianshen/internal/ledger"
	"lianshen/internal/paper"
)

// forms keeps templates ready to be filled: reading one takes far longer than filling
// it. Aliases are part of the key: a file may come to be read otherwise.
type forms struct {
	mu    sync.Mutex
	ready map[string]*paper.Form
}

const mostForms = 100 // ready at once; some kinds with some versions each

func (f *forms) get(key string, make func() (*paper.Form, error)) (*paper.Form, error) {
	f.mu.Lock()
	form := f.ready[key]
	f.mu.Unlock()
	if form != nil {
		return form, nil
	}
	form, err := make()
	if err != nil {
		return nil, err
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.ready == nil || len(f.ready) >= mostForms {
		f.ready = map[string]*paper.Form{}
	}
	f.ready[key] = form
	return form, nil
}

// formOf returns the template that papers of the kind are made from at an instant:
// a paper that was given out stays as it was when the office changes its template. The
// zero time is now.
func (s *Server) formOf(ctx context.Context, kind string, at time.Time) (*paper.Form, error) {
	t, err := s.Supervise.DB.Read().Template(ctx, kind)
	if err != nil {
		return nil, err
	}
	number := t.Current()
	if !at.IsZero() {
		number = t.InForce(at)
	}
	return s.formAt(ctx, t, number)
}

// formAt returns one template of the kind by its number.
func (s *Server) formAt(ctx context.Context, t ledger.Template, number int) (*paper.Form, error) {
	kind, known := paper.KindOf(t.Kind)
	if !known {
		return nil, fmt.Errorf("no kind of document %q", t.Kind)
	}
	v, own := t.Find(number)
	if !own {
		return s.forms.get(t.Kind, kind.Own)
	}
	key := fmt.Sprint(t.Kind, " ", v.File.SHA256, " ", v.Aliases)
	form, err := s.forms.get(key, func() (*paper.Form, error) {
		file, err := s.Supervise.DB.Read().TemplateFile(ctx, v.File.SHA256)
		if err != nil {
			return nil, err
		}
		read, err := paper.Parse(bytes.NewReader(file), int64(len(file)))
		if err != nil {
			return nil, err
		}
		return read.Bind(kind, v.Aliases)
	})
	var faults paper.Faults
	if errors.As(err, &faults) { // a newer program no longer has a field of it
		return nil, ledger.Refusal{Code: "template.outgrown", Args: []any{v.Number, kind.Title}}
	}
	return form, err
}

// file writes the paper as a Word file: through the template of its kind, or as it is
// laid out.
func (s *Server) file(ctx context.Context, p printout) ([]byte, error) {
	var b bytes.Buffer
	if p.Kind == "" {
		if err := paper.WriteDocument(&b, p.Doc); err != nil {
			return nil, fmt.Errorf("write %s: %w", p.Name, err)
		}
		return b.Bytes(), nil
	}
	form, err := s.formOf(ctx, p.Kind, p.At)
	if err != nil {
		return nil, err
	}
	if err := form.Fill(&b, p.Data, p.about()); err != nil {
		return nil, fmt.Errorf("fill %s: %w", p.Name, err)
	}
	return b.Bytes(), nil
}

// about is what the file says of itself; the mark goes to its end where the template
// has no place for it.
func (p printout) about() paper.About {
	a := paper.About{Title: p.Title, Author: p.Author}
	if line, marked := p.Data["check_line"].(string); marked {
		a.Tail = line
	}
	return a
}

// viewed adds the image of the file for the screen, of a paper that is made through a
// template.
func (s *Server) viewed(ctx context.Context, p *printout) error {
	p.PDF = s.Printer != nil
	if p.Kind == "" {
		return nil
	}
	file, err := s.file(ctx, *p)
	if err != nil {
		return err
	}
	p.View, err = paper.ViewOf(file)
	return err
}

// sendPrintout answers with the Word file of a paper, or with its PDF where the address
// ends so.
func (s *Server) sendPrintout(w http.ResponseWriter, r *http.Request, p printout) error {
	if strings.HasSuffix(r.URL.Path, ".pdf") {
		return s.sendPDF(w, r, p)
	}
	file, err := s.file(r.Context(), p)
	if err != nil {
		return err
	}
	return sendWord(w, p.Name, file)
}

// sendWord answers with a Word file.
func sendWord(w http.ResponseWriter, name string, file []byte) error {
	h := w.Header()
	h.Set("Content-Type", docxType)
	h.Set("Content-Disposition", attached(name))
	h.Set("Content-Length", strconv.Itoa(len(file)))
	_, err := w.Write(file)
	return err
}
