package web

import (
	"context"
	"net/http"
	"slices"
	"strconv"
	"time"

	"lianshen/internal/lang"
	"lianshen/internal/ledger"
	"lianshen/internal/ledger/mechanism"
	"lianshen/internal/policy"
	"lianshen/internal/store"
	"lianshen/internal/web/ui"
	"lianshen/internal/workday"
)

// Mechanisms: how rounds are reviewed. See mechanism_edit.go for changing one.
func (s *Server) mechanismRoutes() []route {
	page := opens(policy.PageFrame)
	return []route{
		{"GET /mechanisms", page, s.mechanismList},
		{"GET /mechanisms/new", page, s.newMechanism},
		{"POST /mechanisms/new", page, s.editMechanism},
		{"GET /mechanisms/{code}", page, s.mechanismPage},
		{"GET /mechanisms/{code}/edit", page, s.mechanismEditor},
		{"POST /mechanisms/{code}/edit", page, s.editMechanism},
	}
}

// A way is one mechanism with its history and the rounds that run under it.
type way struct {
	Code    string
	Current mechanism.Mechanism // in force today; the earliest to come if none is yet
	From    workday.Date        // since when; zero for what comes with the program
	Future  bool                // nothing is in force yet
	Preset  mechanism.Mechanism // zero if the installation began it
	History ledger.Mechanism
	Rounds  []ledger.Round
}

// wayOf puts together what is known of the mechanism.
func (s *Server) wayOf(code string, h ledger.Mechanism, rounds []ledger.Round) way {
	w := way{Code: code, History: h, Preset: s.Supervise.Mechanisms[code]}
	current, exists := h.InForce(w.Preset, s.today())
	if !exists && len(h.Versions) > 0 {
		current, w.Future = h.Versions[0].Mechanism, true
	}
	w.Current = current
	for _, p := range h.Versions {
		if p.Mechanism.Version == current.Version {
			w.From = p.From
		}
	}
	for _, r := range rounds {
		if r.Mechanism.Code == code {
			w.Rounds = append(w.Rounds, r)
		}
	}
	return w
}

// mostRounds bounds what is read to say who keeps which version.
const mostRounds = 200

// way returns the mechanism of the address, or ErrNotFound.
func (s *Server) way(ctx context.Context, code string) (way, error) {
	h, err := s.Supervise.DB.Read().Mechanism(ctx, code)
	if err != nil {
		return way{}, err
	}
	if _, preset := s.Supervise.Mechanisms[code]; !preset && len(h.Versions) == 0 {
		return way{}, store.ErrNotFound
	}
	rounds, err := s.Supervise.DB.Read().Rounds(ctx, mostRounds)
	return s.wayOf(code, h, rounds), err
}

// ways returns all mechanisms, the usual one first.
func (s *Server) ways(ctx context.Context) ([]way, error) {
	histories, err := s.Supervise.DB.Read().Mechanisms(ctx)
	if err != nil {
		return nil, err
	}
	rounds, err := s.Supervise.DB.Read().Rounds(ctx, mostRounds)
	if err != nil {
		return nil, err
	}
	known := map[string]mechanism.Mechanism{}
	byCode := map[string]ledger.Mechanism{}
	for code := range s.Supervise.Mechanisms {
		known[code], byCode[code] = mechanism.Mechanism{}, ledger.Mechanism{Code: code}
	}
	for _, h := range histories {
		known[h.Code], byCode[h.Code] = mechanism.Mechanism{}, h
	}
	var list []way
	for _, code := range mechanism.Order(known) {
		list = append(list, s.wayOf(code, byCode[code], rounds))
	}
	return list, nil
}

// versions lists every version, the newest first. That of the program has no date.
func (w way) versions() (list []ledger.Published) {
	if w.Preset.Code != "" {
		list = append(list, ledger.Published{Mechanism: w.Preset})
	}
	list = append(list, w.History.Versions...)
	slices.Reverse(list)
	return list
}

// at returns the version with the number, or the current one.
func (w way) at(version string) mechanism.Mechanism {
	n, _ := strconv.Atoi(version)
	for _, p := range w.versions() {
		if p.Mechanism.Version == n {
			return p.Mechanism
		}
	}
	return w.Current
}

func mechanismPath(code string, parts ...string) string {
	path := "/mechanisms/" + code
	for _, p := range parts {
		path += "/" + p
	}
	return path
}

func (s *Server) mechanismList(w http.ResponseWriter, r *http.Request, who policy.Actor) error {
	ways, err := s.ways(r.Context())
	if err != nil {
		return err
	}
	v := mechanismListView{Ways: ways, May: policy.Can(who, ledger.PublishMechanism{}, ledger.Subject{})}
	return s.show(w, r, who, frame{Title: lang.T(r.Context(), "nav.mechanisms"), At: "mechanisms"}, mechanismListPage(v))
}

type mechanismListView struct {
	Ways []way
	May  bool
}

// A mechanismView is the page of one mechanism: a version, and how it differs
// from another one.
type mechanismView struct {
	way
	Shown   mechanism.Mechanism
	Against mechanism.Mechanism // zero: nothing to compare with
	Names   map[string]string
	Zone    *time.Location
	May     bool
}

func (s *Server) mechanismPage(w http.ResponseWriter, r *http.Request, who policy.Actor) error {
	ctx := r.Context()
	x, err := s.way(ctx, r.PathValue("code"))
	if err != nil {
		return err
	}
	q := r.URL.Query()
	v := mechanismView{way: x, Shown: x.at(q.Get("version")), May: policy.Can(who, ledger.PublishMechanism{}, ledger.Subject{}), Zone: s.Supervise.Zone}
	if q.Has("against") {
		v.Against = x.at(q.Get("against"))
	}
	var people []string
	for _, p := range x.History.Versions {
		people = append(people, p.By)
	}
	if v.Names, err = s.Supervise.DB.Read().Names(ctx, people); err != nil {
		return err
	}
	f := frame{Title: named(ctx, v.Shown.Name, v.Shown.NameEn), At: "mechanisms"}
	if q.Has("published") {
		f.Flash = ui.Flash{Hue: ui.Green, Text: lang.T(ctx, "mechanisms.published", v.Shown.Version)}
	}
	return s.show(w, r, who, f, mechanismViewPage(v))
}
