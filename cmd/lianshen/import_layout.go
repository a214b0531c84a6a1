package main

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"lianshen/internal/blob"
	"lianshen/internal/ledger"
	"lianshen/internal/sheet"
)

// reading is how a file is to be read, where the guess does not do.
type reading struct {
	Layout     string   `placeholder:"FILE"`
	SaveLayout string   `placeholder:"FILE"`
	Set        []string `placeholder:"COLUMN=FIELD" sep:"none"`
	Mean       []string `placeholder:"WORD=CODE" sep:"none"`
	Hidden     string   `enum:",take,leave" default:"" placeholder:"take|leave"`
}

// book opens the file of the command; path is where it lies.
func (c importCommand) book(a *app) (b *sheet.Book, path string, err error) {
	f, err := os.Open(c.File)
	if err != nil {
		return nil, "", misused("cli.file.unreadable", c.File).because(err)
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil || info.IsDir() {
		return nil, "", misused("cli.file.unreadable", c.File).because(err)
	}
	b, err = sheet.OpenBook(a.ctx, f, info.Size(), filepath.Base(c.File), sheet.Limits{})
	return b, c.File, err
}

// layout is the one from the file of the command, or else the guess, with what the
// command says of single columns, words and hidden parts. It is written to a file
// where that was asked for, even when questions are left.
func (c importCommand) layout(b *sheet.Book, l sheet.Layout) (sheet.Layout, error) {
	if c.Layout != "" {
		text, err := os.ReadFile(c.Layout)
		if err != nil {
			return l, misused("cli.file.unreadable", c.Layout).because(err)
		}
		l = sheet.Layout{}
		if err := json.Unmarshal(text, &l); err != nil {
			return l, misused("cli.import.layout_unreadable", c.Layout).because(err)
		}
	}
	for _, set := range c.Set {
		if err := setColumn(&l, set); err != nil {
			return l, err
		}
	}
	for _, mean := range c.Mean {
		word, code, two := strings.Cut(mean, "=")
		i := slices.IndexFunc(l.Values, func(v sheet.ValueLayout) bool { return v.Word == word })
		if !two || i < 0 {
			return l, misused("cli.import.mean_wrong", mean)
		}
		l.Values[i].Code = code
	}
	if c.Hidden != "" {
		answerHidden(&l, c.Hidden)
	}
	l = l.Refresh(b)
	if c.SaveLayout != "" {
		text, err := json.MarshalIndent(l, "", "  ")
		if err == nil {
			err = os.WriteFile(c.SaveLayout, append(text, '\n'), 0o600)
		}
		if err != nil {
			return l, misused("cli.file.unwritable", c.SaveLayout).because(err)
		}
	}
	return l, nil
}

// setColumn takes "H=remark", "毛病=text", "H=take" (into the remark) or "H=leave";
// the column is named by its letters or its header, in every sheet that is read.
func setColumn(l *sheet.Layout, set string) error {
	column, field, two := strings.Cut(set, "=")
	known := field == sheet.Take || field == sheet.Leave || slices.Contains(sheet.Fields(), sheet.Field(field))
	hit := false
	for i := range l.Tabs {
		for n := range l.Tabs[i].Columns {
			c := &l.Tabs[i].Columns[n]
			if sheet.Letters(c.Column) != strings.ToUpper(column) && c.Header != column {
				continue
			}
			hit, c.Part, c.Why = true, "", ""
			c.Field, c.Take = sheet.Field(field), sheet.Take
			if field == sheet.Take || field == sheet.Leave {
				c.Field, c.Take = "", field
			}
		}
	}
	if !two || !known || !hit {
		return misused("cli.import.set_wrong", set)
	}
	return nil
}

// answerHidden answers what is asked about hidden rows and columns.
func answerHidden(l *sheet.Layout, answer string) {
	for i := range l.Tabs {
		t := &l.Tabs[i]
		t.HiddenRows = answer
		if t.Hidden {
			t.Take, t.Use = answer, answer == sheet.Take && t.HeaderTo > 0
		}
		for n := range t.Columns {
			c := &t.Columns[n]
			if c.Hidden && c.Take == "" && (c.Field != "" || answer == sheet.Leave) {
				c.Take = answer
			}
		}
	}
}

// keepLedger keeps the bytes of the file with the evidence, for the report.
func keepLedger(ctx context.Context, in *installation, path string) (ledger.File, error) {
	store, err := in.files(ctx)
	if err != nil {
		return ledger.File{}, err
	}
	f, err := os.Open(path)
	if err != nil {
		return ledger.File{}, misused("cli.file.unreadable", path).because(err)
	}
	defer f.Close()
	name := filepath.Base(path)
	ref, err := store.Put(ctx, name, f, blob.DefaultLimit)
	if err != nil {
		return ledger.File{}, fmt.Errorf("keep %s: %w", name, err)
	}
	return ledger.File{SHA256: ref.SHA256, Name: name, Size: ref.Size, Type: ref.Type}, nil
}
