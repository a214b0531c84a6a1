package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"strings"

	"lianshen/internal/ledger"
	"lianshen/internal/policy"
	"lianshen/internal/sheet"
	"lianshen/internal/store"
	"lianshen/internal/supervise"
)

type importCommand struct {
	place
	File         string `arg:"" name:"file"`
	Round        int    `placeholder:"N"`
	Organisation string `aliases:"organization,org" placeholder:"CODE"`
	Category     string `placeholder:"TEXT"`
	reading
	DryRun bool
	As     string `placeholder:"USERNAME"`
	Format format `enum:"text,json" default:"text"`
}

// Run plans the import of a ledger and, unless it is a dry run, does it or nothing
// of it. A dry run without a round reads the file alone and needs no database.
func (c importCommand) Run(a *app) error {
	if c.Round == 0 {
		if !c.DryRun {
			return misused("cli.import.round_missing")
		}
		return c.alone(a)
	}
	in, err := c.open(a)
	if err != nil {
		return err
	}
	defer in.close()
	return c.into(a, in)
}

// alone reads the file without knowing a round.
func (c importCommand) alone(a *app) error {
	book, _, err := c.book(a)
	if err != nil {
		return a.unread(c, err)
	}
	l, err := c.layout(book, book.Guess(nil))
	if err != nil {
		return err
	}
	opt := sheet.Options{}
	if c.Organisation == "" {
		opt.Required = []sheet.Field{sheet.Number, sheet.Organisation, sheet.Text}
	}
	read, err := book.Read(l, opt)
	if err != nil {
		return a.unread(c, err)
	}
	return a.sayImport(c, read.Rows, supervise.ImportPlan{Problems: read.Problems, Notices: read.Notices}, "")
}

func (c importCommand) into(a *app, in *installation) error {
	number, err := a.round(in.DB.Read(), c.Round)
	if err != nil {
		return err
	}
	round, err := in.DB.Read().Round(a.ctx, number)
	if err != nil {
		return err
	}
	book, file, err := c.book(a)
	if err != nil {
		return a.unread(c, err)
	}
	guess, _, err := supervise.GuessLayout(a.ctx, in.DB.Read(), book, c.Organisation)
	if err != nil {
		return err
	}
	l, err := c.layout(book, guess)
	if err != nil {
		return err
	}
	req := supervise.ImportRequest{Round: number, Organisation: c.Organisation, Category: c.Category}
	if req.Layout, err = json.Marshal(l); err != nil {
		return fmt.Errorf("keep the layout of %s: %w", c.File, err)
	}
	if req.Ledger, err = book.Read(l, sheet.Options{FeedbackDate: round.FeedbackOn.String()}); err != nil {
		return a.unread(c, err)
	}
	if c.DryRun {
		// Nobody is asked who they are where nothing is recorded.
		looker := policy.Actor{Person: "system:console", Role: ledger.Clerk, Body: "office", ReadOnly: false}
		plan, err := in.PlanImport(a.ctx, looker, req)
		if err != nil {
			return err
		}
		return a.sayImport(c, req.Ledger.Rows, plan, "")
	}
	return c.carryOut(a, in, req, file)
}

// carryOut keeps the file and imports it.
func (c importCommand) carryOut(a *app, in *installation, req supervise.ImportRequest, file string) error {
	who, err := a.clerk(in, c.As)
	if err != nil {
		return err
	}
	if req.File, err = keepLedger(a.ctx, in, file); err != nil {
		return err
	}
	report, plan, err := in.Import(a.ctx, who, req)
	known := errors.Is(err, supervise.ErrImportProblems) || errors.Is(err, supervise.ErrImportNothing)
	if err != nil && !known {
		return err
	}
	return a.sayImport(c, req.Ledger.Rows, plan, report.ID)
}

// unread reports a file that was refused as a whole.
func (a *app) unread(c importCommand, err error) error {
	report, ok := supervise.ReportImportError(err, a.say)
	switch {
	case !ok:
		return err
	case c.Format.json():
		if err := a.json(report); err != nil {
			return err
		}
	default:
		a.print("cli.import.nothing", 1)
		fmt.Fprintln(a.out, indent(report.Errors[0].Message))
	}
	return errSaid
}

