package store

import (
	"context"

	"lianshen/internal/ledger"
	"lianshen/internal/workday"
)

// How each kind of record lies in the database.
func init() {
	register(ledger.KindOrganisation, "organisation", "parent name short", func(s ledger.State, _ *Tx) []any {
		o := s.(ledger.Organisation)
		now := o.NameOn(workday.Date{})
		return []any{o.Parent, now.Full, now.Short}
	}, nil)

	register(ledger.KindBody, "body", "name short team", func(s ledger.State, _ *Tx) []any {
		b := s.(ledger.Body)
		return []any{b.Name, b.Short, bit(b.Team)}
	}, nil)

	register(ledger.KindPerson, "person", "username name disabled", func(s ledger.State, _ *Tx) []any {
		p := s.(ledger.Person)
		return []any{p.Username, p.Name, bit(p.Disabled)}
	}, savePosts)

	register(ledger.KindRound, "round", "number name feedback_on", func(s ledger.State, _ *Tx) []any {
		r := s.(ledger.Round)
		return []any{int64(r.Number), r.Name, r.FeedbackOn.String()}
	}, saveInspected)

	register(ledger.KindMechanism, "mechanism", "versions", func(s ledger.State, _ *Tx) []any {
		return []any{int64(len(s.(ledger.Mechanism).Versions))}
	}, nil)

	register(ledger.KindImport, "import", "round number at sha256 added updated same", func(s ledger.State, _ *Tx) []any {
		i := s.(ledger.Import)
		return []any{
			int64(i.Round), int64(i.Number), micros(i.At), i.File.SHA256, int64(len(i.Added)), int64(len(i.Updated)), int64(len(i.Left)),
		}
	}, saveImported)

	register(ledger.KindLayouts, "layouts", "", func(ledger.State, *Tx) []any { return nil }, nil)
	register(ledger.KindHeadings, "headings", "", func(ledger.State, *Tx) []any { return nil }, nil)
	register(ledger.KindTemplate, "template", "files in_force", func(s ledger.State, _ *Tx) []any {
		t := s.(ledger.Template)
		return []any{int64(len(t.Files)), int64(t.Current())}
	}, nil)

	register(ledger.KindFinding, "finding", `round organisation team title category aspect kind organ_cadre
		leader section handler watch_body watch_section watch_person watch_number
		due running stage claim measures evidence gaps last_report changed_at
		outcome merged_into acknowledged extension_pending extensions_asked extensions_granted closing_passed`, findingRow, saveFinding)

	register(ledger.KindSubmission, "submission", `round organisation team doc number stage
		sent_at delivered_at received_at answer_by findings open`, func(s ledger.State, _ *Tx) []any {
		x := s.(ledger.Submission)
		return []any{
			int64(x.Round), x.Organisation, x.Team, string(x.Doc), int64(x.Number), string(x.Stage),
			micros(x.Sent.At), micros(x.Letter.At), micros(x.Received.At), x.Letter.AnswerBy.String(), int64(len(x.Sent.Findings)), bit(x.Open),
		}
	}, nil)

	register(ledger.KindVerdict, "verdict", "submission finding round organisation team party conclusion on_site survey at", func(s ledger.State, _ *Tx) []any {
		v := s.(ledger.Verdict)
		holds := string(v.Judged.Conclusion)
		if v.TakenBack {
			holds = ""
		}
		return []any{
			v.Submission, v.Finding, int64(v.Round), v.Organisation, v.Team, string(v.Party),
			holds, bit(v.Judged.OnSite), bit(v.Judged.Survey), micros(v.At),
		}
	}, nil)

	register(ledger.KindOpinion, "opinion", "submission finding round organisation team party kind criterion stage at", func(s ledger.State, _ *Tx) []any {
		o := s.(ledger.Opinion)
		return []any{
			o.Submission, o.Finding, int64(o.Round), o.Organisation, o.Team, string(o.Party),
			string(o.Said.Kind), o.Said.Criterion, string(o.Stage), micros(o.At),
		}
	}, indexOpinion)

	register(ledger.KindConsolidation, "consolidation", "submission finding round organisation team conclusion disputed entries unanswered", func(s ledger.State, _ *Tx) []any {
		c := s.(ledger.Consolidation)
		open := 0
		for _, e := range c.Entries {
			if e.Answer.Response == "" {
				open++
			}
		}
		return []any{
			c.Submission, c.Finding, int64(c.Round), c.Organisation, c.Team, string(c.Conclusion),
			bit(c.Disputed), int64(len(c.Entries)), int64(open),
		}
	}, indexConsolidation)
}

func findingRow(s ledger.State, tx *Tx) []any {
	f := s.(ledger.Finding)
	due := f.Due().String()
	running := ""
	if f.Running() {
		running = due
	}
	_, into := f.MergedInto()
	_, pending := f.Pending()
	return []any{
		int64(f.Round), f.Organisation, f.Team, f.Text, f.Class.Category, f.Class.Aspect, string(f.Class.Kind), bit(f.Class.OrganCadre),
		f.Plan.Leader, f.Plan.Section, f.Plan.Handler, f.Watch.Body, f.Watch.Section, f.Watch.Person, f.Watch.Number,
		due, running, string(f.Stage), string(f.Progress.Claim), int64(len(f.Plan.Measures)), int64(len(f.Progress.Evidence)),
		int64(len(f.Gaps())), f.LastReport, micros(tx.Now),
		string(f.Outcome()), into, string(f.Acknowledgement.Position), bit(pending), int64(len(f.Extensions)), int64(f.Granted()),
		bit(f.ClosingPassed),
	}
}

func savePosts(ctx context.Context, tx *Tx, _, s ledger.State, _ int64) error {
	p := s.(ledger.Person)
	if err := tx.exec(ctx, `delete from post where person = $1`, p.ID); err != nil {
		return err
	}
	for _, x := range p.Posts {
		err := tx.exec(ctx, `
			insert into post (id, person, role, body, organisation, title, since, until,
			                  deputises, deputises_name, deputises_post, deputises_reason)
			values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)`,
			x.ID, p.ID, string(x.Role), x.Body, x.Organisation, x.Title, x.Since.String(), x.Until.String(),
			x.Deputises.Person, x.Deputises.Name, x.Deputises.Post, x.Deputises.Reason)
		if err != nil {
			return err
		}
	}
	return nil
}

func saveInspected(ctx context.Context, tx *Tx, _, s ledger.State, _ int64) error {
	r := s.(ledger.Round)
	if err := tx.exec(ctx, `delete from round_organisation where round = $1`, r.Number); err != nil {
		return err
	}
	for i, x := range r.Organisations {
		err := tx.exec(ctx, `
			insert into round_organisation (round, organisation, team, position) values ($1, $2, $3, $4)`,
			r.Number, x.Organisation, x.Team, i)
		if err != nil {
			return err
		}
	}
	return nil
}
