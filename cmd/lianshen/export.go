package main

import (
	"bufio"
	"io"
	"os"
	"path/filepath"
	"strings"

	"lianshen/internal/lang"
	"lianshen/internal/sheet"
	"lianshen/internal/store"
	"lianshen/internal/supervise"
)

type exportCommand struct {
	place
	Round        int    `placeholder:"N" xor:"which"`
	All          bool   `xor:"which"`
	Organisation string `aliases:"organization" placeholder:"CODE"`
	XLSX         bool   `name:"xlsx" xor:"kind"`
	CSV          bool   `name:"csv" xor:"kind"`
	JSON         bool   `name:"json" xor:"kind"`
	Output       string `short:"o" required:"" placeholder:"FILE"`
}

// Run writes the ledger of a round, or of all of them, as a file that import reads back.
func (c exportCommand) Run(a *app) error {
	in, err := c.open(a)
	if err != nil {
		return err
	}
	defer in.close()
	if c.Output == "-" {
		_, err := c.write(a, in, a.out)
		return err
	}
	tmp, err := os.CreateTemp(filepath.Dir(c.Output), ".lianshen-export-*")
	if err != nil {
		return refused("cli.file.unwritable", c.Output).because(err)
	}
	defer os.Remove(tmp.Name()) //nolint:errcheck // gone already if all went well
	n, err := c.write(a, in, tmp)
	if closed := tmp.Close(); err == nil {
		err = closed
	}
	if err != nil {
		return err
	}
	if err := os.Rename(tmp.Name(), c.Output); err != nil {
		return refused("cli.file.unwritable", c.Output).because(err)
	}
	a.note("cli.export.done", n, c.Output)
	return nil
}

func (c exportCommand) write(a *app, in *installation, to io.Writer) (n int, err error) {
	out := bufio.NewWriterSize(to, 1<<16)
	err = in.DB.Snapshot(a.ctx, func(r store.Reader) error {
		number, title, err := c.which(a, r)
		if err != nil {
			return err
		}
		table, err := c.table(out, title)
		if err != nil {
			return err
		}
		n, err = supervise.Export(a.ctx, r, everything, store.Filter{Round: number, Organisation: c.Organisation}, table, nil)
		if closed := table.Close(); err == nil {
			err = closed
		}
		return err
	})
	if err == nil {
		err = out.Flush()
	}
	return n, err
}

// which returns the round to export, 0 for every round, and what to call the file's
// content.
func (c exportCommand) which(a *app, r store.Reader) (number int, title string, err error) {
	if c.All {
		return 0, a.say("cli.export.title.all"), nil
	}
	if number, err = a.round(r, c.Round); err != nil {
		return 0, "", err
	}
	round, err := r.Round(a.ctx, number)
	return number, a.say("cli.export.title", round.Name), err
}

// table starts the kind of file that was asked for, or that the name says.
func (c exportCommand) table(w io.Writer, title string) (sheet.TableWriter, error) {
	ext := strings.ToLower(filepath.Ext(c.Output))
	named := !c.XLSX && !c.CSV && !c.JSON
	switch {
	case c.CSV || named && ext == ".csv":
		return sheet.NewCSV(w, sheet.LedgerColumns())
	case c.JSON || named && ext == ".json":
		return sheet.NewJSON(w, sheet.LedgerColumns())
	case c.XLSX || named && ext == ".xlsx":
		return sheet.NewXLSX(w, sheet.LedgerColumns(), sheet.XLSXOptions{
			Title: title, Footer: lang.Say(lang.ZH, "cli.export.footer"), Paper: sheet.PaperA3,
		})
	}
	return nil, misused("cli.export.kind")
}
