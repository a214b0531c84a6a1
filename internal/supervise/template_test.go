package supervise_test

import (
	"bytes"
	"errors"
	"testing"
	"time"

	"lianshen/internal/ledger"
	"lianshen/internal/paper"
	"lianshen/internal/store"
	"lianshen/internal/store/storetest"
	"lianshen/internal/supervise"
)

// ownTemplate is a letter with one field in place of all others.
func ownTemplate(t *testing.T, field string) []byte {
	t.Helper()
	var b bytes.Buffer
	layout := paper.Document{Blocks: []paper.Block{paper.Paragraph{Style: paper.StyleTitle, Text: "本单位" + field}}}
	if err := paper.WriteDocument(&b, layout); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func (s site) kept(t *testing.T, db *store.DB, file []byte) ledger.File {
	t.Helper()
	digest, err := db.PutTemplateFile(t.Context(), file)
	if err != nil {
		t.Fatal(err)
	}
	return ledger.File{SHA256: digest, Name: "模板.docx", Size: int64(len(file))}
}

func TestATemplateIsARecordBehindTheDoor(t *testing.T) {
	storetest.EachTimed(t, func(t *testing.T, db *store.DB, w *storetest.Watch) {
		s := opened(t, db)
		refused := func(code string, act ledger.Act) {
			t.Helper()
			var refusal ledger.Refusal
			if _, err := s.Do(t.Context(), clerk, supervise.Order{Act: act, Seen: supervise.Any}); !errors.As(err, &refusal) || refusal.Code != code {
				t.Errorf("%T: %v, want %s", act, err, code)
			}
		}
		file := ownTemplate(t, "{{公文标题}}")
		f := s.kept(t, db, file)
		again := s.kept(t, db, file)
		if got, err := db.Read().TemplateFile(t.Context(), again.SHA256); err != nil || !bytes.Equal(got, file) {
			t.Errorf("the bytes kept are not those given: %v", err)
		}
		refused("template.unfit", ledger.AddTemplate{Kind: "nothing", File: f})
		refused("template.unfit", ledger.AddTemplate{Kind: "letter", File: s.kept(t, db, []byte("no Word file"))})
		refused("template.unfit", ledger.AddTemplate{Kind: "letter", File: s.kept(t, db, ownTemplate(t, "{{#意见}}"))})
		s.do(clerk, ledger.AddTemplate{Kind: "letter", File: f})
		refused("template.same_file", ledger.AddTemplate{Kind: "letter", File: f})
		refused("template.unfit", ledger.UseTemplate{Kind: "letter", Number: 1})
		refused("template.no_version", ledger.UseTemplate{Kind: "letter", Number: 2})
		refused("template.unfit", ledger.MapTemplate{Kind: "letter", Number: 1, Aliases: map[string]string{"公文标题": "groups.heading"}})
		s.do(clerk, ledger.MapTemplate{Kind: "letter", Number: 1, Aliases: map[string]string{"公文标题": "title"}})
		refused("template.nothing_changed", ledger.MapTemplate{Kind: "letter", Number: 1, Aliases: map[string]string{"公文标题": "title"}})
		before := db.Now()
		w.Pass(time.Hour)
		s.do(clerk, ledger.UseTemplate{Kind: "letter", Number: 1, Note: "新红头"})
		refused("template.in_force_already", ledger.UseTemplate{Kind: "letter", Number: 1})
		w.Pass(time.Hour)
		got, err := db.Read().Template(t.Context(), "letter")
		if err != nil || got.Current() != 1 || got.InForce(before) != 0 || got.InForce(db.Now()) != 1 {
			t.Errorf("in force %d, before %d, %v", got.Current(), got.InForce(before), err)
		}
		s.do(clerk, ledger.UseTemplate{Kind: "letter"})
		if list, err := db.Read().Templates(t.Context()); err != nil || len(list) != 1 || list[0].Current() != 0 {
			t.Errorf("%+v, %v", list, err)
		}
		if v, err := s.Verify(t.Context()); err != nil || v.Fault != nil {
			t.Errorf("verify: %+v, %v", v.Fault, err)
		}
	})
}
