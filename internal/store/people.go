package store

import (
	"context"
	"database/sql"
	"fmt"

	"lianshen/internal/ledger"
)

// A Seat is a post of a person with the name of what it is for.
type Seat struct {
	Person string
	Post   ledger.Post
	For    string // short name of the body or the organisation today; "" for a role that stands alone
}

// SeatsOf returns the posts of the people, past and future ones too, in order of
// time. At most a few hundred people at once.
func (r Reader) SeatsOf(ctx context.Context, people ...string) ([]Seat, error) {
	if len(people) == 0 {
		return nil, nil
	}
	var w where
	w.in("x.person", people)
	list, err := recall(ctx, r, `
		select x.person, x.id, x.role, x.body, x.organisation, x.title, x.since, x.until,
		       x.deputises, x.deputises_name, x.deputises_post, x.deputises_reason, coalesce(b.short, o.short, '')
		from   post x
		left join body b on b.id = x.body
		left join organisation o on o.id = x.organisation
		`+w.String()+`
		order  by x.person, x.since, x.id`, w.args, scanSeat)
	if err != nil {
		return nil, fmt.Errorf("posts of people: %w", err)
	}
	return list, nil
}

func scanSeat(rows *sql.Rows) (s Seat, err error) {
	var since, until string
	p := &s.Post
	if err := rows.Scan(&s.Person, &p.ID, &p.Role, &p.Body, &p.Organisation, &p.Title, &since, &until,
		&p.Deputises.Person, &p.Deputises.Name, &p.Deputises.Post, &p.Deputises.Reason, &s.For); err != nil {
		return s, err
	}
	if p.Since, err = storedDate(since); err != nil {
		return s, err
	}
	p.Until, err = storedDate(until)
	return s, err
}
