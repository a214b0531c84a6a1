package store

import (
	"bytes"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io"
	"regexp"
	"strings"
	"time"

	"lianshen/internal/ledger"
	"lianshen/internal/policy"
	"lianshen/internal/workday"
)

// An EvidenceRow is a piece of evidence as the list of a round shows it.
type EvidenceRow struct {
	Finding, ID, Organisation string
	Position                  int
	Name, DocNumber, Issuer   string
	Date                      workday.Date
	File                      ledger.File // without its name
	Versions                  int         // of the file
	Findings                  int         // of the round that have the same bytes
	Conflicts                 bool        // the same document number stands on other bytes
}

// An EvidenceFilter picks evidence of one round. Empty fields pick everything.
type EvidenceFilter struct {
	Round        int
	Organisation string
	Finding      string
	Media        string // beginning of the media type: "image/"; "none" for what is only named
	Text         string // in the name, the document number or the issuer
	Reused       bool   // only what several findings have
	Conflicting  bool   // only equal document numbers on different files
	After        string // finding and position of the last row of the page before: see Key
	AfterAt      int
	Limit        int // 0 for all
}

// Evidence lists what the filter picks and the reader may see, by finding and
// place in it: an organisation reads what it has written, the parties what was sent.
func (r Reader) Evidence(ctx context.Context, scope policy.Scope, f EvidenceFilter) ([]EvidenceRow, error) {
	var w where
	w.evidence(scope, f)
	page := ""
	if f.Limit > 0 {
		w.args = append(w.args, f.Limit)
		page = fmt.Sprintf(" limit $%d", len(w.args))
	}
	rows, err := r.q.QueryContext(ctx, `
		select x.finding, x.id, x.organisation, x.position, x.name, x.doc_number, x.issuer, x.doc_date, x.sha256, x.size, x.media, x.versions,
		       case when x.sha256 = '' then 0 else (
		         select count(distinct o.finding) from evidence o
		         where  o.sha256 = x.sha256 and o.round = x.round and o.sent = x.sent
		         and    (o.organisation = x.organisation or `+allOf(scope)+`)) end,
		       case when `+conflicting(scope)+` then 1 else 0 end
		from evidence x
		`+w.String()+`
		order by x.finding, x.position, x.id`+page, w.args...)
	list, err := all(rows, err, scanEvidence)
	if err != nil {
		return nil, fmt.Errorf("list evidence of round %d: %w", f.Round, err)
	}
	return list, nil
}

// allOf is whether rows of other organisations count: for those who may read them.
func allOf(s policy.Scope) string {
	if s.All {
		return "1 = 1"
	}
	if s.Team != "" {
		return "o.team = x.team"
	}
	return "1 = 0"
}

func conflicting(s policy.Scope) string {
	return `x.doc_number <> '' and x.sha256 <> '' and exists (
		select 1 from evidence o
		where  o.doc_number = x.doc_number and o.round = x.round and o.sent = x.sent and o.sha256 <> x.sha256 and o.sha256 <> ''
		and    (o.organisation = x.organisation or ` + allOf(s) + `))`
}