// sayImport reports the plan, and the import unless there were problems.
func (a *app) sayImport(c importCommand, rows []sheet.Row, p supervise.ImportPlan, id string) error {
	report := supervise.ReportImport(rows, p.Problems, a.say)
	report.Plan(p, id, a.say)
	if c.Format.json() {
		if err := a.json(report); err != nil {
			return err
		}
	} else {
		a.printImport(c, rows, p, report)
	}
	if len(report.Errors) > 0 {
		return errSaid
	}
	return nil
}

func (a *app) printImport(c importCommand, rows []sheet.Row, p supervise.ImportPlan, report supervise.ImportReport) {
	for _, n := range report.Notices {
		a.note("cli.import.notice", n.Sheet, n.Cell, n.Message)
	}
	if len(report.Errors) > 0 {
		a.print("cli.import.nothing", len(report.Errors))
		table := [][]string{{a.say("cli.import.sheet"), a.say("cli.import.cell"), a.say("cli.import.message")}}
		for _, e := range report.Errors {
			table = append(table, []string{e.Sheet, e.Cell, e.Message})
		}
		a.table(table)
		return
	}
	measures := 0
	for _, row := range rows {
		measures += len(row.Measures)
	}
	switch {
	case c.Round == 0:
		a.print("cli.import.would", len(report.Findings), measures)
	case c.DryRun:
		a.print("cli.import.plan", report.Add, report.Update, report.Leave)
	case report.Import == "":
		a.print("cli.import.same", report.Leave)
	default:
		a.print("cli.import.done", report.Add, report.Update, report.Leave, c.Round, report.Import)
	}
	a.printChanges(report)
	var table [][]string
	for _, o := range p.Organisations {
		table = append(table, []string{
			o.Organisation.Code, o.Organisation.Names[len(o.Organisation.Names)-1].Full,
			strconv.Itoa(o.Added), strconv.Itoa(o.Updated), strconv.Itoa(o.Left),
		})
	}
	if len(table) > 0 {
		a.table(append([][]string{{"", "", a.say("importing.count.add"), a.say("importing.count.update"), a.say("importing.count.leave")}}, table...))
	}
}

// printChanges lists what differs, field by field, and what is kept and why.
func (a *app) printChanges(report supervise.ImportReport) {
	if len(report.Changes) == 0 {
		return
	}
	table := [][]string{{a.say("word.number"), a.say("importing.field"), a.say("importing.from"), a.say("importing.to"), a.say("importing.because")}}
	for _, x := range report.Changes {
		table = append(table, []string{x.Number, x.Field, short(x.From), short(x.To), x.Kept})
	}
	a.table(table)
}

// short is the beginning of a text, on one line.
func short(text string) string {
	r := []rune(strings.Join(strings.Fields(text), " "))
	if len(r) > 30 {
		return string(r[:30]) + "…"
	}
	return string(r)
}

// clerk returns the person in whose name the import stands in the trail: the one
// named, or the only clerk there is.
func (a *app) clerk(in *installation, username string) (policy.Actor, error) {
	if username != "" {
		p, err := in.DB.Read().PersonNamed(a.ctx, username)
		if errors.Is(err, store.ErrNotFound) {
			return policy.Actor{}, refused("cli.user.unknown", username)
		}
		if err != nil {
			return policy.Actor{}, err
		}
		if who, ok := in.clerkPost(p); ok {
			return who, nil
		}
		return policy.Actor{}, refused("cli.import.no_clerk", username)
	}
	var found []policy.Actor
	for p, err := range in.people(a.ctx) {
		if err != nil {
			return policy.Actor{}, err
		}
		if who, ok := in.clerkPost(p); ok {
			found = append(found, who)
		}
	}
	if len(found) != 1 {
		return policy.Actor{}, misused("cli.import.as_missing", len(found))
	}
	return found[0], nil
}

// clerkPost returns the person acting for the inspection office, if they do today.
func (i *installation) clerkPost(p ledger.Person) (policy.Actor, bool) {
	for _, x := range p.PostsOn(i.Today()) {
		if x.Role == ledger.Clerk && !p.Disabled {
			return policy.Actor{Person: p.ID, Name: p.Name, Post: x.ID, Role: x.Role, Body: x.Body}, true
		}
	}
	return policy.Actor{}, false
}
