package main

import (
	"slices"
	"strconv"
	"time"

	"lianshen/internal/lang"
	"lianshen/internal/policy"
	"lianshen/internal/rate"
	"lianshen/internal/store"
)

type rateCommand struct {
	place
	Round        int    `placeholder:"N"`
	Organisation string `aliases:"organization" placeholder:"CODE"`
	Format       format `enum:"text,json" default:"text"`
}

// everything is what somebody sees who holds the database itself.
var everything = policy.Scope{All: true, Drafts: true, Verdicts: policy.OwnThenAll}

// ratio is a rate as printed: with its definition in words.
type ratio struct {
	Name        string    `json:"name"`
	Definition  string    `json:"definition"`
	Numerator   int       `json:"numerator"`
	Denominator int       `json:"denominator"`
	AsOf        time.Time `json:"as_of"`
	Findings    []string  `json:"findings"`
}

// Run prints the rates of a round.
func (c rateCommand) Run(a *app) error {
	in, err := c.open(a)
	if err != nil {
		return err
	}
	defer in.close()
	var figures []rate.Figure
	err = in.DB.Snapshot(a.ctx, func(r store.Reader) error {
		round, err := a.round(r, c.Round)
		if err != nil {
			return err
		}
		rows, err := r.RateRows(a.ctx, everything, store.Filter{Round: round, Organisation: c.Organisation})
		if err != nil {
			return err
		}
		of, err := r.Round(a.ctx, round)
		figures = rate.Rates(rate.Shown(of.Mechanism.Acceptance), slices.Values(rows), in.DB.Now())
		c.Round = round
		return err
	})
	if err != nil {
		return err
	}
	if c.Format.json() {
		return a.json(a.ratios(figures))
	}
	a.printRates(in, c, figures)
	return nil
}

func (a *app) ratios(figures []rate.Figure) []ratio {
	list := make([]ratio, len(figures))
	for i, f := range figures {
		list[i] = ratio{f.Name, a.say(f.Definition), f.Num, f.Den, f.AsOf.UTC(), f.Findings}
	}
	return list
}

func (a *app) printRates(in *installation, c rateCommand, figures []rate.Figure) {
	a.print("cli.rate.title", c.Round, lang.Moment(in.DB.Now().In(in.zone)))
	rows := [][]string{{a.say("cli.rate.name"), a.say("cli.rate.percent"), a.say("cli.rate.count"), a.say("cli.rate.definition")}}
	for _, f := range figures {
		percent := "—"
		if p, ok := f.Percent(); ok {
			percent = strconv.FormatFloat(p, 'f', 1, 64) + "%"
		}
		rows = append(rows, []string{a.say("rate." + f.Name), percent, strconv.Itoa(f.Num) + "/" + strconv.Itoa(f.Den), a.say(f.Definition)})
	}
	a.table(rows)
}

// round returns the number of a round that exists: the newest if none is named.
func (a *app) round(r store.Reader, number int) (int, error) {
	if number != 0 {
		if _, err := r.Round(a.ctx, number); err != nil {
			return 0, refused("cli.round.unknown", number).because(err)
		}
		return number, nil
	}
	rounds, err := r.Rounds(a.ctx, 1)
	if err != nil {
		return 0, err
	}
	if len(rounds) == 0 {
		return 0, refused("cli.round.none")
	}
	return rounds[0].Number, nil
}
