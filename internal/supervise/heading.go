package supervise

import (
	"context"
	"encoding/json"
	"errors"

	"lianshen/internal/ledger"
	"lianshen/internal/policy"
	"lianshen/internal/sheet"
	"lianshen/internal/store"
)

// columns are the fields that a heading may stand for.
func columns() map[string]bool {
	all := map[string]bool{}
	for _, f := range sheet.Fields() {
		all[string(f)] = true
	}
	return all
}

// HeadingWords are the office's own words over columns, as package sheet reads them.
func HeadingWords(h ledger.Headings) sheet.Words {
	words := sheet.Words{}
	for _, x := range h.Words {
		words[x.Word] = sheet.Field(x.Field)
	}
	return words
}

// ownerOf is whose layouts a ledger is read by: those of the organisation it is of,
// or of any where each row says whose it is.
func ownerOf(organisation string) string {
	if organisation == "" {
		return ledger.AnyOrganisation
	}
	return organisation
}

// GuessLayout proposes how to read the book: as a ledger of the organisation was
// read before, if one of those layouts fits, and else by its headers and values.
// name is that of the remembered layout; "" for a guess.
func GuessLayout(ctx context.Context, r store.Reader, book *sheet.Book, organisation string) (l sheet.Layout, name string, err error) {
	headings, err := r.HeadingWords(ctx)
	if err != nil {
		return l, "", err
	}
	known, err := r.Layouts(ctx, ownerOf(organisation))
	if err != nil {
		return l, "", err
	}
	for _, k := range known.Known {
		var old sheet.Layout
		if json.Unmarshal(k.Layout, &old) != nil {
			continue // of an earlier form: guess
		}
		if tabs := book.Tabs(); book.Format == "csv" && len(old.Tabs) == 1 && len(tabs) == 1 {
			old.Tabs[0].Name = tabs[0].Name // its name is that of the file, which changes from month to month
		}
		if l, fits := old.Recall(book); fits {
			return l, k.Name, nil
		}
	}
	return book.Guess(HeadingWords(headings)), "", nil
}

// RememberLayout keeps how a ledger of the organisation was read.
func (s *Service) RememberLayout(ctx context.Context, who policy.Actor, organisation, name string, l json.RawMessage) error {
	_, err := s.Do(ctx, who, Order{Act: ledger.RememberLayout{Organisation: ownerOf(organisation), Name: name, Layout: l}, Seen: Any})
	var no ledger.Refusal
	if errors.As(err, &no) && no.Code == "act.nothing_changed" {
		return nil
	}
	return err
}
