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
	"strings"
	"time"

	"lianshen/internal/lang"
	"lianshen/internal/ledger"
	"lianshen/internal/policy"
	"lianshen/internal/sheet"
	"lianshen/internal/store"
	"lianshen/internal/supervise"
)

// The formats in which a ledger leaves, as the address names them.
var exportFormats = []string{"xlsx", "csv", "json"}

var exportTypes = map[string]string{
	"xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
	"csv":  "text/csv; charset=utf-8",
	"json": "application/json; charset=utf-8",
}

func (s *Server) exportRoutes() []route {
	return []route{{"GET /rounds/{round}/ledger/export", opens(policy.PageLedger), s.ledgerExport}}
}

// exportHref is the address of the list as a file.
func (q listQuery) exportHref(format string) string {
	file := q
	file.Path += "/export"
	return file.href("format", format, "view", q.View)
}

// ledgerExport sends the findings of the list, all pages of it, as one file. It
// is written while it is read: memory does not grow with the ledger.
func (s *Server) ledgerExport(w http.ResponseWriter, r *http.Request, who policy.Actor) error {
	round, err := s.roundIn(r)
	if err != nil {
		return err
	}
	q, err := readListQuery(r, r.URL.Path, s.today(), who)
	if err != nil {
		return err
	}
	format := or(r.URL.Query().Get("format"), "xlsx")
	if exportTypes[format] == "" {
		return store.ErrNotFound
	}
	return s.Supervise.DB.Snapshot(r.Context(), func(db store.Reader) error {
		e := export{Round: round, Filter: q.filter(round.Number), Scope: policy.ScopeOf(who), Format: format, Tag: lang.From(r.Context())}
		rows, err := db.CountFindings(r.Context(), e.Scope, e.Filter)
		if err != nil {
			return err
		}
		organisations, err := db.OrganisationsOf(r.Context(), round.Number)
		if err != nil {
			return err
		}
		e.Names = namesOn(organisations, round)
		s.exportHead(w, e, rows)
		if err := e.write(r.Context(), db, w, s.today().String()); err != nil {
			s.Log.ErrorContext(r.Context(), "export broken off", slog.String("request_id", requestID(r.Context())), slog.String("error", err.Error()))
			panic(http.ErrAbortHandler) // the head is out: only a broken connection still says that the file is not whole
		}
		return nil
	})
}

// exportHead announces the file, and lifts the deadline for writing: a large
// ledger on a slow line takes longer than a page.
func (s *Server) exportHead(w http.ResponseWriter, e export, rows int) {
	name := lang.Say(e.Tag, "ledger_page.export.file", e.Round.Name, s.today().String()) + "." + e.Format
	h := w.Header()
	h.Set("Content-Type", exportTypes[e.Format])
	h.Set("Content-Disposition", fmt.Sprintf(`attachment; filename="ledger-%d.%s"; filename*=UTF-8''%s`, e.Round.Number, e.Format, url.PathEscape(name)))
	h.Set("X-Total-Rows", strconv.Itoa(rows))
	if err := http.NewResponseController(w).SetWriteDeadline(time.Time{}); err != nil && !errors.Is(err, http.ErrNotSupported) {
		s.Log.Warn("lift write deadline", slog.String("error", err.Error()))
	}
}

// An export is a list of findings on its way into a file.
type export struct {
	Round  ledger.Round
	Names  map[string]string // of organisations
	Filter store.Filter
	Scope  policy.Scope
	Format string
	Tag    lang.Tag
}

func (e export) write(ctx context.Context, db store.Reader, w io.Writer, today string) error {
	table, err := e.table(w, today)
	if err != nil {
		return err
	}
	for f, err := range db.AllFindings(ctx, e.Scope, e.Filter) {
		if err != nil {
			return errors.Join(err, table.Close())
		}
		if err := table.Write(e.cells(f)); err != nil {
			return errors.Join(err, table.Close())
		}
	}
	return table.Close()
}

func (e export) table(w io.Writer, today string) (sheet.TableWriter, error) {
	columns := append(sheet.LedgerColumns(), sheet.StandingColumns()...)
	switch e.Format {
	case "csv":
		return sheet.NewCSV(w, columns)
	case "json":
		return sheet.NewJSON(w, columns)
	default:
		return sheet.NewXLSX(w, columns, sheet.XLSXOptions{
			Title:  lang.Say(e.Tag, "ledger_page.export.title", e.Round.Name, today),
			Footer: lang.Say(e.Tag, "ledger_page.export.footer"),
		})
	}
}

// cells gives a finding in the columns of a ledger that can be read in again. In
// JSON lists stay lists and codes stay codes.
func (e export) cells(f ledger.Finding) []any {
	row := supervise.ExportRow(f, or(e.Names[f.Organisation], f.Organisation))
	cells := sheet.LedgerCells(row)
	if e.Format != "json" {
		return append(cells, e.standing(f, func(key string) string { return lang.Say(lang.ZH, key) })...)
	}
	for i, c := range sheet.LedgerColumns() {
		switch sheet.Field(c.Key) {
		case sheet.Manifestations:
			cells[i] = row.Manifestations
		case sheet.OrganCadre:
			cells[i] = row.OrganCadre
		case sheet.Kind:
			cells[i] = row.Kind
		case sheet.Status:
			cells[i] = row.Status
		case sheet.MeasureText:
			cells[i] = row.Measures
		case sheet.EvidenceList:
			cells[i] = row.Evidence
		default: // the cell is already what JSON says
		}
	}
	return append(cells, e.standing(f, func(key string) string { return key[strings.IndexByte(key, '.')+1:] })...)
}

// standing gives how the finding stands, in the columns of sheet.StandingColumns;
// word words a code or leaves it one.
func (e export) standing(f ledger.Finding, word func(key string) string) []any {
	outcome, day, earlier, position := "", f.Closed.On.String(), "", ""
	if o := f.Outcome(); o != "" {
		outcome = word("outcome." + string(o))
	}
	switch f.Stage {
	case ledger.ContinuingStage:
		day = f.Settlement.Until.String()
	case ledger.SettledStage:
		day = f.Settlement.On.String()
	case ledger.Registered, ledger.Rectifying, ledger.InReview, ledger.Returned, ledger.Recognised, ledger.ClosedStage:
	}
	for _, x := range f.Extensions {
		if x.Granted {
			earlier = x.From.String()
		}
	}
	if p := f.Acknowledgement.Position; p != "" {
		position = word("position." + string(p))
	}
	return []any{word("stage." + string(f.Stage)), outcome, sheet.Date(day), sheet.Date(earlier), position}
}
