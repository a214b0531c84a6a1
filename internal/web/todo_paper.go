package web

import (
	"context"

	"lianshen/internal/lang"
	"lianshen/internal/ledger"
	"lianshen/internal/ledger/mechanism"
	"lianshen/internal/store"
)

// What waits for an organisation of the documents that are judged as one text.

// pledged reports whether the head pledges for the document.
func (st standing) pledged(doc mechanism.Doc) bool {
	d, _ := st.Round.Mechanism.Document(doc)
	return d.Pledge
}

// toWrite is the text of a document that is not on its way, or its sending.
func (d desk) toWrite(ctx context.Context, doc mechanism.Doc, last store.PaperRow) []todo {
	next := last
	next.Doc = doc
	switch last.Stage {
	case ledger.Pledging:
		return []todo{{
			Kind: todoPaper, Icon: "send", Href: d.path("send", string(doc)), Act: lang.T(ctx, "action.send"), Due: d.sendBy(last),
			Title: lang.T(ctx, "overview.todo.send", paperWord(ctx, doc, last.Number)), Sub: lang.T(ctx, "overview.todo.send.sub"),
		}}
	case "", ledger.SentBack:
		next.Number++
	case ledger.Drafting:
	case ledger.Prepared, ledger.Reviewed, ledger.Accepted:
		return nil // the turn of the head or of the parties, or nothing left
	}
	if d.Owed[last.ID].Unanswered > 0 {
		return nil // the letter comes first
	}
	return []todo{{
		Kind: todoReview, Icon: "edit", Href: writePath(d.Round.Number, doc), Act: lang.T(ctx, "overview.act.fill"), Due: d.sendBy(next),
		Title: lang.T(ctx, "documents.todo.write", paperWord(ctx, doc, next.Number)), Sub: lang.T(ctx, "documents.one_text"),
	}}
}
