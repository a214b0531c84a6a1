package supervise

import (
	"cmp"
	"context"
	"errors"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"lianshen/internal/ledger"
	"lianshen/internal/sheet"
	"lianshen/internal/store"
)

// A planner decides what is to be done with the rows of one file.
type planner struct {
	ImportRequest
	round         ledger.Round
	organisations []ledger.Organisation
	byName        map[string]string // name of an organisation -> code
	env           ledger.Env

	rows     []*PlannedRow
	whole    []sheet.Problem
	findings map[string]ledger.Finding // by number, of those in the file
	texts    map[[2]string]string      // organisation and text -> number; "" where two have it
	taken    map[string]*PlannedRow    // number -> the row that has it
	seen     map[[3]string]bool        // problems told of
}

// lookUp finds the findings that the rows speak of.
func (in *planner) lookUp(ctx context.Context, r store.Reader) error {
	in.taken, in.seen, in.texts = map[string]*PlannedRow{}, map[[3]string]bool{}, map[[2]string]string{}
	var numbers []string
	for _, row := range in.Ledger.Rows {
		in.rows = append(in.rows, &PlannedRow{Row: row, Number: row.Number})
		if row.Number != "" {
			numbers = append(numbers, row.Number)
		}
	}
	in.share(in.Ledger.Problems)
	for _, row := range in.rows {
		in.settleOrganisation(row)
	}
	var err error
	if in.findings, err = r.FindingsNumbered(ctx, numbers); err != nil {
		return err
	}
	if err := in.matchTexts(ctx, r); err != nil {
		return err
	}
	return in.propose(ctx, r)
}

// share gives each problem of the file to the row it stands in.
func (in *planner) share(problems []sheet.Problem) {
	of := map[string][]*PlannedRow{} // by sheet, in order of lines
	for _, row := range in.rows {
		of[row.Row.Sheet] = append(of[row.Row.Sheet], row)
	}
	for _, p := range problems {
		line := lineOf(p.Cell)
		rows := of[p.Sheet]
		i, found := slices.BinarySearchFunc(rows, line, func(r *PlannedRow, line int) int { return r.Row.Line - line })
		if !found {
			i--
		}
		if line == 0 || i < 0 {
			in.found(nil, p)
			continue
		}
		in.found(rows[i], p)
	}
}

func lineOf(cell string) int {
	n, err := strconv.Atoi(strings.TrimLeft(cell, "ABCDEFGHIJKLMNOPQRSTUVWXYZ"))
	if err != nil {
		return 0
	}
	return n
}

// found keeps a problem, one for each place and reason; row is nil for the file as
// a whole.
func (in *planner) found(row *PlannedRow, p sheet.Problem) {
	key := [3]string{p.Sheet, p.Cell, p.Code}
	if in.seen[key] {
		return
	}
	in.seen[key] = true
	if row == nil {
		in.whole = append(in.whole, p)
		return
	}
	row.Problems = append(row.Problems, p)
}

// settleOrganisation finds the code for the name in the row, or for the one the
// request gives where the file has none.
func (in *planner) settleOrganisation(row *PlannedRow) {
	name := row.Row.Organisation
	if name == "" {
		name = in.Organisation
	}
	if name == "" {
		return // its number may tell
	}
	row.Organisation = in.byName[nameKey(name)]
	switch {
	case row.Organisation != "":
	case row.Row.Organisation == "": // one mistake of the request, not one of every row
		in.found(nil, sheet.Problem{Sheet: in.Ledger.Sheet, Code: codeNotInRound, Args: []string{name, strconv.Itoa(in.Round)}})
	default:
		in.found(row, problem(row.Row, sheet.Organisation, codeNotInRound, name, strconv.Itoa(in.Round)))
	}
}

// matchTexts finds rows whose number is not known by what they say.
func (in *planner) matchTexts(ctx context.Context, r store.Reader) error {
	loaded := map[string]bool{}
	var numbers []string
	for _, row := range in.rows {
		if _, known := in.findings[row.Number]; known || row.Organisation == "" {
			continue
		}
		if !loaded[row.Organisation] {
			loaded[row.Organisation] = true
			if err := in.loadTexts(ctx, r, row.Organisation); err != nil {
				return err
			}
		}
		if number := in.texts[[2]string{row.Organisation, textKey(row.Row.Text)}]; number != "" {
			row.Number, row.Matched = number, true
			numbers = append(numbers, number)
		}
	}
	matched, err := r.FindingsNumbered(ctx, numbers)
	for number, f := range matched {
		in.findings[number] = f
	}
	return err
}

