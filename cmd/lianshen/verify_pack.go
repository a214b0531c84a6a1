package main

import (
	"errors"
	"os"
	"time"

	"lianshen/internal/pack"
)

// packSaid is the result for a pack as printed.
type packSaid struct {
	OK       bool         `json:"ok"`
	Pack     string       `json:"pack"`
	Of       string       `json:"of,omitempty"`
	At       time.Time    `json:"at,omitzero"`
	By       string       `json:"by,omitempty"`
	Files    int          `json:"files"`
	Faults   []pack.Fault `json:"faults,omitempty"`
	Root     string       `json:"trail_root,omitempty"`
	Messages []string     `json:"messages,omitempty"`
}

// verifyPack checks an evidence pack with nothing but the pack.
func (c verifyCommand) verifyPack(a *app) error {
	f, err := os.Open(c.Pack)
	if err != nil {
		return misused("cli.file.unreadable", c.Pack).because(err)
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return misused("cli.file.unreadable", c.Pack).because(err)
	}
	m, faults, err := pack.Check(f, info.Size())
	if errors.Is(err, pack.ErrForeign) {
		return refused("cli.verify.pack.foreign", c.Pack)
	}
	if err != nil {
		return err
	}
	said := packSaid{OK: len(faults) == 0, Pack: c.Pack, Of: m.Of, At: m.At, By: m.By, Files: len(m.Files), Faults: faults, Root: m.TrailRoot}
	for _, fault := range faults {
		said.Messages = append(said.Messages, a.say(fault.Code, fault.Path))
	}
	if err := c.sayPack(a, said); err != nil || said.OK {
		return err
	}
	return errSaid
}

func (c verifyCommand) sayPack(a *app, said packSaid) error {
	switch {
	case c.Format.json():
		return a.json(said)
	case said.OK:
		a.print("cli.verify.pack.ok", said.Pack, said.Files, said.Of, said.At.Format(time.RFC3339), said.By)
	default:
		a.print("cli.verify.pack.fault", said.Pack, len(said.Faults))
		for _, m := range said.Messages {
			a.print("cli.verify.pack.line", m)
		}
	}
	return nil
}
