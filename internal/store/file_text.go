package store

import (
	"context"
	"database/sql"
	"fmt"
)

// TextState is what came of taking the text out of a file.
type TextState string

// The states.
const (
	WholeText  TextState = "whole"
	CutText    TextState = "cut"    // only the beginning is kept
	NoText     TextState = "none"   // there is none: scanned pages, a picture, a type we cannot read
	FailedText TextState = "failed" // the file could not be read
)

// A FileText is the text of an evidence file, by content.
type FileText struct {
	SHA256 string
	State  TextState
	Reason string // message key, where there is no text
	Pages  int    // of a PDF; 0 where there are none or it is not known
	Body   string
}

// FileText returns the text of a file, or ErrNotFound where nobody has looked yet.
func (r Reader) FileText(ctx context.Context, sha256 string) (FileText, error) {
	t := FileText{SHA256: sha256}
	err := one(r.q.QueryRowContext(ctx, `select state, reason, pages, body from file_text where sha256 = $1`, sha256),
		&t.State, &t.Reason, &t.Pages, &t.Body)
	if err != nil {
		return FileText{}, fmt.Errorf("text of file %s: %w", sha256, err)
	}
	return t, nil
}

// An UnreadFile is a file of which nobody has taken the text yet. Serial is its place
// in the list.
type UnreadFile struct {
	Serial        int64
	SHA256, Media string
}

// UnreadFiles lists the files whose text is to be taken, after the place in the list.
// It is the work list of a program that was stopped, too.
func (r Reader) UnreadFiles(ctx context.Context, after int64, limit int) ([]UnreadFile, error) {
	rows, err := r.q.QueryContext(ctx, `
		select serial, sha256, media from passage where unread = 1 and serial > $1 order by serial limit $2`, after, limit)
	list, err := all(rows, err, func(rows *sql.Rows) (f UnreadFile, err error) { return f, rows.Scan(&f.Serial, &f.SHA256, &f.Media) })
	if err != nil {
		return nil, fmt.Errorf("list files to read: %w", err)
	}
	return list, nil
}

// PutFileText keeps the text of a file and lets all evidence with that file be found
// by it. Doing so twice changes nothing.
func (db *DB) PutFileText(ctx context.Context, t FileText) error {
	return db.Write(ctx, func(tx *Tx) error {
		err := tx.exec(ctx, `
			insert into file_text (sha256, state, reason, pages, body, at) values ($1, $2, $3, $4, $5, $6)
			on conflict (sha256) do nothing`, t.SHA256, string(t.State), t.Reason, t.Pages, t.Body, micros(tx.Now))
		if err != nil {
			return fmt.Errorf("keep the text of file %s: %w", t.SHA256, err)
		}
		rows, err := tx.tx.QueryContext(ctx, `
			select kind, id, finding, submission, round, organisation, team, sent, number, head, body, media
			from   passage where sha256 = $1 and unread = 1 order by serial`, t.SHA256)
		list, err := all(rows, err, func(rows *sql.Rows) (p passage, err error) {
			var sent int64
			err = rows.Scan(&p.kind, &p.id, &p.finding, &p.submission, &p.round, &p.organisation, &p.team, &sent, &p.number, &p.head, &p.body, &p.media)
			p.sent, p.sha256 = sent == 1, t.SHA256
			return p, err
		})
		if err != nil {
			return fmt.Errorf("list evidence with file %s: %w", t.SHA256, err)
		}
		for _, p := range list {
			p.body = lines(p.body, t.Body)
			if err := tx.putPassage(ctx, p); err != nil {
				return err
			}
		}
		return nil
	})
}
