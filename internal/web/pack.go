package web

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/url"
	"strconv"
	"time"

	"lianshen/internal/blob"
	"lianshen/internal/extract"
	"lianshen/internal/lang"
	"lianshen/internal/ledger"
	"lianshen/internal/pack"
	"lianshen/internal/policy"
	"lianshen/internal/store"
)

func (s *Server) packRoutes() []route {
	cases := opens(policy.PageLedger)
	return []route{
		{"GET /findings/{number}/pack.zip", cases, s.findingPack},
		{"GET /rounds/{round}/pack.zip", cases, s.roundPack},
	}
}

// packHref is the address of the pack of a round, or of one organisation in it.
func packHref(round int, organisation string) string {
	to := roundPath(round, "pack.zip")
	if organisation != "" {
		to += "?organisation=" + url.QueryEscape(organisation)
	}
	return to
}

// findingPack sends the evidence of one finding.
func (s *Server) findingPack(w http.ResponseWriter, r *http.Request, who policy.Actor) error {
	f, err := s.Supervise.DB.Read().Finding(r.Context(), policy.ScopeOf(who), r.PathValue("number"))
	if err != nil {
		return err
	}
	return s.sendPack(w, r, who, f.Number, store.Filter{Round: f.Round, Organisation: f.Organisation, Number: []string{f.Number}})
}

// roundPack sends the evidence of a round, or of one organisation in it.
func (s *Server) roundPack(w http.ResponseWriter, r *http.Request, who policy.Actor) error {
	round, err := s.roundIn(r)
	if err != nil {
		return err
	}
	of, filter := strconv.Itoa(round.Number), store.Filter{Round: round.Number, Organisation: r.URL.Query().Get("organisation")}
	if filter.Organisation != "" {
		if team, in := round.Team(filter.Organisation); !in || !policy.ScopeOf(who).Sees(ledger.Subject{Kind: ledger.KindFinding, Organisation: filter.Organisation, Team: team}) {
			return store.ErrNotFound
		}
		of += "-" + filter.Organisation
	}
	return s.sendPack(w, r, who, of, filter)
}

// sendPack writes the pack while it reads: memory does not grow with it.
func (s *Server) sendPack(w http.ResponseWriter, r *http.Request, who policy.Actor, of string, filter store.Filter) error {
	return s.Supervise.DB.Snapshot(r.Context(), func(db store.Reader) error {
		_, root, err := db.Head(r.Context())
		if err != nil {
			return err
		}
		l := lang.From(r.Context())
		p := &packing{Server: s, r: r, who: who, db: db, tag: l, originals: s.Originals || r.URL.Query().Has("originals")}
		name := lang.Say(l, "pack.file", of, s.today().String()) + ".zip"
		h := w.Header()
		h.Set("Content-Type", "application/zip")
		h.Set("Content-Disposition", fmt.Sprintf(`attachment; filename="evidence-%s.zip"; filename*=UTF-8''%s`, url.PathEscape(of), url.PathEscape(name)))
		if err := http.NewResponseController(w).SetWriteDeadline(time.Time{}); err != nil && !errors.Is(err, http.ErrNotSupported) {
			s.Log.Warn("lift write deadline", slog.String("error", err.Error()))
		}
		p.Writer = pack.NewWriter(w, pack.Manifest{Program: "lianshen", At: s.Supervise.DB.Now(), By: who.Name, Of: of, TrailRoot: root})
		if err := p.all(r.Context(), filter); err != nil {
			s.Log.ErrorContext(r.Context(), "pack broken off", slog.String("request_id", requestID(r.Context())), slog.String("error", err.Error()))
			panic(http.ErrAbortHandler) // the head is out: only a broken connection still says that the file is not whole
		}
		return nil
	})
}

// A packing is a pack on its way out.
type packing struct {
	*Server
	*pack.Writer
	r         *http.Request
	who       policy.Actor
	db        store.Reader
	tag       lang.Tag
	originals bool // asked for by somebody who may have them
	lines     []packLine
}

// A packLine is one line of the index.
type packLine struct {
	Finding, Title, Organisation string
	ledger.Evidence
	Path, Copy, SHA256, Missing string
}

