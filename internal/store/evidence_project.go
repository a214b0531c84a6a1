package store

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"reflect"

	"lianshen/internal/ledger"
	"lianshen/internal/ledger/mechanism"
)

// How the rows of evidence are made from findings and from what was sent.

// saveFinding keeps what lies beside the row of a finding in step with it.
func saveFinding(ctx context.Context, tx *Tx, old, s ledger.State, serial int64) error {
	f, before := s.(ledger.Finding), old.(ledger.Finding)
	if f.Version == 0 || before.Version == 0 || !reflect.DeepEqual(before.Progress.Evidence, f.Progress.Evidence) {
		if err := tx.listEvidence(ctx, f, 0, f.Progress.Evidence); err != nil {
			return err
		}
	}
	return indexFinding(ctx, tx, old, s, serial)
}

// besideImported keeps what everybody reads of a finding as ledgers brought it.
func (tx *Tx) besideImported(ctx context.Context, f ledger.Finding) error {
	return errors.Join(tx.listEvidence(ctx, f, 1, f.Progress.Evidence), tx.indexImported(ctx, f))
}

// sentEvidence keeps what the parties read of the finding from now on.
func (tx *Tx) sentEvidence(ctx context.Context, f ledger.Finding, item ledger.Item) error {
	if item.Doc == mechanism.Plan || item.Doc.Whole() {
		return nil
	}
	return tx.listEvidence(ctx, f, 1, item.Progress.Evidence)
}

func (tx *Tx) listEvidence(ctx context.Context, f ledger.Finding, sent int, list []ledger.Evidence) error {
	if err := tx.exec(ctx, `delete from evidence where finding = $1 and sent = $2`, f.Number, sent); err != nil {
		return fmt.Errorf("list evidence of %s: %w", f.Number, err)
	}
	for i, e := range list {
		err := tx.exec(ctx, `
			insert into evidence (finding, sent, id, position, round, organisation, team, name, doc_number, doc_date, issuer,
			                      sha256, size, media, versions)
			values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)
			on conflict (finding, sent, id) do nothing`,
			f.Number, sent, e.ID, i, f.Round, f.Organisation, f.Team, e.Name, e.DocNumber, e.Date.String(), e.Issuer,
			e.File.SHA256, e.File.Size, e.File.Type, len(e.Files()))
		if err != nil {
			return fmt.Errorf("list evidence of %s: %w", f.Number, err)
		}
	}
	return nil
}

// projected says that the rows of evidence have been made once.
const projected = "evidence.projected"

// projectEvidence makes the rows of records that are older than the table. It does
// nothing where that has been done, unless again is set.
func (db *DB) projectEvidence(ctx context.Context, again bool) error {
	done, err := db.Read().Setting(ctx, projected)
	if err != nil || done != "" && !again {
		return err
	}
	return db.Write(ctx, func(tx *Tx) error {
		if err := tx.exec(ctx, `delete from evidence`); err != nil {
			return fmt.Errorf("list evidence: %w", err)
		}
		if err := tx.projectFindings(ctx); err != nil {
			return fmt.Errorf("list evidence: %w", err)
		}
		return tx.exec(ctx, `insert into setting (name, value) values ($1, $2)
			on conflict (name) do update set value = excluded.value`, projected, "1")
	})
}

func (tx *Tx) projectFindings(ctx context.Context) error {
	for after := ""; ; {
		list, err := states[ledger.Finding](ctx, tx.Reader, ledger.KindFinding, `select state from finding where id > $1 order by id limit 200`, after)
		if err != nil || len(list) == 0 {
			return err
		}
		numbers := make([]string, len(list))
		at := map[string]ledger.Finding{}
		for i, f := range list {
			numbers[i], at[f.Number], after = f.Number, f, f.Number
			if err := tx.listEvidence(ctx, f, 0, f.Progress.Evidence); err != nil {
				return err
			}
		}
		if err := tx.projectSent(ctx, numbers, at); err != nil {
			return err
		}
	}
}

// projectSent makes the rows of what was registered and then sent, in this order.
func (tx *Tx) projectSent(ctx context.Context, numbers []string, at map[string]ledger.Finding) error {
	begun, err := tx.imported(ctx, numbers)
	if err != nil {
		return err
	}
	for number, x := range begun {
		if err := tx.listEvidence(ctx, at[number], 1, x.Progress.Evidence); err != nil {
			return err
		}
	}
	sent, err := tx.sentItems(ctx, numbers)
	if err != nil {
		return err
	}
	for _, x := range sent {
		if err := tx.sentEvidence(ctx, at[x.Item.Finding], x.Item); err != nil {
			return err
		}
	}
	return nil
}

// FileNames returns every file that a record or a submission names, by digest,
// with the records that name it. Whoever knows what must be there asks this.
func (r Reader) FileNames(ctx context.Context) (map[string][]ledger.Ref, error) {
	named := map[string][]ledger.Ref{}
	add := func(ref ledger.Ref, list []ledger.Evidence) {
		for _, e := range list {
			for _, f := range e.Files() {
				named[f.SHA256] = append(named[f.SHA256], ref)
			}
		}
	}
	rows, err := r.q.QueryContext(ctx, `select state from finding where evidence > 0 order by id`)
	if err != nil {
		return nil, fmt.Errorf("list the files of findings: %w", err)
	}
	err = eachText(rows, func(text string) error {
		var f ledger.Finding
		err := json.Unmarshal([]byte(text), &f)
		add(f.Ref(), f.Progress.Evidence)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("list the files of findings: %w", err)
	}
	rows, err = r.q.QueryContext(ctx, `select state from submission order by id`)
	if err != nil {
		return nil, fmt.Errorf("list the files of submissions: %w", err)
	}
	err = eachText(rows, func(text string) error {
		var s ledger.Submission
		err := json.Unmarshal([]byte(text), &s)
		add(s.Ref(), s.Paper.Files)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("list the files of submissions: %w", err)
	}
	rows, err = r.q.QueryContext(ctx, `select item from submission_item where item like '%sha256%' order by submission, finding`)
	if err != nil {
		return nil, fmt.Errorf("list the files that were sent: %w", err)
	}
	err = eachText(rows, func(text string) error {
		var i ledger.Item
		err := json.Unmarshal([]byte(text), &i)
		add(ledger.FindingRef(i.Finding), i.Evidence())
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("list the files that were sent: %w", err)
	}
	return named, nil
}
