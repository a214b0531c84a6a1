package main

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"

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
	Organisation string `aliases:"organization" placeholder:"CODE"`
	DryRun       bool
	As           string `placeholder:"USERNAME"`
	Format       format `enum:"text,json" default:"text"`
}

// Run reads a ledger and, unless it is a dry run, registers every finding in it or
// none. A dry run without a round reads the file alone and needs no database.
func (c importCommand) Run(a *app) error {
	if c.Round == 0 {
		if !c.DryRun {
			return misused("cli.import.round_missing")
		}
		read, err := c.read(a, sheet.Options{})
		if err != nil {
			return a.unread(c, err)
		}
		return a.sayImport(c, read.Rows, supervise.ImportPlan{Problems: read.Problems, Notices: read.Notices})
	}
	in, err := c.open(a)
	if err != nil {
		return err
	}
	defer in.close()
	return c.into(a, in)
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
	read, err := c.read(a, sheet.Options{FeedbackDate: round.FeedbackOn.String()})
	if err != nil {
		return a.unread(c, err)
	}
	req := supervise.ImportRequest{Round: number, Organisation: c.Organisation, Ledger: read}
	if c.DryRun {
		// Nobody is asked who they are where nothing is recorded.
		looker := policy.Actor{Person: "system:console", Role: ledger.Clerk, Body: "office", ReadOnly: false}
		preview, err := in.PlanImport(a.ctx, looker, req)
		if err != nil {
			return err
		}
		return a.sayImport(c, read.Rows, preview)
	}
	who, err := a.clerk(in, c.As)
	if err != nil {
		return err
	}
	_, preview, err := in.Import(a.ctx, who, req)
	if err != nil && !errors.Is(err, supervise.ErrImportProblems) {
		return err
	}
	return a.sayImport(c, read.Rows, preview)
}

func (c importCommand) read(a *app, opt sheet.Options) (sheet.Ledger, error) {
	f, err := os.Open(c.File)
	if err != nil {
		return sheet.Ledger{}, misused("cli.file.unreadable", c.File).because(err)
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil || info.IsDir() {
		return sheet.Ledger{}, misused("cli.file.unreadable", c.File).because(err)
	}
	if c.Organisation != "" {
		opt.Required = []sheet.Field{sheet.Number, sheet.Text} // the command line says whose findings they are
	}
	return sheet.ReadLedger(a.ctx, f, info.Size(), filepath.Base(c.File), opt)
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

// sayImport reports what was read, and imported unless there were problems.
func (a *app) sayImport(c importCommand, rows []sheet.Row, p supervise.ImportPlan) error {
	report := supervise.ReportImport(rows, p.Problems, a.say)
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
	for _, n := range p.Notices {
		args := make([]any, len(n.Args))
		for i, arg := range n.Args {
			args[i] = arg
		}
		a.note("cli.import.notice", n.Sheet, n.Cell, a.say(n.Code, args...))
	}
	measures := 0
	for _, row := range rows {
		measures += len(row.Measures)
	}
	switch {
	case len(report.Errors) > 0:
		a.print("cli.import.nothing", len(report.Errors))
		table := [][]string{{a.say("cli.import.sheet"), a.say("cli.import.cell"), a.say("cli.import.message")}}
		for _, e := range report.Errors {
			table = append(table, []string{e.Sheet, e.Cell, e.Message})
		}
		a.table(table)
		return
	case c.DryRun:
		a.print("cli.import.would", len(report.Findings), measures)
	default:
		a.print("cli.import.done", len(report.Findings), measures, c.Round)
	}
	var table [][]string
	for _, o := range p.Organisations {
		table = append(table, []string{o.Organisation.Code, o.Organisation.Names[len(o.Organisation.Names)-1].Full, strconv.Itoa(o.Added + o.Updated)})
	}
	a.table(table)
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