func (w *where) evidence(s policy.Scope, f EvidenceFilter) {
	w.cases(s, "x.")
	w.and("x.round = ?", f.Round)
	w.and("x.sent = ?", 1-bit(s.Drafts))
	if f.Organisation != "" {
		w.and("x.organisation = ?", f.Organisation)
	}
	if f.Finding != "" {
		w.and("x.finding = ?", f.Finding)
	}
	if f.Media == "none" {
		w.and("x.sha256 = ''")
	} else if f.Media != "" {
		w.and("substr(x.media, 1, ?) = ?", len(f.Media), f.Media)
	}
	if f.Text != "" {
		like := "%" + strings.NewReplacer(`\`, `\\`, "%", `\%`, "_", `\_`).Replace(strings.ToLower(f.Text)) + "%"
		w.and(`(lower(x.name) like ? escape '\' or lower(x.doc_number) like ? escape '\' or lower(x.issuer) like ? escape '\')`, like, like, like)
	}
	if f.Reused {
		w.and(`x.sha256 <> '' and exists (select 1 from evidence o where o.sha256 = x.sha256 and o.round = x.round and o.sent = x.sent
			and o.finding <> x.finding and (o.organisation = x.organisation or ` + allOf(s) + `))`)
	}
	if f.Conflicting {
		w.and(conflicting(s))
	}
	if f.After != "" {
		w.and("(x.finding, x.position) > (?, ?)", f.After, f.AfterAt)
	}
}

func scanEvidence(rows *sql.Rows) (e EvidenceRow, err error) {
	var conflicts int64
	var date string
	err = rows.Scan(&e.Finding, &e.ID, &e.Organisation, &e.Position, &e.Name, &e.DocNumber, &e.Issuer, &date,
		&e.File.SHA256, &e.File.Size, &e.File.Type, &e.Versions, &e.Findings, &conflicts)
	e.Conflicts = conflicts == 1
	if err == nil && date != "" {
		e.Date, err = workday.Parse(date)
	}
	return e, err
}

// An EvidenceTwin is another piece of evidence of the round that has the same bytes
// as one of the finding (Same), or the same document number on other bytes.
type EvidenceTwin struct {
	ID                    string // the finding's own
	Finding, Name, Number string // of the other
	Same                  bool
}

// EvidenceTwins lists what the finding's evidence shares with evidence elsewhere
// that the reader may see, and with other pieces of its own.
func (r Reader) EvidenceTwins(ctx context.Context, scope policy.Scope, finding string) ([]EvidenceTwin, error) {
	var w where
	w.cases(scope, "o.")
	w.and("x.finding = ?", finding)
	w.and("x.sent = ?", 1-bit(scope.Drafts))
	w.and("o.sent = x.sent and o.round = x.round and (o.finding <> x.finding or o.id <> x.id)")
	// Two questions, each with its own index, and not one with "or", which has none.
	rows, err := r.q.QueryContext(ctx, `
		select x.id, o.finding, o.name, o.doc_number, 1, x.position from evidence x join evidence o on o.sha256 = x.sha256
		`+w.String()+` and x.sha256 <> ''
		union all
		select x.id, o.finding, o.name, o.doc_number, 0, x.position from evidence x join evidence o on o.doc_number = x.doc_number
		`+w.String()+` and x.doc_number <> '' and x.sha256 <> '' and o.sha256 <> '' and o.sha256 <> x.sha256
		order by 6, 5 desc, 2, 3 limit 200`, w.args...)
	list, err := all(rows, err, func(rows *sql.Rows) (t EvidenceTwin, err error) {
		var same, position int64
		err = rows.Scan(&t.ID, &t.Finding, &t.Name, &t.Number, &same, &position)
		t.Same = same == 1
		return t, err
	})
	if err != nil {
		return nil, fmt.Errorf("list what shares evidence with %s: %w", finding, err)
	}
	return list, nil
}

// eachText calls f with the one text of every row.
func eachText(rows *sql.Rows, f func(string) error) error {
	defer rows.Close()
	for rows.Next() {
		var text string
		if err := rows.Scan(&text); err != nil {
			return err
		}
		if err := f(text); err != nil {
			return err
		}
	}
	return rows.Err()
}

// Said is what the virus scanner said of a file.
type Said string

// What it says. A file that awaits its scan, or is infected, is given to nobody.
const (
	Clean    Said = "clean"
	Infected Said = "infected"
	Awaiting Said = "awaiting"
)

// A Scan is what is known of the bytes of one file.
type Scan struct {
	SHA256 string
	Said   Said
	Found  string // name of what was found
	Name   string // of the file, as uploaded when it was asked about first
	Person string // who uploaded it then
	At     time.Time
}

// PutScan keeps what was said in place of what was said before.
func (db *DB) PutScan(ctx context.Context, s Scan) error {
	err := db.aside(ctx, `
		insert into scan (sha256, said, found, name, person, at) values ($1, $2, $3, $4, $5, $6)
		on conflict (sha256) do update set said = excluded.said, found = excluded.found, at = excluded.at`,
		s.SHA256, string(s.Said), s.Found, s.Name, s.Person, micros(db.now()))
	if err != nil {
		return fmt.Errorf("keep what was said of file %s: %w", s.SHA256, err)
	}
	return nil
}

// Held reports whether the file is given to nobody.
func (r Reader) Held(ctx context.Context, sha256 string) (bool, error) {
	var said string
	err := one(r.q.QueryRowContext(ctx, `select said from scan where sha256 = $1`, sha256), &said)
	if errors.Is(err, ErrNotFound) {
		return false, nil
	}
	return Said(said) != Clean, err
}

// Scans lists the files of which that was said last, the oldest question first.
func (r Reader) Scans(ctx context.Context, said Said, limit int) ([]Scan, error) {
	return r.scans(ctx, `where said = $1 order by at, sha256 limit $2`, string(said), limit)
}

// ScansOf returns what was said of the files, by digest.
func (r Reader) ScansOf(ctx context.Context, digests []string) (map[string]Scan, error) {
	found := map[string]Scan{}
	if len(digests) == 0 {
		return found, nil
	}
	var w where
	w.in("sha256", digests)
	list, err := r.scans(ctx, w.String(), w.args...)
	for _, s := range list {
		found[s.SHA256] = s
	}
	return found, err
}

func (r Reader) scans(ctx context.Context, rest string, args ...any) ([]Scan, error) {
	rows, err := r.q.QueryContext(ctx, `select sha256, said, found, name, person, at from scan `+rest, args...)
	list, err := all(rows, err, func(rows *sql.Rows) (s Scan, err error) {
		var at int64
		err = rows.Scan(&s.SHA256, &s.Said, &s.Found, &s.Name, &s.Person, &at)
		s.At = instant(at)
		return s, err
	})
	if err != nil {
		return nil, fmt.Errorf("list what the scanner said: %w", err)
	}
	return list, nil
}

// aDigest is whatever may be the digest of a file, in any column.
var aDigest = regexp.MustCompile(`[0-9a-f]{64,}`)

// Mentioned returns every digest that a row of any table but the trail and the
// scans mentions, in any column. It may hold more than files; a file that is not
// in it is named by nothing.
func (r Reader) Mentioned(ctx context.Context) (map[string]bool, error) {
	found := map[string]bool{}
	for _, t := range Tables() {
		if t.Name == "trail" || t.Name == "scan" || t.Name == "trail_head" {
			continue
		}
		if _, err := r.Dump(ctx, t.Name, digestFinder{found}); err != nil {
			return nil, fmt.Errorf("look for files that are named: %w", err)
		}
	}
	return found, nil
}

// digestFinder collects digests from what is written to it, a whole row at a time.
type digestFinder struct{ found map[string]bool }

var _ io.Writer = digestFinder{}

func (d digestFinder) Write(row []byte) (int, error) {
	for _, word := range aDigest.FindAll(bytes.ToLower(row), -1) {
		for i := 0; i+64 <= len(word); i++ { // what stands before it may look like more of it: %22
			d.found[string(word[i:i+64])] = true
		}
	}
	return len(row), nil
}
