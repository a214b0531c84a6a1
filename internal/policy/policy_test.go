package policy

import (
	"flag"
	"fmt"
	"os"
	"reflect"
	"strings"
	"testing"

	"lianshen/internal/ledger"
	"lianshen/internal/ledger/joint"
	"lianshen/internal/ledger/mechanism"
)

var update = flag.Bool("update", false, "rewrite the golden matrix")

// One actor of each kind, as seen from a case of organisation JT, which team-1
// inspected. Person is "me" for the record of a person.
var matrixActors = []struct {
	name string
	who  Actor
}{
	{"clerk", Actor{Person: "me", Role: ledger.Clerk, Body: "office"}},
	{"discipline", Actor{Person: "me", Role: ledger.Reviewer, Body: "discipline"}},
	{"team-1", Actor{Person: "me", Role: ledger.Reviewer, Body: "team-1"}},
	{"team-2", Actor{Person: "me", Role: ledger.Reviewer, Body: "team-2"}},
	{"liaison", Actor{Person: "me", Role: ledger.Liaison, Organisation: "JT"}},
	{"head", Actor{Person: "me", Role: ledger.Head, Organisation: "JT"}},
	{"stranger", Actor{Person: "me", Role: ledger.Liaison, Organisation: "WJ"}},
	{"leader", Actor{Person: "me", Role: ledger.Leader}},
	{"sysadmin", Actor{Person: "me", Role: ledger.SysAdmin}},
	{"secadmin", Actor{Person: "me", Role: ledger.SecAdmin}},
	{"auditor", Actor{Person: "me", Role: ledger.Auditor}},
	{"reader", Actor{Person: "me", Role: ledger.Clerk, Body: "office", ReadOnly: true}},
	{"nobody", Actor{}},
}

// A variant is an act in one of the ways that differ in rights.
type variant struct {
	name string
	act  ledger.Act
	self bool // the subject is the actor's own
}

// variants returns the act once for each party, where a party speaks, and once
// for oneself or the head's own, where that is another right.
func variants(act ledger.Act) []variant {
	name := reflect.TypeOf(act).Name()
	list := []variant{{name, act, false}}
	switch act := act.(type) {
	case ledger.GiveVerdict:
		list = nil
		for _, p := range []joint.Party{"office", "discipline", "personnel", "team"} {
			act.Party = p
			list = append(list, variant{name + " for " + string(p), act, false})
		}
	case ledger.Delegate:
		list = append(list, variant{name + " one's own", ledger.Delegate{From: "me"}, false})
	case ledger.EndPost:
		list = append(list, variant{name + " of one's deputy", ledger.EndPost{From: "me"}, false})
	case ledger.Recuse:
		list = append(list, variant{name + " oneself", act, true})
	}
	for _, own := range ofTheHead(act) {
		list = append(list, variant{name + " of head", own, false})
	}
	return list
}

// ofTheHead returns an act on the text of a document once more, on the head's own.
func ofTheHead(act ledger.Act) []ledger.Act {
	own := ledger.PaperOf{Doc: mechanism.HeadReport}
	switch act.(type) {
	case ledger.WritePaper:
		return []ledger.Act{ledger.WritePaper{PaperOf: own}}
	case ledger.AttachPaper:
		return []ledger.Act{ledger.AttachPaper{PaperOf: own}}
	case ledger.DetachPaper:
		return []ledger.Act{ledger.DetachPaper{PaperOf: own}}
	}
	return nil
}

// The whole of who may do what, to be read by a person. A change here is a
// change of rights and says so in its commit.
func TestMatrix(t *testing.T) {
	subject := ledger.Subject{
		Kind: ledger.KindFinding, Round: 8, Organisation: "JT", Team: "team-1", Party: "discipline",
		Bench: mechanism.Bench{Convenes: "office", Consolidates: "discipline", Extends: "personnel"},
	}
	var b strings.Builder
	for _, row := range table {
		for _, v := range variants(row.act) {
			subject.Person = ""
			if v.self {
				subject.Person = "me"
			}
			var may []string
			for _, a := range matrixActors {
				if Can(a.who, v.act, subject) {
					may = append(may, a.name)
				}
			}
			fmt.Fprintf(&b, "%-28s %s\n", v.name, strings.Join(may, " "))
		}
	}
	const golden = "testdata/matrix.txt"
	if *update {
		if err := os.WriteFile(golden, []byte(b.String()), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(golden)
	if err != nil || string(want) != b.String() {
		t.Errorf("the matrix changed (%v); now:\n%s", err, b.String())
	}
}

func TestOwnPasswordOnly(t *testing.T) {
	me := Actor{Person: "me", Role: ledger.Liaison, Organisation: "JT"}
	if !Can(me, ledger.SetPassword{}, ledger.Subject{Kind: ledger.KindPerson, Person: "me"}) {
		t.Error("nobody may set their own password")
	}
	if Can(me, ledger.SetPassword{}, ledger.Subject{Kind: ledger.KindPerson, Person: "you"}) {
		t.Error("a liaison officer may set somebody else's password")
	}
}

func TestZeroScopeSeesNothing(t *testing.T) {
	for _, kind := range []ledger.Kind{ledger.KindFinding, ledger.KindSubmission, ledger.KindVerdict, ledger.KindOpinion, ledger.KindConsolidation} {
		if (Scope{}).Sees(ledger.Subject{Kind: kind}) {
			t.Errorf("the zero scope sees a %s without organisation", kind)
		}
	}
}

func TestPartyOfAnActor(t *testing.T) {
	jt := ledger.Subject{Organisation: "JT", Team: "team-1"}
	for _, tt := range []struct {
		who  Actor
		want joint.Party
	}{
		{Actor{Role: ledger.Clerk, Body: "office"}, "office"},
		{Actor{Role: ledger.Reviewer, Body: "personnel"}, "personnel"},
		{Actor{Role: ledger.Reviewer, Body: "team-1"}, "team"},
		{Actor{Role: ledger.Reviewer, Body: "team-2"}, ""},
		{Actor{Role: ledger.Leader}, ""},
		{Actor{Role: ledger.Liaison, Organisation: "JT"}, ""},
	} {
		if got := tt.who.Party(jt); got != tt.want {
			t.Errorf("%+v speaks for %q, want %q", tt.who, got, tt.want)
		}
	}
}