func (in *planner) loadTexts(ctx context.Context, r store.Reader, organisation string) error {
	list, err := r.TextsOf(ctx, in.Round, organisation)
	if err != nil {
		return err
	}
	for _, x := range list {
		key := [2]string{organisation, textKey(x.Text)}
		if _, twice := in.texts[key]; twice {
			x.Number = "" // which of the two nobody knows
		}
		in.texts[key] = x.Number
	}
	return nil
}

var leadingNumber = regexp.MustCompile(`^([（(]?[0-9一二三四五六七八九十]{1,3}[）)]?[、.．)）]|[①-⑳])`)

var samePunctuation = strings.NewReplacer(
	"（", "(", "）", ")", "，", ",", "；", ";", "：", ":", "！", "!", "？", "?", "“", "\"", "”", "\"", "‘", "\"", "’", "\"", "'", "\"", "．", ".",
)

// textKey is what two spellings of a finding have in common: no white space, one
// kind of punctuation, no number before and no full stop after it.
func textKey(text string) string {
	text = strings.Join(strings.Fields(text), "")
	text = leadingNumber.ReplaceAllString(text, "")
	return strings.TrimRight(samePunctuation.Replace(text), "。.;,")
}

// propose gives the rows that have no number the next ones of their organisation:
// by the running number of the file where that is free for all of them.
func (in *planner) propose(ctx context.Context, r store.Reader) error {
	without := map[string][]*PlannedRow{}
	for _, row := range in.rows {
		if row.Number == "" && row.Organisation != "" && !in.Skip[RowKey(row.Row)] {
			without[row.Organisation] = append(without[row.Organisation], row)
		}
	}
	for organisation, rows := range without {
		numbers, err := in.running(ctx, r, organisation, rows)
		if err == nil && numbers == nil {
			numbers, err = in.next(ctx, r, organisation, len(rows))
		}
		if err != nil {
			return err
		}
		for i, row := range rows {
			row.Number, row.Proposed = numbers[i], true
		}
	}
	return nil
}

// running makes numbers of the running numbers of the file; nil if they do not
// name each row, or one is taken.
func (in *planner) running(ctx context.Context, r store.Reader, organisation string, rows []*PlannedRow) ([]string, error) {
	var numbers []string
	for _, row := range rows {
		n, err := strconv.Atoi(row.Row.Sequence)
		number := ledger.FindingNumber(in.Round, organisation, n)
		if err != nil || n <= 0 || slices.Contains(numbers, number) || in.inFile(number) {
			return nil, nil //nolint:nilerr // no running number: the next ones are taken
		}
		numbers = append(numbers, number)
	}
	taken, err := r.Taken(ctx, ledger.KindFinding, numbers)
	if err != nil || len(taken) > 0 {
		return nil, err
	}
	return numbers, nil
}

func (in *planner) inFile(number string) bool {
	return slices.ContainsFunc(in.rows, func(r *PlannedRow) bool { return r.Number == number })
}

// next returns the n numbers after the organisation's last one in the round.
func (in *planner) next(ctx context.Context, r store.Reader, organisation string, n int) ([]string, error) {
	last, err := r.LastNumber(ctx, in.Round, organisation)
	if err != nil {
		return nil, err
	}
	at, err := strconv.Atoi(last[strings.LastIndexByte(last, '-')+1:])
	if err != nil {
		at = 0 // none yet, or numbered in another way
	}
	var numbers []string
	for len(numbers) < n {
		var ask []string
		for range n - len(numbers) {
			at++
			ask = append(ask, ledger.FindingNumber(in.Round, organisation, at))
		}
		taken, err := r.Taken(ctx, ledger.KindFinding, ask)
		if err != nil {
			return nil, err
		}
		for _, number := range ask {
			if !taken[number] && !in.inFile(number) {
				numbers = append(numbers, number)
			}
		}
	}
	return numbers, nil
}

// plan decides about one row.
func (in *planner) plan(row *PlannedRow) {
	if in.Skip[RowKey(row.Row)] {
		row.Do, row.Problems = Skip, nil
		return
	}
	f, known := in.findings[row.Number]
	switch {
	case known:
		in.planUpdate(row, f)
	default:
		in.planAdd(row)
	}
	if other := in.taken[row.Number]; row.Number != "" && other != nil {
		in.found(row, problem(row.Row, sheet.Number, codeSameFinding, row.Number, other.Row.Sheet, cellOf(other.Row, sheet.Number)))
	} else {
		in.taken[row.Number] = row
	}
	if len(row.Problems) > 0 {
		row.Do, row.act = Wrong, nil
	}
}

