package main

import "lianshen/internal/config"

type migrateCommand struct {
	place
	Format format `enum:"text,json" default:"text"`
}

// Run opens the database, which brings its schema up to date.
func (c migrateCommand) Run(a *app) error {
	s, err := c.settings(a, config.Settings{})
	if err != nil {
		return err
	}
	in, err := connect(a, s, realClock)
	if err != nil {
		return err
	}
	defer in.close()
	version, err := in.DB.Read().Schema(a.ctx)
	if err != nil {
		return err
	}
	if c.Format.json() {
		return a.json(map[string]any{"database": shown(in.settings), "engine": in.DB.Engine(), "schema": version})
	}
	a.print("cli.migrate.done", shown(in.settings), version)
	return nil
}
