package web

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"lianshen/internal/lang"
	"lianshen/internal/ledger"
	"lianshen/internal/ledger/joint"
	"lianshen/internal/paper"
	"lianshen/internal/policy"
	"lianshen/internal/store"
	"lianshen/internal/workday"
)

// opinionSheetPath is the address of one party's opinions on a submission.
func opinionSheetPath(submission string, party joint.Party) string {
	return "/submissions/" + url.PathEscape(submission) + "/sheets/" + url.PathEscape(string(party))
}

func (s *Server) opinionSheetMaker(ctx context.Context, who policy.Actor, r *http.Request) (printout, error) {
	return s.opinionSheet(ctx, who, r.PathValue("id"), joint.Party(r.PathValue("party")))
}

// opinionSheet makes the sheet of what one party said of a submission. It is whole
// or not there at all: as long as one word of the party is sealed to the actor, and
// for an inspected organisation always.
func (s *Server) opinionSheet(ctx context.Context, who policy.Actor, submission string, party joint.Party) (printout, error) {
	db, scope := s.Supervise.DB.Read(), policy.ScopeOf(who)
	on, err := s.paper(ctx, who, submission)
	if err != nil {
		return printout{}, err
	}
	open, err := s.openSheets(ctx, who, []string{submission})
	if err != nil {
		return printout{}, err
	}
	if !slices.Contains(open[submission], party) {
		return printout{}, fmt.Errorf("sheet of %s on %s: %w", party, submission, store.ErrNotFound)
	}
	limit := 100 * (len(on.Submission.Sent.Findings) + 1)
	filter := store.VoiceFilter{Submission: submission, Party: party, Limit: limit}
	verdicts, err := db.Verdicts(ctx, scope, filter)
	if err != nil {
		return printout{}, err
	}
	opinions, err := db.Opinions(ctx, scope, filter)
	if err != nil {
		return printout{}, err
	}
	names, err := db.Names(ctx, givers(verdicts))
	if err != nil {
		return printout{}, err
	}
	words, version := s.writeSheet(on, party, verdicts, opinions, names)
	p := printout{
		Title: lang.T(ctx, "paper.sheet"), Sub: words.Party + " · " + on.Name.Short + " · " + words.Paper, Round: on.Round.Number,
		Name: "联审意见表_" + submission + "_" + words.Party, Path: opinionSheetPath(submission, party), Doc: words.Document(),
	}
	p.mark(paper.Mark{Ref: submission + ":" + string(party), Version: version})
	return p, nil
}

// openSheets returns, by submission, the parties of whom the actor may know
// everything they have said of it. A party that has said nothing has no sheet.
func (s *Server) openSheets(ctx context.Context, who policy.Actor, submissions []string) (map[string][]joint.Party, error) {
	db, scope := s.Supervise.DB.Read(), policy.ScopeOf(who)
	open := map[string][]joint.Party{}
	if scope.Verdicts == policy.NoVerdicts || len(submissions) == 0 {
		return open, nil
	}
	given, err := db.Given(ctx, scope, submissions)
	if err != nil {
		return nil, err
	}
	stands, err := db.Stands(ctx, scope, submissions)
	if err != nil {
		return nil, err
	}
	type seat struct {
		submission string
		party      joint.Party
	}
	known := map[seat]int{}
	for _, x := range stands {
		known[seat{x.Submission, x.Party}]++
	}
	for _, c := range given {
		if known[seat{c.Submission, c.Party}] == c.N {
			open[c.Submission] = append(open[c.Submission], c.Party)
		}
	}
	return open, nil
}

// givers lists who gave the verdicts, each once.
func givers(verdicts []ledger.Verdict) (ids []string) {
	for _, v := range verdicts {
		if v.Person != "" && !slices.Contains(ids, v.Person) {
			ids = append(ids, v.Person)
		}
	}
	return ids
}

// writeSheet words the sheet and counts the facts it was made from.
func (s *Server) writeSheet(on paperView, party joint.Party, verdicts []ledger.Verdict, opinions []ledger.Opinion, names map[string]string) (words paper.OpinionSheet, version int64) {
	m, doc := on.Round.Mechanism, on.Submission.Doc
	seat, _ := m.Party(party)
	var people []string
	var last time.Time
	stands := map[joint.Conclusion]int{}
	for _, v := range verdicts {
		version += v.Version
		if name := onBehalfZH(or(names[v.Person], v.Person), v.OnBehalf); name != "" && !slices.Contains(people, name) {
			people = append(people, name)
		}
		stands[v.Judged.Conclusion]++
		if v.At.After(last) {
			last = v.At
		}
	}
	words = paper.OpinionSheet{
		Round: on.Round.Name, Organisation: on.Name.Full, Paper: paperZH(on.Submission),
		Party: seat.Name, Reviewers: strings.Join(people, "、"), Date: s.paperDay(last), Findings: len(verdicts), Stands: standsZH(on.Round, stands),
	}
	for _, o := range opinions {
		version += o.Version
		words.Rows = append(words.Rows, paper.OpinionRow{
			Finding: aboutZH(o.Finding), Criterion: criterionZH(on.Round, doc, o.Said.Criterion), Place: placeZH(o.Said, on.Titles[o.Finding]),
			Problem: o.Said.Text, Change: changeZH(o.Said), Kind: say("opinion.kind." + string(o.Said.Kind)),
			Response: responseZH(o.Answer), Changed: o.Answer.Place, Recheck: recheckZH(o),
		})
	}
	return words, version
}

// onBehalfZH names on a paper who acted, and for whom: 李某（代王某）.
func onBehalfZH(name, principal string) string {
	if principal == "" {
		return name
	}
	return say("panel.on_behalf", name, principal)
}

// paperDay words the day of an instant for a paper; "" for none.
func (s *Server) paperDay(at time.Time) string {
	if at.IsZero() {
		return ""
	}
	return lang.LetterDate(lang.ZH, workday.In(at, s.Supervise.Zone).String())
}

// standsZH counts how the findings were concluded: "其中同意3个、继续整改1个。"
func standsZH(round ledger.Round, stands map[joint.Conclusion]int) string {
	var parts []string
	for _, w := range round.Mechanism.Conclusions {
		if n := stands[joint.Conclusion(w.Code)]; n > 0 {
			parts = append(parts, w.Name+itoa(n)+"个")
		}
	}
	if n := stands[joint.Abstained]; n > 0 {
		parts = append(parts, say("conclusion.abstain")+itoa(n)+"个")
	}
	if len(parts) == 0 {
		return ""
	}
	return "其中" + strings.Join(parts, "、") + "。"
}
