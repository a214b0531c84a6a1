package ledger

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"maps"
	"slices"
	"time"

	"lianshen/internal/ledger/joint"
	"lianshen/internal/ledger/mechanism"
)

// Earlier is what the last version of the same document that spoke of a finding
// said of it, and what the parties held of that.
type Earlier struct {
	Item     Item
	Agreed   bool // the finding was passed on it: its verdicts are spent, as they are once it is reopened
	Verdicts []Verdict
}

// VerdictCarried says that a party's verdict stays on a new version, in which
// text and evidence of the finding are as the party saw them.
type VerdictCarried struct {
	Submission   string      `json:"submission"`
	Finding      string      `json:"finding"`
	Round        int         `json:"round"`
	Organisation string      `json:"organisation"`
	Team         string      `json:"team"`
	Party        joint.Party `json:"party"`
	Judged       Judged      `json:"judged"`
	Person       string      `json:"person"` // who had given it
	At           time.Time   `json:"at"`     // when it was carried
	From         string      `json:"from"`   // the verdict that stays
	Looked       string      `json:"looked"` // submission on which the party gave it
	OnBehalf     string      `json:"on_behalf,omitempty"`
}

func (VerdictCarried) event() {}

// LookedAt returns the submission on which the party itself last looked.
func (v Verdict) LookedAt() string {
	if v.Looked != "" {
		return v.Looked
	}
	return v.Submission
}

// ItemHash returns the SHA-256 of what a version says about one finding, text
// and evidence, in hex. Equal hashes mean that a party would read the same again.
func ItemHash(item Item) string {
	text, err := json.Marshal(item)
	if err != nil {
		panic(err) // plain data always encodes
	}
	sum := sha256.Sum256(text)
	return hex.EncodeToString(sum[:])
}

// carry returns the verdicts that stay on this version. It expects env.Earlier
// by finding, and in env.Opinions those on these findings.
func (s Submission) carry(doc mechanism.Document, env Env) []Fact {
	if !doc.Carry {
		return nil
	}
	var facts []Fact
	for _, f := range env.Findings {
		was, spoken := env.Earlier[f.Number]
		if !spoken || was.Agreed || f.Reopened || ItemHash(was.Item) != ItemHash(ItemOf(s.Doc, f)) {
			continue
		}
		panel := env.Mechanism.Panel(s.Doc, f.Class.OrganCadre)
		for _, v := range was.Verdicts {
			if v.Standing() && slices.Contains(panel, v.Party) && f.keeps(v, env.Opinions) {
				facts = append(facts, s.carried(v, env.Now))
			}
		}
	}
	return facts
}

// keeps reports whether the verdict may stay while the text has not changed: the
// party has nothing new to look at, and who gave it has not written since.
func (f Finding) keeps(v Verdict, opinions []Opinion) bool {
	if slices.Contains(f.Editors, v.Person) {
		return false
	}
	return !slices.ContainsFunc(opinions, func(o Opinion) bool {
		return o.Finding == f.Number && o.Party == v.Party &&
			(o.Stage == Answered || o.Submission == v.Submission && o.Rechecked())
	})
}

func (s Submission) carried(v Verdict, at time.Time) Fact {
	blank := Verdict{ID: VerdictID(s.ID, v.Finding, v.Party)}
	return Fact{blank, VerdictCarried{
		s.ID, v.Finding, s.Round, s.Organisation, s.Team, v.Party, v.Judged, v.Person, at, v.ID, v.LookedAt(), v.OnBehalf,
	}}
}

func (v Verdict) applyCarried(e VerdictCarried) Verdict {
	v.Submission, v.Finding, v.Round, v.Organisation, v.Team = e.Submission, e.Finding, e.Round, e.Organisation, e.Team
	v.Party, v.Judged, v.Person, v.At, v.OnBehalf = e.Party, e.Judged, e.Person, e.At, e.OnBehalf
	v.Judged.Words = maps.Clone(e.Judged.Words)
	v.From, v.Looked = e.From, e.Looked
	return v
}