// planned returns the rows and the problems of no row.
func (in *planner) planned() ([]PlannedRow, []sheet.Problem) {
	rows := make([]PlannedRow, len(in.rows))
	for i, row := range in.rows {
		rows[i] = *row
	}
	return rows, in.whole
}

func (in *planner) planAdd(row *PlannedRow) {
	switch {
	case row.Row.Organisation == "" && row.Organisation == "" && in.Organisation == "":
		in.found(row, problem(row.Row, sheet.Organisation, codeMissingValue, sheet.Title(sheet.Organisation)))
		return
	case row.Organisation == "" || row.Number == "":
		return // told of already
	}
	row.Do = Add
	numbered := row.Row
	numbered.Number, numbered.Category = row.Number, cmp.Or(row.Row.Category, in.Category)
	act, err := registerOf(numbered, in.Round, row.Organisation)
	if err != nil {
		in.found(row, problem(row.Row, sheet.Deadline, codeBadDate, err.Error()))
		return
	}
	row.act = act
	_, err = ledger.Decide(act.Blank(in.env), act, in.env)
	in.check(row, err)
}

func (in *planner) check(row *PlannedRow, err error) {
	var no ledger.Refusal
	if errors.As(err, &no) {
		in.found(row, refusedCell(row.Row, no))
	}
}

// planUpdate compares the row with the finding it speaks of.
func (in *planner) planUpdate(row *PlannedRow, f ledger.Finding) {
	switch {
	case f.Round != in.Round:
		in.found(row, problem(row.Row, sheet.Number, codeOtherRound, f.Number, strconv.Itoa(f.Round)))
		return
	case row.Organisation == "" && row.Row.Organisation == "":
		row.Organisation = f.Organisation
	case row.Organisation != f.Organisation:
		in.found(row, problem(row.Row, sheet.Number, codeOtherOrganisation, f.Number, in.nameOf(f.Organisation)))
		return
	}
	if row.Row.Text != "" && !alike(row.Row.Text, f.Text) {
		in.found(row, problem(row.Row, sheet.Number, codeOtherText, f.Number, start(f.Text), start(row.Row.Text)))
		return
	}
	d := differ{finding: f, row: row.Row, act: ledger.Correct{Number: f.Number, Class: f.Class, Plan: f.Plan, Progress: f.Progress}}
	if err := d.compare(); err != nil {
		in.found(row, problem(row.Row, sheet.Deadline, codeBadDate, err.Error()))
		return
	}
	row.Do, row.Differences = Leave, d.differences
	if slices.ContainsFunc(d.differences, func(x Difference) bool { return x.Kept == nil }) {
		row.Do, row.act = Update, d.act
		_, err := ledger.Decide(f, d.act, in.env)
		in.check(row, err)
	}
}

func (in *planner) nameOf(code string) string {
	for _, o := range in.organisations {
		if o.Code == code {
			return o.NameOn(in.round.FeedbackOn).Short
		}
	}
	return code
}

// start is enough of a text to know it by.
func start(text string) string {
	r := []rune(text)
	if len(r) > 20 {
		return string(r[:20]) + "…"
	}
	return text
}

// alike reports whether two texts can be the same finding: a third of their pairs
// of characters in common. A number that stands at another text is a slip.
func alike(a, b string) bool {
	a, b = textKey(a), textKey(b)
	if a == b || strings.Contains(a, b) || strings.Contains(b, a) {
		return true
	}
	in, both := map[[2]rune]bool{}, 0
	x, y := []rune(a), []rune(b)
	for i := range max(0, len(x)-1) {
		in[[2]rune{x[i], x[i+1]}] = true
	}
	shared := map[[2]rune]bool{}
	for i := range max(0, len(y)-1) {
		if pair := [2]rune{y[i], y[i+1]}; in[pair] && !shared[pair] {
			shared[pair] = true
			both++
		}
	}
	return both*3 >= min(len(in), len(y))
}

// codesByName lists the names by which a file may call the organisations of a
// round: code, full and short name, today's and earlier ones. A name that two of
// them have borne leads to neither.
func codesByName(organisations []ledger.Organisation) map[string]string {
	byName := map[string]string{}
	enter := func(name, code string) {
		name = nameKey(name)
		if other, known := byName[name]; known && other != code {
			code = ""
		}
		byName[name] = code
	}
	for _, o := range organisations {
		enter(o.Code, o.Code)
		for _, n := range o.Names {
			enter(n.Full, o.Code)
			enter(n.Short, o.Code)
		}
	}
	return byName
}

// nameKey is what two spellings of a name have in common.
func nameKey(name string) string { return strings.ToUpper(strings.Join(strings.Fields(name), "")) }
