package demo

import (
	"context"
	"fmt"
	"slices"
	"time"

	"lianshen/internal/ledger"
	"lianshen/internal/ledger/mechanism"
	"lianshen/internal/policy"
	"lianshen/internal/store"
	"lianshen/internal/supervise"
)

// A step is what one person does at one instant, in one transaction.
type step struct {
	at  time.Time
	who policy.Actor
	do  func(context.Context, *supervise.Service, policy.Actor) error
}

// script is the sample round as a list of steps. They are written down thing by
// thing and acted in the order of their time, as the trail must have them.
type script struct {
	*sample
	steps []step
}

func newScript(s *sample) *script { return &script{sample: s} }

// at adds acts of the user at the time, "2026-03-03 09:10" in China. Nothing is
// added without acts.
func (s *script) at(when string, who User, acts ...ledger.Act) {
	if len(acts) == 0 {
		return
	}
	s.step(when, who.actor(), func(ctx context.Context, svc *supervise.Service, who policy.Actor) error {
		orders := make([]supervise.Order, len(acts))
		for i, act := range acts {
			orders[i] = supervise.Order{Act: act, Seen: supervise.Any}
		}
		_, err := svc.DoAll(ctx, who, orders)
		return err
	})
}

func (s *script) step(when string, who policy.Actor, do func(context.Context, *supervise.Service, policy.Actor) error) {
	at, err := time.ParseInLocation("2006-01-02 15:04", when, Zone)
	if err != nil {
		panic(err) // of this package's own data
	}
	s.steps = append(s.steps, step{at, who, do})
}

// pledge adds the head's check and pledge of what the document says at the time.
func (s *script) pledge(when string, head User, doc mechanism.Doc, number int) {
	s.step(when, head.actor(), func(ctx context.Context, svc *supervise.Service, who policy.Actor) error {
		return svc.DB.Write(ctx, func(tx *store.Tx) error {
			findings, err := tx.OpenFindings(ctx, Round, who.Organisation, doc, svc.Today())
			if err != nil {
				return err
			}
			act := ledger.MakePledge{
				Submission: ledger.SubmissionID(Round, who.Organisation, doc, number),
				Hash:       ledger.ContentHash(doc, findings),
			}
			_, err = svc.DoIn(ctx, tx, who, supervise.Order{Act: act, Seen: supervise.Any})
			return err
		})
	})
}

// run acts the steps in the order of their time.
func (s *script) run(ctx context.Context, svc *supervise.Service, clk *Clock) error {
	slices.SortStableFunc(s.steps, func(a, b step) int { return a.at.Compare(b.at) })
	for _, x := range s.steps {
		clk.Stand(x.at)
		if err := x.do(ctx, svc, x.who); err != nil {
			return fmt.Errorf("%s at %s: %w", x.who.Name, x.at.Format("2006-01-02 15:04"), err)
		}
	}
	return nil
}

// clockTime writes a time of the day so many minutes after the hour.
func clockTime(day string, hour, minutes int) string {
	return fmt.Sprintf("%s %02d:%02d", day, hour+minutes/60, minutes%60)
}
