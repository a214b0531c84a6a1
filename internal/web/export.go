package web

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"time"

	"lianshen/internal/export"
	"lianshen/internal/ledger"
	"lianshen/internal/ledger/joint"
	"lianshen/internal/policy"
	"lianshen/internal/store"
)

func (s *Server) exportRoutes() []route {
	cases := opens(policy.PageLedger)
	return slices.Concat([]route{
		{"GET /rounds/{round}/ledger/export", cases, s.ledgerExport},
		{"GET /rounds/{round}/exports", cases, s.exportsPage},
		{"POST /rounds/{round}/exports/choice", cases, s.keepExportChoice},
		{"GET /rounds/{round}/exports/{table}", cases, s.tableExport},
		{"GET /exports/{run}", cases, s.exportProgress},
	}, s.designRoutes())
}

// exportHref is the address of the list as a file.
func (q listQuery) exportHref(format export.Format) string {
	file := q
	file.Path += "/export"
	return file.href("format", string(format), "view", q.View)
}

// A tableMaker makes a table from a round; it tells what the reader may not open
// by ErrNotFound.
type tableMaker func(ctx context.Context, from *export.Source, format export.Format) (export.Table, error)

// ledgerExport sends the findings of the list, all pages of it, as one file.
func (s *Server) ledgerExport(w http.ResponseWriter, r *http.Request, who policy.Actor) error {
	round, err := s.roundIn(r)
	if err != nil {
		return err
	}
	q, err := readListQuery(r, r.URL.Path, s.today(), who)
	if err != nil {
		return err
	}
	return s.sendTable(w, r, who, round, formatIn(r), func(ctx context.Context, from *export.Source, format export.Format) (export.Table, error) {
		layout, err := layoutIn(ctx, from, r.URL.Query())
		if err != nil {
			return export.Table{}, err
		}
		return from.Ledger(ctx, layout, q.filter(round.Number), format)
	})
}

// layoutIn is the layout that an address asks for.
func layoutIn(ctx context.Context, from *export.Source, given url.Values) (export.Layout, error) {
	switch code := given.Get("layout"); code {
	case "", layoutRoundTrip:
		return export.RoundTrip(), nil
	case layoutMaster:
		return export.Master(), nil
	case layoutColumns:
		l := export.Chosen(chosenIn(given))
		if len(l.Columns) == 0 {
			return l, ledger.Refusal{Code: "export.no_column"}
		}
		return l, nil
	default:
		d, err := from.DB.Design(ctx, code)
		return from.Designed(d), err
	}
}

// Codes of the layouts that come with the program; any other is that of a design.
const (
	layoutRoundTrip = "roundtrip"
	layoutMaster    = "master"
	layoutColumns   = "columns"
)

// tableExport sends one of the other tables of the round.
func (s *Server) tableExport(w http.ResponseWriter, r *http.Request, who policy.Actor) error {
	round, err := s.roundIn(r)
	if err != nil {
		return err
	}
	make, err := tableOf(who, r.PathValue("table"), r.URL.Query())
	if err != nil {
		return err
	}
	return s.sendTable(w, r, who, round, formatIn(r), make)
}

// tableOf finds what makes the table with the code, if the reader may have it.
func tableOf(who policy.Actor, code string, given url.Values) (tableMaker, error) {
	t, known := exportTables[code]
	if !known || !t.open(who) {
		return nil, fmt.Errorf("table %s: %w", code, store.ErrNotFound)
	}
	return t.make(given), nil
}

// An exportTable is a table beside the ledger. Its wording is export.table.CODE.
type exportTable struct {
	open func(policy.Actor) bool
	make func(url.Values) tableMaker
}

// exportOrder is the order in which the tables are offered.
var exportOrder = []string{"supervision", "statistics", "entries", "opinions", "letters", "meetings"}

