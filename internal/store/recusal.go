package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"lianshen/internal/ledger"
	"lianshen/internal/policy"
	"lianshen/internal/workday"
)

func init() {
	register(ledger.KindRecusal, "recusal", "round organisation team person party convenes applies", func(s ledger.State, _ *Tx) []any {
		r := s.(ledger.Recusal)
		return []any{int64(r.Round), r.Organisation, r.Team, r.Person, string(r.Party), string(r.Convenes), bit(r.Applies())}
	}, nil)
}

// Recusals returns those of a round that the actor may know of, lifted ones too.
func (r Reader) Recusals(ctx context.Context, scope policy.Scope, round int) ([]ledger.Recusal, error) {
	w := &where{}
	w.recusals(scope)
	w.and("x.round = ?", round)
	list, err := states[ledger.Recusal](ctx, r, ledger.KindRecusal,
		"select x.state from recusal x "+w.String()+" order by x.organisation, x.person", w.args...)
	if err != nil {
		return nil, fmt.Errorf("list recusals of round %d: %w", round, err)
	}
	return list, nil
}

// RecusalOf returns the recusal that applies to any of the people on the subject;
// the zero Recusal if none does.
func (r Reader) RecusalOf(ctx context.Context, s ledger.Subject, people ...string) (ledger.Recusal, error) {
	for _, person := range people {
		if person == "" {
			continue
		}
		id := ledger.RecusalID(s.Round, s.Organisation, person)
		x, err := load[ledger.Recusal](ctx, r, ledger.Ref{Kind: ledger.KindRecusal, ID: id})
		switch {
		case errors.Is(err, ErrNotFound):
		case err != nil:
			return ledger.Recusal{}, err
		case x.Applies():
			return x, nil
		}
	}
	return ledger.Recusal{}, nil
}

// Away returns who keeps away from which organisation of the round. It names
// people and no reasons; pages count with it and show recusals from Recusals only.
func (r Reader) Away(ctx context.Context, round int) ([]ledger.Absence, error) {
	list, err := recall(ctx, r, `select organisation, person from recusal where round = $1 and applies = 1 order by organisation, person`,
		[]any{round}, func(rows *sql.Rows) (x ledger.Absence, err error) {
			return x, rows.Scan(&x.Organisation, &x.Person)
		})
	if err != nil {
		return nil, fmt.Errorf("list who keeps away in round %d: %w", round, err)
	}
	return list, nil
}

// Speakers returns the posts by which people speak for bodies on the day, of
// people who are not disabled.
func (r Reader) Speakers(ctx context.Context, day workday.Date) ([]ledger.Speaker, error) {
	list, err := recall(ctx, r, `
		select x.person, p.name, p.username, x.id, x.role, x.body, x.title, x.deputises, x.deputises_name
		from   post x join person p on p.id = x.person
		where  x.body > '' and x.since <= $1 and (x.until = '' or x.until >= $1) and p.disabled = 0
		order  by x.body, x.deputises, x.person, x.id`, []any{day.String()}, func(rows *sql.Rows) (s ledger.Speaker, err error) {
		p := &s.Post
		return s, rows.Scan(&s.Person, &s.Name, &s.Username, &p.ID, &p.Role, &p.Body, &p.Title, &p.Deputises.Person, &p.Deputises.Name)
	})
	if err != nil {
		return nil, fmt.Errorf("list who speaks for bodies: %w", err)
	}
	return list, nil
}

// DeputiesOf returns the people who hold or held a post as deputies of the person.
func (r Reader) DeputiesOf(ctx context.Context, person string) ([]ledger.Person, error) {
	list, err := states[ledger.Person](ctx, r, ledger.KindPerson,
		`select state from person where id in (select x.person from post x where x.deputises = $1) order by id`, person)
	if err != nil {
		return nil, fmt.Errorf("deputies of %s: %w", person, err)
	}
	return list, nil
}
