package main

import (
	"cmp"
	"errors"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"time"

	"lianshen/internal/clock"
	"lianshen/internal/config"
	"lianshen/internal/demo"
	"lianshen/internal/store"
	"lianshen/internal/supervise"
	"lianshen/internal/workday"
)

// place says where the installation is. Every command that needs one has it.
type place struct {
	Data   string `placeholder:"DIR"`
	DB     string `name:"db" placeholder:"URL"`
	Config string `placeholder:"FILE"`
	bucketFlags
}

// settings puts flags before the environment, the environment before the file,
// and the file before what holds by default.
func (p place) settings(a *app, flags config.Settings) (config.Settings, error) {
	flags.Data, flags.DB, flags.S3 = p.Data, p.DB, p.bucketFlags.settings()
	file, err := readConfig(cmp.Or(p.Config, a.getenv("LIANSHEN_CONFIG")))
	if err != nil {
		return config.Settings{}, err
	}
	s := flags.Or(config.FromEnvironment(a.getenv)).Or(file).Or(config.Default())
	return s, s.Check()
}

func readConfig(name string) (config.Settings, error) {
	if name == "" {
		return config.Settings{}, nil
	}
	text, err := os.ReadFile(name)
	if err != nil {
		return config.Settings{}, misused("cli.config.unreadable", name).because(err)
	}
	return config.Parse(name, text)
}

// An installation is a database with its evidence files.
type installation struct {
	settings config.Settings
	*supervise.Service
	zone     *time.Location
	readDone func() // ends the reading of evidence files; nil where nobody reads
	rest     func() // ends looking after the files; nil where nobody does
}

const databaseFile = "lianshen.db"

// url is what the store opens.
func databaseURL(s config.Settings) string {
	if s.DB != "" {
		return s.DB
	}
	return filepath.Join(s.Data, databaseFile)
}

// shown is the database as it may be shown: without a password.
func shown(s config.Settings) string {
	if s.DB == "" {
		return databaseURL(s)
	}
	u, err := url.Parse(s.DB)
	if err != nil {
		return "postgres"
	}
	return u.Redacted()
}

// open opens an installation that is there already.
func (p place) open(a *app) (*installation, error) {
	s, err := p.settings(a, config.Settings{})
	if err != nil {
		return nil, err
	}
	if s.DB == "" {
		if _, err := os.Stat(databaseURL(s)); errors.Is(err, fs.ErrNotExist) {
			return nil, trouble{exitUnreachable, "cli.database.absent", []any{databaseURL(s)}, nil}
		}
	}
	clk := demo.NewClock()
	in, err := connect(a, s, clk.Now)
	if err != nil {
		return nil, err
	}
	if _, err := demo.Resume(a.ctx, in.Service, clk); err != nil { // "today" of a demonstration is a day of its round
		in.close()
		return nil, err
	}
	return in, nil
}

// connect opens the database, makes it if it is not there, and brings it up to date.
func connect(a *app, s config.Settings, now clock.Clock) (*installation, error) {
	zone, err := time.LoadLocation(s.Zone)
	if err != nil {
		return nil, misused("cli.zone.unknown", s.Zone).because(err)
	}
	if s.DB == "" {
		if err := os.MkdirAll(s.Data, 0o700); err != nil {
			return nil, trouble{exitUnreachable, "cli.database.unreachable", []any{shown(s)}, err}
		}
	}
	db, err := store.Open(a.ctx, databaseURL(s), now)
	if errors.Is(err, store.ErrNewer) {
		return nil, refused("cli.database.newer", shown(s)).because(err)
	}
	if err != nil {
		return nil, trouble{exitUnreachable, "cli.database.unreachable", []any{shown(s)}, err}
	}
	service := supervise.New(db, zone)
	if service.Calendar, err = calendar(s); err != nil {
		return nil, errors.Join(err, db.Close())
	}
	return &installation{settings: s, Service: service, zone: zone}, nil
}

// calendarFile holds the working calendars of years after the published ones: the
// office adds the next year's plan each November. A deadline in a year that is in
// neither is refused, not guessed.
const calendarFile = "calendar.json"

func calendar(s config.Settings) (workday.Calendar, error) {
	name := filepath.Join(s.Data, calendarFile)
	file, err := os.Open(name)
	if errors.Is(err, fs.ErrNotExist) {
		return workday.Published(), nil
	}
	if err != nil {
		return nil, misused("cli.calendar", name).because(err)
	}
	defer file.Close()
	newer, err := workday.ParsePlan(file)
	if err != nil {
		return nil, misused("cli.calendar", name).because(err)
	}
	return workday.Published().With(newer), nil
}

func (i *installation) close() {
	for _, end := range []func(){i.readDone, i.rest} {
		if end != nil {
			end()
		}
	}
	i.DB.Close() //nolint:errcheck // what was written is committed
}