func (p *packing) all(ctx context.Context, filter store.Filter) error {
	scope := policy.ScopeOf(p.who)
	for f, err := range p.db.AllFindings(ctx, scope, filter) {
		if err == nil {
			err = p.finding(ctx, scope, f)
		}
		if err != nil {
			return err
		}
	}
	if filter.Number == nil {
		if err := p.papers(ctx, scope, filter); err != nil {
			return err
		}
	}
	if err := p.index(); err != nil {
		return err
	}
	return p.Close()
}

// finding packs what hangs on a finding, as the reader sees it, and on what was sent.
func (p *packing) finding(ctx context.Context, scope policy.Scope, f ledger.Finding) error {
	versions, err := p.db.SentItems(ctx, scope, f)
	if err != nil {
		return err
	}
	pieces := f.Progress.Evidence
	for _, v := range versions {
		pieces = append(pieces[:len(pieces):len(pieces)], v.Item.Progress.Evidence...)
	}
	folder := f.Number + "_" + pack.Name(f.Text, 16)
	return p.pieces(f.Subject(), packLine{Finding: f.Number, Title: f.Text, Organisation: f.Organisation}, folder, pieces)
}

// papers packs the files of documents that are judged as one text.
func (p *packing) papers(ctx context.Context, scope policy.Scope, filter store.Filter) error {
	papers, err := p.db.Papers(ctx, scope, store.PaperFilter{Round: filter.Round, Organisation: filter.Organisation})
	if err != nil {
		return err
	}
	for _, s := range papers {
		if !s.Doc.Whole() {
			continue
		}
		title := lang.Say(p.tag, "doc."+string(s.Doc))
		line := packLine{Finding: s.ID, Title: title, Organisation: s.Organisation}
		if err := p.pieces(s.Subject(), line, s.ID+"_"+pack.Name(title, 16), s.Paper.Files); err != nil {
			return err
		}
	}
	return nil
}

func (p *packing) pieces(subject ledger.Subject, line packLine, folder string, pieces []ledger.Evidence) error {
	packed := map[string]bool{}
	for _, e := range pieces {
		if packed[e.ID+e.File.SHA256] {
			continue
		}
		packed[e.ID+e.File.SHA256] = true
		line.Evidence = e
		if err := p.piece(subject, line, folder, len(packed)); err != nil {
			return err
		}
	}
	return nil
}

// piece packs one file. What is not there, or is held back, is named as missing.
func (p *packing) piece(subject ledger.Subject, line packLine, folder string, n int) error {
	e := line.Evidence
	if e.File.SHA256 == "" {
		return p.lack(line, "pack.no_file")
	}
	file, err := p.Blobs.Open(p.r.Context(), e.File.SHA256)
	if errors.Is(err, blob.ErrSealed) {
		return p.lack(line, "pack.held")
	}
	if errors.Is(err, blob.ErrNotFound) {
		return p.lack(line, "pack.gone")
	}
	if err != nil {
		return err
	}
	defer file.Close() //nolint:errcheck // only read from
	var from io.Reader = file
	kind := uncleaned
	if !p.originals || !policy.Original(p.who, subject) && !p.Originals {
		done, copied, err := p.cleaned(p.r, file, e.File)
		if err != nil {
			return err
		}
		defer drop(copied)
		from, kind = copied, done
	}
	return p.put(line, folder, n, kind, from)
}

func (p *packing) put(line packLine, folder string, n int, kind extract.Cleaned, from io.Reader) error {
	e := line.Evidence
	line.Path = fmt.Sprintf("%s/%02d_%s", folder, n, pack.Name(or(e.File.Name, e.Name), 80))
	source := &pack.Source{Finding: line.Finding, Evidence: e.ID, SHA256: e.File.SHA256, Size: e.File.Size, Copy: string(kind)}
	f, err := p.Add(line.Path, source, func(w io.Writer) error { _, err := io.Copy(w, from); return err })
	line.SHA256, line.Copy = f.SHA256, string(kind)
	p.lines = append(p.lines, line)
	return err
}

func (p *packing) lack(line packLine, reason string) error {
	p.Manifest.Missing = append(p.Manifest.Missing, pack.Missing{Finding: line.Finding, Evidence: line.ID, Name: line.Name, Reason: reason})
	line.Missing = lang.Say(p.tag, reason)
	p.lines = append(p.lines, line)
	return nil
}
