package store

import (
	"bufio"
	"bytes"
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"regexp"
	"slices"
	"strings"

	"github.com/pressly/goose/v3"

	"lianshen/internal/clock"
)

// A dump is logical: the rows of every table as JSON, so that what one engine
// wrote the other one reads. The text index is not part of it, it is made anew;
// nor are sessions and failed sign-ins: who was signed in signs in again.

// Errors of Restore that callers tell apart with errors.Is.
var (
	ErrNotEmpty = errors.New("the database is not empty")
	ErrNewer    = errors.New("made by a newer version of the program") // Open knows it too
)

// A Table is one table of a dump and its columns in the order of each row.
type Table struct {
	Name    string   `json:"name"`
	Columns []string `json:"columns"`
}

// dumped lists what a backup holds: parents before those that refer to them, each
// with the columns it is sorted by.
var dumped = []struct{ name, columns, order string }{
	{"organisation", "id parent name short version state", "id"},
	{"body", "id name short team version state", "id"},
	{"person", "id username name disabled version state", "id"},
	{"post", "id person role body organisation title since until deputises deputises_name deputises_post deputises_reason", "person, id"},
	{"credential", "person hash must_change", "person"},
	{"api_token", "id token person post name scope created_at expires_at used_at revoked_at", "id"},
	{"round", "id number name feedback_on version state", "id"},
	{"round_organisation", "round organisation team position", "round, organisation"},
	{"mechanism", "id versions version state", "id"},
	{"design", "id name withdrawn version state", "id"},
	{"finding", `id serial round organisation team title category aspect kind organ_cadre leader section handler
		watch_body watch_section watch_person watch_number due running stage claim measures evidence gaps
		last_report changed_at version state
		outcome merged_into acknowledged extension_pending extensions_asked extensions_granted closing_passed`, "id"},
	{"submission", `id round organisation team doc number stage sent_at delivered_at received_at answer_by
		findings open version state`, "id"},
	{"submission_item", "submission finding position item", "submission, finding"},
	{"file_text", "sha256 state reason pages body at", "sha256"},
	{"verdict", "id submission finding round organisation team party conclusion on_site survey at version state", "id"},
	{"opinion", "id submission finding round organisation team party kind criterion stage at version state", "id"},
	{"consolidation", "id submission finding round organisation team conclusion disputed entries unanswered version state", "id"},
	{"meeting", "id round number kind held_on items pending closed_at version state", "id"},
	{"meeting_item", "meeting submission finding team outcome decided_at", "meeting, submission, finding"},
	{"recusal", "id round organisation team person party convenes applies version state", "id"},
	{"import", "id round number at sha256 added updated same version state", "id"},
	{"import_finding", "import finding did", "import, finding"},
	{"layouts", "id version state", "id"},
	{"headings", "id version state", "id"},
	{"template", "id files in_force version state", "id"},
	{"template_file", "sha256 size data", "sha256"},
	{"draft", "person form fields at", "person, form"},
	{"choice", "person name value at", "person, name"},
	{"printed", "ref code version seq at", "ref, code"},
	{"scan", "sha256 said found name person at", "sha256"},
	{"opened", "person submission finding at", "person, submission, finding"},
	{"act_key", "key person kind id version at", "key"},
	{"trail", "seq at actor acted_for kind id event body leaf", "seq"},
	{"trail_head", "one size edge root", "one"},
	{"setting", "name value", "name"},
}

// Tables lists what a dump holds, in the order in which it is restored.
func Tables() []Table {
	list := make([]Table, len(dumped))
	for i, d := range dumped {
		list[i] = Table{d.name, strings.Fields(d.columns)}
	}
	return list
}

// Schema returns the number of the newest migration of the database.
func (r Reader) Schema(ctx context.Context) (version int64, err error) {
	if err := one(r.q.QueryRowContext(ctx, `select max(version_id) from goose_db_version`), &version); err != nil {
		return 0, fmt.Errorf("read the version of the schema: %w", err)
	}
	return version, nil
}

