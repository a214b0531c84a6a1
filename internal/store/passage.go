package store

import (
	"context"
	"errors"
	"fmt"
	"reflect"
	"strings"
	"unicode/utf8"

	"lianshen/internal/ledger"
	"lianshen/internal/phrase"
)

// PassageKind is a kind of text that can be found.
type PassageKind string

// The kinds of passage. What an organisation has written and not sent is part of its
// draft only, so that nobody else finds a finding by it.
const (
	FindingPassage  PassageKind = "finding" // as fed back and filed
	DraftPassage    PassageKind = "draft"   // the same with plan and progress as they are being written
	ReportPassage   PassageKind = "report"  // what a submission said, or a ledger brought along
	OpinionPassage  PassageKind = "opinion"
	LetterPassage   PassageKind = "letter"
	EvidencePassage PassageKind = "evidence"
)

// maxPassage bounds a passage, in characters: PostgreSQL takes a megabyte of grams.
const maxPassage = 100_000

// A passage is a text with its own readers.
type passage struct {
	kind         PassageKind
	id           string
	finding      string
	submission   string
	round        int
	organisation string
	team         string
	party        string
	sent         bool
	number       string
	sha256       string
	media        string
	unread       bool
	head         string
	body         string
}

func (p passage) marks() []string {
	marks := []string{markOf("k", string(p.kind)), markOf("r", fmt.Sprint(p.round)), markOf("o", p.organisation)}
	if p.team != "" {
		marks = append(marks, markOf("t", p.team))
	}
	return marks
}

// putPassage writes a passage and its entry in the index. One that was there keeps
// its place in the order, and stays sent once it was.
func (tx *Tx) putPassage(ctx context.Context, p passage) error {
	p.body = clip(p.body, maxPassage)
	folded := phrase.Fold(clip(p.number+"\n"+p.head+"\n"+p.body, maxPassage))
	var serial, sent int64
	err := one(tx.q.QueryRowContext(ctx, `select serial, sent from passage where kind = $1 and id = $2`, string(p.kind), p.id), &serial, &sent)
	there := err == nil
	switch {
	case errors.Is(err, ErrNotFound):
		if serial, err = tx.nextPassage(ctx); err != nil {
			return err
		}
		err = tx.exec(ctx, `
			insert into passage (serial, kind, id, finding, submission, round, organisation, team, party, sent, number, sha256, media, unread, head, body, folded)
			values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17)`,
			serial, string(p.kind), p.id, p.finding, p.submission, p.round, p.organisation, p.team, p.party, bit(p.sent),
			phrase.Fold(p.number), p.sha256, p.media, bit(p.unread), p.head, p.body, folded)
	case err == nil:
		err = tx.exec(ctx, `
			update passage set submission = $2, team = $3, sent = $4, number = $5, sha256 = $6, head = $7, body = $8, folded = $9, media = $10, unread = $11 where serial = $1`,
			serial, p.submission, p.team, max(sent, bit(p.sent)), phrase.Fold(p.number), p.sha256, p.head, p.body, folded, p.media, bit(p.unread))
	}
	if err == nil {
		err = tx.d.search.put(ctx, tx, serial, append(p.marks(), phrase.Grams(folded)...), there)
	}
	if err != nil {
		return fmt.Errorf("index %s %s: %w", p.kind, p.id, err)
	}
	return nil
}

func (tx *Tx) nextPassage(ctx context.Context) (int64, error) {
	if tx.passages == 0 { // writers take turns: nobody else adds one meanwhile
		if err := one(tx.q.QueryRowContext(ctx, `select coalesce(max(serial), 0) from passage`), &tx.passages); err != nil {
			return 0, err
		}
	}
	tx.passages++
	return tx.passages, nil
}

