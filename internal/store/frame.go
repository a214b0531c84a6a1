package store

import (
	"context"
	"database/sql"
	"fmt"

	"lianshen/internal/ledger"
)

func scanText(rows *sql.Rows) (s string, err error) { return s, rows.Scan(&s) }

// Round returns the round with the number.
func (r Reader) Round(ctx context.Context, number int) (ledger.Round, error) {
	return remember(ctx, r, "round", []any{number}, func() (ledger.Round, error) {
		return load[ledger.Round](ctx, r, ledger.RoundRef(number))
	})
}

// Rounds returns all rounds, newest first, at most limit.
func (r Reader) Rounds(ctx context.Context, limit int) ([]ledger.Round, error) {
	list, err := states[ledger.Round](ctx, r, ledger.KindRound, `select state from round order by number desc limit $1`, limit)
	if err != nil {
		return nil, fmt.Errorf("list rounds: %w", err)
	}
	return list, nil
}

// Organisation returns the organisation with the code.
func (r Reader) Organisation(ctx context.Context, code string) (ledger.Organisation, error) {
	return load[ledger.Organisation](ctx, r, ledger.Ref{Kind: ledger.KindOrganisation, ID: code})
}

// Organisations returns organisations by code, at most limit, after the given code.
func (r Reader) Organisations(ctx context.Context, after string, limit int) ([]ledger.Organisation, error) {
	list, err := states[ledger.Organisation](ctx, r, ledger.KindOrganisation,
		`select state from organisation where id > $1 order by id limit $2`, after, limit)
	if err != nil {
		return nil, fmt.Errorf("list organisations: %w", err)
	}
	return list, nil
}

// OrganisationsOf returns the organisations of a round, in its order.
func (r Reader) OrganisationsOf(ctx context.Context, round int) ([]ledger.Organisation, error) {
	list, err := remember(ctx, r, "organisations of", []any{round}, func() ([]ledger.Organisation, error) {
		return states[ledger.Organisation](ctx, r, ledger.KindOrganisation, `
			select o.state from round_organisation x join organisation o on o.id = x.organisation
			where  x.round = $1 order by x.position`, round)
	})
	if err != nil {
		return nil, fmt.Errorf("list organisations of round %d: %w", round, err)
	}
	return list, nil
}

// Body returns the body with the code.
func (r Reader) Body(ctx context.Context, code string) (ledger.Body, error) {
	return load[ledger.Body](ctx, r, ledger.Ref{Kind: ledger.KindBody, ID: code})
}

// Bodies returns all bodies, permanent ones first.
func (r Reader) Bodies(ctx context.Context) ([]ledger.Body, error) {
	list, err := states[ledger.Body](ctx, r, ledger.KindBody, `select state from body order by team, id limit 1000`)
	if err != nil {
		return nil, fmt.Errorf("list bodies: %w", err)
	}
	return list, nil
}

// Person returns the person with the ID.
func (r Reader) Person(ctx context.Context, id string) (ledger.Person, error) {
	return load[ledger.Person](ctx, r, ledger.Ref{Kind: ledger.KindPerson, ID: id})
}

// PersonNamed returns the person with the username, or ErrNotFound.
func (r Reader) PersonNamed(ctx context.Context, username string) (ledger.Person, error) {
	list, err := states[ledger.Person](ctx, r, ledger.KindPerson, `select state from person where username = $1`, username)
	if err != nil {
		return ledger.Person{}, fmt.Errorf("person %q: %w", username, err)
	}
	if len(list) == 0 {
		return ledger.Person{}, ErrNotFound
	}
	return list[0], nil
}

// People returns people by username after the given one, at most limit.
func (r Reader) People(ctx context.Context, after string, limit int) ([]ledger.Person, error) {
	list, err := states[ledger.Person](ctx, r, ledger.KindPerson,
		`select state from person where username > $1 order by username limit $2`, after, limit)
	if err != nil {
		return nil, fmt.Errorf("list people: %w", err)
	}
	return list, nil
}

// Names returns the names of people by ID, for showing who did what.
func (r Reader) Names(ctx context.Context, ids []string) (map[string]string, error) {
	names := map[string]string{}
	if len(ids) == 0 {
		return names, nil
	}
	var w where
	w.in("id", ids)
	rows, err := r.q.QueryContext(ctx, `select id, name from person `+w.String(), w.args...)
	if err != nil {
		return nil, fmt.Errorf("names of people: %w", err)
	}
	defer rows.Close()
	for rows.Next() {
		var id, name string
		if err := rows.Scan(&id, &name); err != nil {
			return nil, err
		}
		names[id] = name
	}
	return names, rows.Err()
}

// A RoundName is what the round switch shows.
type RoundName struct {
	Number int
	Name   string
}

// RoundNames returns numbers and names of rounds, newest first, at most limit.
func (r Reader) RoundNames(ctx context.Context, limit int) ([]RoundName, error) {
	list, err := recall(ctx, r, `select number, name from round order by number desc limit $1`, []any{limit}, func(rows *sql.Rows) (x RoundName, err error) { return x, rows.Scan(&x.Number, &x.Name) })
	if err != nil {
		return nil, fmt.Errorf("list rounds: %w", err)
	}
	return list, nil
}
