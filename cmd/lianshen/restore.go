package main

import (
	"errors"
	"os"

	"lianshen/internal/backup"
	"lianshen/internal/clock"
	"lianshen/internal/config"
	"lianshen/internal/store"
)

type restoreCommand struct {
	place
	File   string `arg:"" name:"file"`
	Format format `enum:"text,json" default:"text"`
}

// Run checks the backup, fills an empty installation with it, and verifies that.
func (c restoreCommand) Run(a *app) error {
	s, err := c.settings(a, config.Settings{})
	if err != nil {
		return err
	}
	f, err := os.Open(c.File)
	if err != nil {
		return misused("cli.file.unreadable", c.File).because(err)
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return misused("cli.file.unreadable", c.File).because(err)
	}
	archive, err := backup.Open(f, info.Size())
	if err != nil {
		return a.unrestored(c, s, err)
	}
	if err := unpack(a, s, archive); err != nil {
		return a.unrestored(c, s, err)
	}
	return c.check(a, s, archive.Manifest, info.Size())
}

// unpack puts files and rows where they belong.
func unpack(a *app, s config.Settings, archive *backup.Archive) error {
	if err := store.CheckRestore(a.ctx, databaseURL(s), archive.Manifest.Schema); err != nil {
		return err // before the first folder is made
	}
	files, err := openFiles(a.ctx, s)
	if err != nil {
		return err
	}
	if err := archive.Restore(a.ctx, databaseURL(s), clock.Real, files); err != nil {
		return err
	}
	return addPublicKeys(s.Data, archive.Manifest.Keys)
}

// unrestored words why nothing was restored.
func (a *app) unrestored(c restoreCommand, s config.Settings, err error) error {
	switch {
	case errors.Is(err, backup.ErrDamaged):
		return refused("cli.restore.damaged", c.File).because(err)
	case errors.Is(err, backup.ErrForeign):
		return refused("cli.restore.foreign", c.File).because(err)
	case errors.Is(err, store.ErrNotEmpty):
		return refused("cli.restore.not_empty", shown(s))
	case errors.Is(err, store.ErrNewer):
		return refused("cli.restore.newer", c.File).because(err)
	default:
		return trouble{exitUnreachable, "cli.restore.failed", []any{c.File, shown(s)}, err}
	}
}

// check verifies what was restored against itself and against the manifest.
func (c restoreCommand) check(a *app, s config.Settings, m backup.Manifest, size int64) error {
	in, err := connect(a, s, clock.Real)
	if err != nil {
		return err
	}
	defer in.close()
	v, err := in.Verify(a.ctx)
	if err != nil {
		return err
	}
	switch {
	case v.Fault != nil:
		return refused("cli.restore.fault", a.fault(*v.Fault).Message)
	case v.Root != m.Root || v.Entries != m.Entries:
		return refused("cli.restore.other_root", v.Root, m.Root)
	}
	said := packedUp{c.File, shown(s), size, v.Entries, v.Root, evidenceFiles(m)}
	if c.Format.json() {
		return a.json(said)
	}
	a.print("cli.restore.done", shown(s), v.Entries, v.Records, said.Files, v.Root)
	return nil
}
