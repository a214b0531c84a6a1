package web

import (
	"encoding/json"
	"net/http"
	"sync"
	"sync/atomic"

	"lianshen/internal/policy"
	"lianshen/internal/store"
)

// exportRuns are the exports under way, by the person and the mark their page gave
// them. A page asks here how far its file is: the file itself does not say.
type exportRuns struct {
	mu   sync.Mutex
	runs map[exportRun]*exportCount
}

type exportRun struct{ person, mark string }

type exportCount struct {
	rows  atomic.Int64
	total int
}

// mostRuns bounds what is kept, should somebody give every request a new mark.
const mostRuns = 1000

// begin notes an export and returns what is to be told of its rows, and what is to
// be called at its end. Without a mark nobody asks.
func (e *exportRuns) begin(person, mark string, total int) (tell func(int), end func()) {
	key, count := exportRun{person, mark}, &exportCount{total: total}
	e.mu.Lock()
	defer e.mu.Unlock()
	if mark == "" || len(mark) > 64 || len(e.runs) >= mostRuns || e.runs[key] != nil {
		return nil, func() {}
	}
	if e.runs == nil {
		e.runs = map[exportRun]*exportCount{}
	}
	e.runs[key] = count
	return func(n int) { count.rows.Store(int64(n)) }, func() {
		e.mu.Lock()
		defer e.mu.Unlock()
		delete(e.runs, key)
	}
}

func (e *exportRuns) of(person, mark string) *exportCount {
	e.mu.Lock()
	defer e.mu.Unlock()
	return e.runs[exportRun{person, mark}]
}

// exportProgress says how many rows of an export of one's own are written, of how
// many; a total below zero is not known.
func (s *Server) exportProgress(w http.ResponseWriter, r *http.Request, who policy.Actor) error {
	run := s.exports.of(who.Person, r.PathValue("run"))
	if run == nil {
		return store.ErrNotFound
	}
	w.Header().Set("Content-Type", "application/json")
	return json.NewEncoder(w).Encode(map[string]int64{"rows": run.rows.Load(), "total": int64(run.total)})
}
