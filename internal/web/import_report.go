package web

import (
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strconv"

	"lianshen/internal/blob"
	"lianshen/internal/lang"
	"lianshen/internal/ledger"
	"lianshen/internal/policy"
	"lianshen/internal/sheet"
	"lianshen/internal/store"
	"lianshen/internal/web/ui"
)

// importLine is an import in a list.
type importLine struct {
	store.ImportRow
	Who string
	At  string
}

// importLines lists the imports of a round, newest first.
func (s *Server) importLines(ctx context.Context, who policy.Actor, round, before, limit int) (lines []importLine, more bool, err error) {
	db := s.Supervise.DB.Read()
	rows, err := db.Imports(ctx, policy.ScopeOf(who), round, before, limit+1)
	if err != nil {
		return nil, false, err
	}
	if more = len(rows) > limit; more {
		rows = rows[:limit]
	}
	people := make([]string, len(rows))
	for i, r := range rows {
		people[i] = r.By
	}
	names, err := db.Names(ctx, people)
	if err != nil {
		return nil, false, err
	}
	for _, r := range rows {
		lines = append(lines, importLine{r, or(names[r.By], r.By), s.moment(r.At)})
	}
	return lines, more, nil
}

// importListView is the list of all imports of a round.
type importListView struct {
	Round ledger.Round
	Lines []importLine
	Next  string
}

const importPageLength = 50

func (s *Server) importList(w http.ResponseWriter, r *http.Request, who policy.Actor) error {
	round, err := s.roundIn(r)
	if err != nil {
		return err
	}
	before, err := strconv.Atoi(or(r.URL.Query().Get("before"), "0"))
	if err != nil {
		return store.ErrNotFound //nolint:nilerr // an address that cannot be
	}
	v := importListView{Round: round}
	lines, more, err := s.importLines(r.Context(), who, round.Number, before, importPageLength)
	if err != nil {
		return err
	}
	if v.Lines = lines; more {
		v.Next = "?before=" + strconv.Itoa(lines[len(lines)-1].Number)
	}
	return s.show(w, r, who, importFrame(r, round), importListBody(v))
}

// reportView is the report of one import.
type reportView struct {
	ledger.Import
	Round  ledger.Round
	Who    string
	When   string
	Layout sheet.Layout
}

// importIn loads the import that the address names.
func (s *Server) importIn(r *http.Request, who policy.Actor) (ledger.Import, error) {
	return s.Supervise.DB.Read().Import(r.Context(), policy.ScopeOf(who), r.PathValue("id"))
}

func (s *Server) importReport(w http.ResponseWriter, r *http.Request, who policy.Actor) error {
	i, err := s.importIn(r, who)
	if err != nil {
		return err
	}
	db := s.Supervise.DB.Read()
	v := reportView{Import: i, When: s.moment(i.At)}
	if v.Round, err = db.Round(r.Context(), i.Round); err != nil {
		return err
	}
	names, err := db.Names(r.Context(), []string{i.By})
	if err != nil {
		return err
	}
	v.Who = or(names[i.By], i.By)
	if v.Layout, err = layoutOf(i.Layout); err != nil {
		return err
	}
	f := importFrame(r, v.Round)
	if r.URL.Query().Has("done") {
		f.Flash = ui.Flash{Hue: ui.Green, Text: lang.T(r.Context(), "importing.done", len(i.Added), len(i.Updated), len(i.Left))}
	}
	return s.show(w, r, who, f, reportBody(v))
}

// importedFile sends the file as it came in.
func (s *Server) importedFile(w http.ResponseWriter, r *http.Request, who policy.Actor) error {
	i, err := s.importIn(r, who)
	if err != nil {
		return err
	}
	file, err := s.Blobs.Open(r.Context(), i.File.SHA256)
	if errors.Is(err, blob.ErrNotFound) {
		return store.ErrNotFound
	}
	if err != nil {
		return fmt.Errorf("open the file of %s: %w", i.ID, err)
	}
	defer file.Close()
	blob.Header(w.Header(), blob.Ref{SHA256: i.File.SHA256, Size: i.File.Size, Type: i.File.Type}, i.File.Name)
	_, err = io.Copy(w, file)
	return err
}

// findingsHref leads to the findings of the import to which it did this.
func (v reportView) findingsHref(did string) string {
	q := url.Values{"import": {v.ID}}
	if did != "" {
		q.Set("did", did)
	}
	return roundPath(v.Import.Round, "ledger") + "?" + q.Encode()
}

// fieldCounts counts how often each field was changed, most often first.
func (v reportView) fieldCounts() []fieldCount {
	count := map[string]int{}
	for _, u := range v.Updated {
		for _, f := range u.Fields {
			count[f]++
		}
	}
	var list []fieldCount
	for _, f := range slices.Sorted(maps.Keys(count)) {
		list = append(list, fieldCount{sheet.Field(f), count[f]})
	}
	slices.SortStableFunc(list, func(a, b fieldCount) int { return b.N - a.N })
	return list
}

type fieldCount struct {
	Field sheet.Field
	N     int
}

// reasonsOf lists why rows and cells are in no finding.
func reasonsOf(a sheet.Account) []string {
	all := maps.Clone(a.CellsLeft)
	if all == nil {
		all = map[string]int{}
	}
	maps.Copy(all, a.RowsLeft)
	return slices.Sorted(maps.Keys(all))
}
