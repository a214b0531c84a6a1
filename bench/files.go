package main

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"strings"

	"lianshen/internal/ledger"
	"lianshen/internal/store"
)

// Evidence has text: the first piece of every finding hangs on one of so many files,
// each with about two pages.
const (
	fileTexts = 2000
	textRunes = 1500
)

// scanned is the file of the e-th piece of evidence; only the first has one.
func scanned(n, e int) ledger.File {
	if e > 0 {
		return ledger.File{}
	}
	sum := sha256.Sum256(fmt.Appendf(nil, "file %d", n))
	return ledger.File{SHA256: hex.EncodeToString(sum[:]), Name: fmt.Sprintf("佐证%d.pdf", n), Size: 100_000, Type: "application/pdf"}
}

// texts puts the texts of the files, as the program does after it has read them.
func (f *filler) texts() error {
	for n := range fileTexts {
		w := written(fmt.Sprintf("file %d", n))
		var b strings.Builder
		for b.Len() < 3*textRunes {
			b.WriteString(w.progress())
			b.WriteString(w.finding())
		}
		text := store.FileText{SHA256: scanned(n, 0).SHA256, State: store.WholeText, Pages: 2, Body: b.String()}
		if err := f.db.PutFileText(f.ctx, text); err != nil {
			return err
		}
	}
	return nil
}