var exportTables = map[string]exportTable{
	"supervision": {anybody, func(given url.Values) tableMaker {
		filter := store.Filter{OrganCadre: given.Get("flag") != "all", Organisation: given.Get("organisation"), Watcher: given.Get("person")}
		return func(ctx context.Context, from *export.Source, format export.Format) (export.Table, error) {
			return from.Supervision(ctx, filter, given.Get("split") == "section", format)
		}
	}},
	"statistics": {anybody, func(url.Values) tableMaker {
		return func(ctx context.Context, from *export.Source, format export.Format) (export.Table, error) {
			return from.Statistics(ctx, format)
		}
	}},
	"entries": {anybody, func(given url.Values) tableMaker {
		return func(ctx context.Context, from *export.Source, _ export.Format) (export.Table, error) {
			return from.Entries(ctx, given.Get("organisation"))
		}
	}},
	"opinions": {hears, func(given url.Values) tableMaker {
		return func(ctx context.Context, from *export.Source, _ export.Format) (export.Table, error) {
			return from.Opinions(ctx, given.Get("organisation"), joint.Party(given.Get("party")))
		}
	}},
	"letters": {anybody, func(given url.Values) tableMaker {
		return func(ctx context.Context, from *export.Source, _ export.Format) (export.Table, error) {
			return from.Letters(ctx, given.Get("organisation"))
		}
	}},
	"meetings": {meets, func(url.Values) tableMaker {
		return func(ctx context.Context, from *export.Source, _ export.Format) (export.Table, error) {
			return from.Meetings(ctx)
		}
	}},
}

func anybody(policy.Actor) bool { return true }

// hears reports whether the actor learns of opinions at all.
func hears(who policy.Actor) bool { return policy.ScopeOf(who).Verdicts != policy.NoVerdicts }

func meets(who policy.Actor) bool { return policy.CanOpen(who, policy.PageMeeting) }

// formatIn is the format an address asks for; a workbook where it names none.
func formatIn(r *http.Request) export.Format {
	return export.Format(or(r.URL.Query().Get("format"), string(export.XLSX)))
}

// sendTable answers with the table as a file. It is written while it is read, at
// one moment of the record: memory does not grow with the round.
func (s *Server) sendTable(w http.ResponseWriter, r *http.Request, who policy.Actor, round ledger.Round, format export.Format, make tableMaker) error {
	if format.Type() == "" {
		return store.ErrNotFound
	}
	ctx := r.Context()
	return s.Supervise.DB.Snapshot(ctx, func(db store.Reader) error {
		from, err := export.Open(ctx, db, policy.ScopeOf(who), round, s.now().In(s.Supervise.Zone))
		if err != nil {
			return err
		}
		t, err := make(ctx, from, format)
		if err != nil {
			return err
		}
		tell, end := s.exports.begin(who.Person, r.URL.Query().Get("run"), t.Total)
		defer end()
		s.exportHead(w, t, format, round.Name+t.Name+"_"+s.today().String())
		if _, err := t.Write(w, format, tell); err != nil {
			s.Log.ErrorContext(ctx, "export broken off", slog.String("request_id", requestID(ctx)), slog.String("error", err.Error()))
			panic(http.ErrAbortHandler) // the head is out: only a broken connection still says that the file is not whole
		}
		return nil
	})
}

// exportHead announces the file, and lifts the deadline for writing: a large
// ledger on a slow line takes longer than a page.
func (s *Server) exportHead(w http.ResponseWriter, t export.Table, format export.Format, name string) {
	h := w.Header()
	h.Set("Content-Type", format.Type())
	h.Set("Content-Disposition", `attachment; filename="table.`+format.Ending()+`"; filename*=UTF-8''`+url.PathEscape(name+"."+format.Ending()))
	if t.Total >= 0 {
		h.Set("X-Total-Rows", strconv.Itoa(t.Total))
	}
	if err := http.NewResponseController(w).SetWriteDeadline(time.Time{}); err != nil && !errors.Is(err, http.ErrNotSupported) {
		s.Log.Warn("lift write deadline", slog.String("error", err.Error()))
	}
}