// Dump writes the rows of one table, a JSON array per line, and returns their
// number. Values are texts and whole numbers, as everywhere in the database.
func (r Reader) Dump(ctx context.Context, table string, w io.Writer) (n int64, err error) {
	i := slices.IndexFunc(Tables(), func(t Table) bool { return t.Name == table })
	if i < 0 {
		return 0, fmt.Errorf("dump %s: no such table", table)
	}
	columns := strings.Fields(dumped[i].columns)
	rows, err := r.q.QueryContext(ctx, `select `+strings.Join(columns, ", ")+` from `+table+` order by `+dumped[i].order)
	if err != nil {
		return 0, fmt.Errorf("dump %s: %w", table, err)
	}
	defer rows.Close()
	enc := json.NewEncoder(w)
	enc.SetEscapeHTML(false)
	for ; rows.Next(); n++ {
		values, err := scanPlain(rows, len(columns))
		if err == nil {
			err = enc.Encode(values)
		}
		if err != nil {
			return n, fmt.Errorf("dump row %d of %s: %w", n+1, table, err)
		}
	}
	return n, rows.Err()
}

func scanPlain(rows *sql.Rows, n int) ([]any, error) {
	values, dest := make([]any, n), make([]any, n)
	for i := range values {
		dest[i] = &values[i]
	}
	err := rows.Scan(dest...)
	for i := range values {
		values[i] = plain(values[i])
	}
	return values, err
}

// A Source is a dump to restore from. Rows returns what Dump wrote of a table.
type Source struct {
	Schema int64
	Tables []Table
	Rows   func(table string) (io.ReadCloser, error)
}

// Restore fills an empty database with a dump: a file path that need not exist,
// or "postgres://...". Rows are put in at the schema they were taken from, then
// migrated. Errors: ErrNotEmpty, ErrNewer; after an error no row is there.
func Restore(ctx context.Context, url string, now clock.Clock, from Source) error {
	d := dialectOf(url)
	write, read, err := d.open(url)
	if err != nil {
		return fmt.Errorf("open database: %w", err)
	}
	db := &DB{write: write, read: read, d: d, now: now}
	defer db.Close()
	provider, err := db.restorable(ctx, from.Schema)
	if err != nil {
		return err
	}
	if _, err := provider.UpTo(ctx, from.Schema); err != nil {
		return fmt.Errorf("prepare the schema: %w", err)
	}
	if err := db.fill(ctx, from); err != nil {
		return err
	}
	if err := db.migrate(ctx); err != nil {
		return err
	}
	if err := db.projectEvidence(ctx, true); err != nil {
		return err
	}
	return db.Write(ctx, func(tx *Tx) error { return tx.reindex(ctx) })
}

// CheckRestore reports why a dump of the schema cannot be restored to the URL, and
// changes nothing: ErrNotEmpty, ErrNewer, or that the database does not answer.
func CheckRestore(ctx context.Context, url string, schema int64) error {
	d := dialectOf(url)
	if _, err := os.Stat(url); d.name == sqlite.name && errors.Is(err, fs.ErrNotExist) {
		url = ":memory:" // looking into a file would make it
	}
	write, read, err := d.open(url)
	if err != nil {
		return fmt.Errorf("open database: %w", err)
	}
	db := &DB{write: write, read: read, d: d}
	defer db.Close()
	_, err = db.restorable(ctx, schema)
	return err
}

// restorable returns the migrations for a dump of the schema.
func (db *DB) restorable(ctx context.Context, schema int64) (*goose.Provider, error) {
	if err := db.vacant(ctx); err != nil {
		return nil, err
	}
	provider, err := db.migrations()
	if err != nil {
		return nil, err
	}
	if latest := newest(provider); schema > latest {
		return nil, fmt.Errorf("schema %d, this program knows %d: %w", schema, latest, ErrNewer)
	}
	return provider, nil
}

