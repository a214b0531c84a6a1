package ledger

import (
	"encoding/json"
	"fmt"
	"reflect"
)

// blanks holds one empty state of each kind, to decode into.
var blanks = map[Kind]State{
	KindOrganisation:  Organisation{},
	KindBody:          Body{},
	KindPerson:        Person{},
	KindRound:         Round{},
	KindFinding:       Finding{},
	KindSubmission:    Submission{},
	KindVerdict:       Verdict{},
	KindOpinion:       Opinion{},
	KindConsolidation: Consolidation{},
	KindMechanism:     Mechanism{},
	KindMeeting:       Meeting{},
	KindRecusal:       Recusal{},
	KindImport:        Import{},
	KindLayouts:       Layouts{},
	KindHeadings:      Headings{},
	KindTemplate:      Template{},
	KindDesign:        Design{},
}

// events lists every event. A name in the trail is the name of its type, so a
// type that has been released is never renamed.
var events = func() map[string]reflect.Type {
	all := []Event{
		OrganisationAdded{},
		OrganisationRenamed{},
		OrganisationMoved{},
		BodySet{},
		PersonAdded{},
		Appointed{},
		PostEnded{},
		Delegated{},
		PasswordSet{},
		PersonDisabled{},
		PersonEnabled{},
		RoundOpened{},
		RoundAmended{},
		OrganisationInspected{},
		FindingRegistered{},
		Classified{},
		Assigned{},
		PlanWritten{},
		ProgressWritten{},
		EvidenceAttached{},
		EvidenceDetached{},
		EvidenceAmended{},
		FileReplaced{},
		ApplicationWritten{},
		ClosingReviewed{},
		ItemSent{},
		PlanReviewed{},
		ReportReviewed{},
		FindingClosed{},
		FindingReopened{},
		FindingAcknowledged{},
		ExtensionAsked{},
		ExtensionDecided{},
		FindingSettled{},
		PaperBegun{},
		PaperWritten{},
		PaperAttached{},
		PaperDetached{},
		SubmissionPrepared{},
		SubmissionPledged{},
		SubmissionSent{},
		PartyPassedOver{},
		LetterDelivered{},
		LetterReceived{},
		VerdictGiven{},
		VerdictCarried{},
		VerdictTakenBack{},
		OpinionRaised{},
		OpinionMerged{},
		OpinionSetAside{},
		OpinionNoted{},
		OpinionDelivered{},
		OpinionAnswered{},
		OpinionRechecked{},
		OpinionTakenBack{},
		RecheckTakenBack{},
		Consolidated{},
		EntryAnswered{},
		MechanismPublished{},
		MeetingCalled{},
		MeetingAmended{},
		AttendanceTaken{},
		ItemResolved{},
		ItemDeferred{},
		MeetingClosed{},
		Recused{},
		RecusalLifted{},
		FindingCorrected{},
		LedgerImported{},
		LayoutRemembered{},
		LayoutForgotten{},
		HeadingAdded{},
		HeadingRemoved{},
		TemplateAdded{},
		TemplateMapped{},
		TemplateUsed{},
		DesignKept{},
		DesignWithdrawn{},
	}
	types := map[string]reflect.Type{}
	for _, e := range all {
		types[EventName(e)] = reflect.TypeOf(e)
	}
	return types
}()

// EventName returns the name under which the event stands in the trail.
func EventName(e Event) string { return reflect.TypeOf(e).Name() }

// DecodeEvent reads an event of the trail.
func DecodeEvent(name string, body []byte) (Event, error) {
	t, known := events[name]
	if !known {
		return nil, fmt.Errorf("unknown event %q", name)
	}
	v := reflect.New(t)
	if err := json.Unmarshal(body, v.Interface()); err != nil {
		return nil, fmt.Errorf("decode event %s: %w", name, err)
	}
	return v.Elem().Interface().(Event), nil
}

// DecodeState reads a stored state of the kind.
func DecodeState(kind Kind, body []byte) (State, error) {
	blank, known := blanks[kind]
	if !known {
		return nil, fmt.Errorf("unknown kind of record %q", kind)
	}
	v := reflect.New(reflect.TypeOf(blank))
	if err := json.Unmarshal(body, v.Interface()); err != nil {
		return nil, fmt.Errorf("decode %s: %w", kind, err)
	}
	return v.Elem().Interface().(State), nil
}

// BlankState returns the record before its first fact, for refolding the trail.
func BlankState(ref Ref) (State, error) {
	switch ref.Kind {
	case KindOrganisation:
		return Organisation{Code: ref.ID}, nil
	case KindBody:
		return Body{Code: ref.ID}, nil
	case KindPerson:
		return Person{ID: ref.ID}, nil
	case KindRound:
		var number int
		if _, err := fmt.Sscanf(ref.ID, "%d", &number); err != nil {
			return nil, fmt.Errorf("round number %q: %w", ref.ID, err)
		}
		return Round{Number: number}, nil
	case KindFinding:
		return Finding{Number: ref.ID}, nil
	case KindSubmission:
		return Submission{ID: ref.ID}, nil
	case KindVerdict:
		return Verdict{ID: ref.ID}, nil
	case KindOpinion:
		return Opinion{ID: ref.ID}, nil
	case KindConsolidation:
		return Consolidation{ID: ref.ID}, nil
	case KindMechanism:
		return Mechanism{Code: ref.ID}, nil
	case KindMeeting:
		return Meeting{ID: ref.ID}, nil
	case KindRecusal:
		return Recusal{ID: ref.ID}, nil
	case KindImport:
		return Import{ID: ref.ID}, nil
	case KindLayouts:
		return Layouts{Organisation: ref.ID}, nil
	case KindHeadings:
		return Headings{}, nil
	case KindTemplate:
		return Template{Kind: ref.ID}, nil
	case KindDesign:
		return Design{Code: ref.ID}, nil
	}
	return nil, fmt.Errorf("unknown kind of record %q", ref.Kind)
}