// dropPassage takes a passage out, if it is there. With unsentOnly it leaves what has been sent.
func (tx *Tx) dropPassage(ctx context.Context, kind PassageKind, id string, unsentOnly bool) error {
	var serial, sent int64
	err := one(tx.q.QueryRowContext(ctx, `select serial, sent from passage where kind = $1 and id = $2`, string(kind), id), &serial, &sent)
	if errors.Is(err, ErrNotFound) || err == nil && unsentOnly && sent == 1 {
		return nil
	}
	if err == nil {
		err = tx.d.search.drop(ctx, tx, serial)
	}
	if err == nil {
		err = tx.exec(ctx, `delete from passage where serial = $1`, serial)
	}
	if err != nil {
		return fmt.Errorf("take %s %s out of the index: %w", kind, id, err)
	}
	return nil
}

func clip(text string, characters int) string {
	if len(text) <= characters || utf8.RuneCountInString(text) <= characters {
		return text
	}
	return string([]rune(text)[:characters])
}

// of fills in what all passages about a finding share.
func of(f ledger.Finding, p passage) passage {
	p.finding, p.round, p.organisation, p.team = f.Number, f.Round, f.Organisation, f.Team
	return p
}

func lines(parts ...string) string {
	kept := parts[:0:0]
	for _, p := range parts {
		if strings.TrimSpace(p) != "" {
			kept = append(kept, p)
		}
	}
	return strings.Join(kept, "\n")
}

func feedbackText(f ledger.Finding) string {
	return lines(append([]string{f.Text}, append(f.Manifestations,
		f.Class.Category, f.Class.Aspect, f.Class.DeadlineText, f.Class.Inspector,
		f.Watch.Section, f.Watch.Person, f.Watch.Number)...)...)
}

func planText(p ledger.Plan) string {
	parts := []string{p.Cause, p.Target, p.Leader, p.Section, p.Handler}
	for _, m := range p.Measures {
		parts = append(parts, m.Text, m.Owner, m.DeadlineText)
	}
	return lines(parts...)
}

func progressText(p ledger.Progress) string {
	parts := []string{p.Text, p.EvidenceText, p.Remark}
	for _, q := range p.Quantities {
		parts = append(parts, q.Name)
	}
	for _, r := range p.Rules {
		parts = append(parts, r.Title, r.DocNumber)
	}
	for _, e := range p.Evidence {
		parts = append(parts, e.Name, e.DocNumber)
	}
	return lines(parts...)
}

func itemText(i ledger.Item) string {
	return lines(i.Text, planText(i.Plan), progressText(i.Progress), i.Application)
}

// indexFinding keeps the passages of a finding in step, where its text changed.
func indexFinding(ctx context.Context, tx *Tx, old, s ledger.State, _ int64) error {
	f, before := s.(ledger.Finding), old.(ledger.Finding)
	fed, was := feedbackText(f), feedbackText(before)
	if before.Version == 0 || fed != was {
		if err := tx.putPassage(ctx, of(f, passage{kind: FindingPassage, id: f.Number, sent: true, number: f.Number, body: fed})); err != nil {
			return err
		}
	}
	written := lines(planText(f.Plan), progressText(f.Progress), f.Application)
	if before.Version == 0 || fed != was || written != lines(planText(before.Plan), progressText(before.Progress), before.Application) {
		if err := tx.putPassage(ctx, of(f, passage{kind: DraftPassage, id: f.Number, number: f.Number, body: lines(fed, written)})); err != nil {
			return err
		}
	}
	return tx.indexEvidence(ctx, f, before.Progress.Evidence, f.Progress.Evidence)
}

// indexEvidence keeps the passages of the evidence that a finding has now in step.
// What was sent stays found after it was taken off the current text.
func (tx *Tx) indexEvidence(ctx context.Context, f ledger.Finding, before, now []ledger.Evidence) error {
	if reflect.DeepEqual(before, now) {
		return nil
	}
	has := map[string]bool{}
	for _, e := range now {
		has[e.ID] = true
		if err := tx.putEvidence(ctx, of(f, passage{}), e); err != nil {
			return err
		}
	}
	for _, e := range before {
		if !has[e.ID] {
			if err := tx.dropPassage(ctx, EvidencePassage, f.Number+":"+e.ID, true); err != nil {
				return err
			}
		}
	}
	return nil
}