// vacant reports ErrNotEmpty unless the database has no tables of ours, or empty ones.
func (db *DB) vacant(ctx context.Context) error {
	var tables, used int64
	if err := one(db.write.QueryRowContext(ctx, db.d.tables), &tables); err != nil {
		return fmt.Errorf("look into the database: %w", err)
	}
	if tables == 0 {
		return nil
	}
	row := db.write.QueryRowContext(ctx, `select (select size from trail_head) + (select count(*) from person)`)
	if err := one(row, &used); err != nil {
		return fmt.Errorf("look into the database: %w", err)
	}
	if used > 0 {
		return ErrNotEmpty
	}
	return nil
}

func newest(p *goose.Provider) (version int64) {
	for _, s := range p.ListSources() {
		version = max(version, s.Version)
	}
	return version
}

// fill puts in the rows of all tables, in one transaction.
func (db *DB) fill(ctx context.Context, from Source) error {
	tx, err := db.write.BeginTx(ctx, nil)
	if err != nil {
		return fmt.Errorf("begin: %w", err)
	}
	defer tx.Rollback()                                                              //nolint:errcheck // no effect after Commit
	for _, made := range []string{`delete from trail_head`, `delete from setting`} { // by a first start
		if _, err := tx.ExecContext(ctx, made); err != nil {
			return fmt.Errorf("make room: %w", err)
		}
	}
	for _, t := range from.Tables {
		if err := fillTable(ctx, tx, t, from); err != nil {
			return fmt.Errorf("restore table %s: %w", t.Name, err)
		}
	}
	if err := tx.Commit(); err != nil {
		return fmt.Errorf("commit: %w", err)
	}
	return nil
}

var plainName = regexp.MustCompile(`^[a-z_][a-z0-9_]{0,59}$`)

// fillTable inserts many rows per statement: both engines take 30,000 values.
func fillTable(ctx context.Context, tx *sql.Tx, t Table, from Source) error {
	for _, name := range append([]string{t.Name}, t.Columns...) {
		if !plainName.MatchString(name) {
			return fmt.Errorf("%q is not a name", name)
		}
	}
	file, err := from.Rows(t.Name)
	if err != nil {
		return err
	}
	defer file.Close()
	lines := bufio.NewReaderSize(file, 1<<16)
	batch := max(1, min(200, 30000/len(t.Columns)))
	var values []any
	for n := 1; ; n++ {
		line, err := lines.ReadBytes('\n')
		last := errors.Is(err, io.EOF)
		if err != nil && !last {
			return err
		}
		if len(line) > 0 {
			if values, err = readValues(values, line, len(t.Columns)); err != nil {
				return fmt.Errorf("row %d: %w", n, err)
			}
		}
		if full := len(values) == batch*len(t.Columns); len(values) > 0 && (full || last) {
			if _, err := tx.ExecContext(ctx, insertRows(t, len(values)), values...); err != nil {
				return fmt.Errorf("rows up to %d: %w", n, err)
			}
			values = values[:0]
		}
		if last {
			return nil
		}
	}
}

// readValues appends the texts and whole numbers of one line.
func readValues(values []any, line []byte, columns int) ([]any, error) {
	dec := json.NewDecoder(bytes.NewReader(line))
	dec.UseNumber()
	var row []any
	if err := dec.Decode(&row); err != nil {
		return nil, err
	}
	if len(row) != columns {
		return nil, fmt.Errorf("%d values for %d columns", len(row), columns)
	}
	for _, v := range row {
		switch v := v.(type) {
		case string:
			values = append(values, v)
		case json.Number:
			whole, err := v.Int64()
			if err != nil {
				return nil, err
			}
			values = append(values, whole)
		default:
			return nil, fmt.Errorf("%v is neither a text nor a number", v)
		}
	}
	return values, nil
}

func insertRows(t Table, values int) string {
	var b strings.Builder
	fmt.Fprintf(&b, "insert into %s (%s) values ", t.Name, strings.Join(t.Columns, ", "))
	for i := range values {
		switch {
		case i == 0:
			b.WriteString("(")
		case i%len(t.Columns) == 0:
			b.WriteString("), (")
		default:
			b.WriteString(", ")
		}
		fmt.Fprintf(&b, "$%d", i+1)
	}
	b.WriteString(")")
	return b.String()
}
