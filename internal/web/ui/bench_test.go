package ui

import (
	"context"
	"io"
	"testing"
)

// BenchmarkLedgerRows renders the ledger sample, ten rows with every chip a row has.
func BenchmarkLedgerRows(b *testing.B) {
	page := ledgerSample()
	b.ReportAllocs()
	for b.Loop() {
		if err := page.Render(context.Background(), io.Discard); err != nil {
			b.Fatal(err)
		}
	}
}