// putEvidence writes the passage of one piece of evidence; p says whose it is.
func (tx *Tx) putEvidence(ctx context.Context, p passage, e ledger.Evidence) error {
	p.kind, p.id = EvidencePassage, p.finding+":"+e.ID
	p.number, p.sha256, p.media, p.head = e.DocNumber, e.File.SHA256, e.File.Type, e.Name
	p.body = evidenceText(e)
	if p.sha256 != "" {
		text, err := tx.FileText(ctx, p.sha256)
		if err != nil && !errors.Is(err, ErrNotFound) {
			return err
		}
		p.body, p.unread = lines(p.body, text.Body), err != nil
	}
	return tx.putPassage(ctx, p)
}

// evidenceText is what is known of a piece of evidence beside its name.
func evidenceText(e ledger.Evidence) string {
	name := e.File.Name
	if name == e.Name {
		name = ""
	}
	return lines(e.DocNumber, e.Issuer, e.Proves, name)
}

// indexImported indexes what ledgers brought along: all who see the finding see
// it, although nobody sent it.
func (tx *Tx) indexImported(ctx context.Context, f ledger.Finding) error {
	if text := lines(planText(f.Plan), progressText(f.Progress)); text != "" {
		if err := tx.putPassage(ctx, of(f, passage{kind: ReportPassage, id: f.Number + ":", sent: true, body: text})); err != nil {
			return err
		}
	}
	for _, piece := range f.Progress.Evidence {
		if err := tx.putEvidence(ctx, of(f, passage{sent: true}), piece); err != nil {
			return err
		}
	}
	return nil
}

// indexItem indexes what a submission says and the files that go with it.
func (tx *Tx) indexItem(ctx context.Context, p passage, item ledger.Item) error {
	p.finding, p.sent = item.Finding, true
	report := p
	report.kind, report.id, report.body = ReportPassage, p.submission+":"+item.Finding, itemText(item)
	if err := tx.putPassage(ctx, report); err != nil {
		return err
	}
	for _, e := range item.Evidence() {
		if err := tx.putEvidence(ctx, p, e); err != nil {
			return err
		}
	}
	return nil
}

func paperPassage(s ledger.Submission) passage {
	return passage{submission: s.ID, round: s.Round, organisation: s.Organisation, team: s.Team}
}

func indexOpinion(ctx context.Context, tx *Tx, _, s ledger.State, _ int64) error {
	o := s.(ledger.Opinion)
	if o.Stage == ledger.TakenBack {
		return tx.dropPassage(ctx, OpinionPassage, o.ID, false)
	}
	if o.Stage != ledger.Raised {
		return nil // its own words never change
	}
	return tx.putPassage(ctx, passage{
		kind: OpinionPassage, id: o.ID, finding: o.Finding, submission: o.Submission, round: o.Round, organisation: o.Organisation,
		team: o.Team, party: string(o.Party), sent: true, body: lines(o.Said.Text, o.Said.Change, o.Said.Section),
	})
}

func indexConsolidation(ctx context.Context, tx *Tx, _, s ledger.State, _ int64) error {
	c := s.(ledger.Consolidation)
	var parts []string
	for _, e := range c.Entries {
		parts = append(parts, e.Text, e.Change, e.Answer.Reason, e.Answer.Place)
	}
	return tx.putPassage(ctx, passage{
		kind: LetterPassage, id: c.ID, finding: c.Finding, submission: c.Submission, round: c.Round, organisation: c.Organisation,
		team: c.Team, sent: true, body: lines(parts...),
	})
}

// indexLetter lets a delivered letter be found by its number.
func (tx *Tx) indexLetter(ctx context.Context, s ledger.Submission, number string) error {
	p := paperPassage(s)
	p.kind, p.id, p.sent, p.number, p.body = LetterPassage, s.ID+":", true, number, number
	return tx.putPassage(ctx, p)
}
