package web

import (
	"context"
	"net/http"
	"strings"

	"github.com/danielgtaylor/huma/v2"

	"lianshen/internal/ledger"
	"lianshen/internal/ledger/joint"
	"lianshen/internal/ledger/mechanism"
	"lianshen/internal/policy"
	"lianshen/internal/supervise"
)

// The parts that inputs embed have capital letters because huma looks into exported fields only.

// apiActs adds what can be done. Each operation is one act through the one door.
func (s *Server) apiActs(api huma.API) {
	acting[publishInput](s, api, "/mechanisms/{code}", "Mechanisms", "Publish a new version.", s.sameMechanism)
	acting[registerInput](s, api, "/findings", "Findings", "Register a finding as fed back.", sameFinding)
	acting[planInput](s, api, "/findings/{number}/plan", "Findings", "Write the plan.", sameFinding)
	acting[progressInput](s, api, "/findings/{number}/progress", "Findings", "Write the progress; evidence stays as it is.", sameFinding)
	acting[classifyInput](s, api, "/findings/{number}/classify", "Findings", "Correct how it is filed.", sameFinding)
	acting[assignInput](s, api, "/findings/{number}/assign", "Findings", "Name the supervising body, section and person.", sameFinding)
	acting[closeInput](s, api, "/findings/{number}/close", "Findings", "Close a recognised finding.", sameFinding)
	acting[reopenInput](s, api, "/findings/{number}/reopen", "Findings", "Put it back to work.", sameFinding)
	s.apiLife(api)
	acting[applicationInput](s, api, "/findings/{number}/application", "Findings", "Write the statement with which closing is applied for.", sameFinding)
	acting[paperInput](s, api, "/submissions/text", "Submissions", "Write the text of a document that is judged as one text; its files stay as they are.", sameSubmission)
	acting[prepareInput](s, api, "/submissions", "Submissions", "Say that a version is ready for the head.", sameSubmission)
	acting[pledgeInput](s, api, "/submissions/{id}/pledge", "Submissions", "Check and pledge, as the head.", sameSubmission)
	acting[sendInput](s, api, "/submissions/{id}/send", "Submissions", "Send the pledged version to the parties.", sameSubmission)
	acting[deliverInput](s, api, "/submissions/{id}/deliver", "Submissions", "Deliver the letter of opinions.", sameSubmission)
	acting[receiveInput](s, api, "/submissions/{id}/receive", "Submissions", "Take delivery of the letter.", sameSubmission)
	acting[verdictInput](s, api, "/verdicts", "Review", "Give a verdict, with opinions.", func(_ policy.Actor, x ledger.State) ledger.Verdict { return x.(ledger.Verdict) })
	acting[takeBackInput](s, api, "/verdicts/take-back", "Review", "Take a verdict back before the finding is consolidated.", func(_ policy.Actor, x ledger.State) ledger.Verdict { return x.(ledger.Verdict) })
	acting[passOverInput](s, api, "/submissions/{id}/pass-over", "Submissions", "Go on without a party that is late, as the convener.", sameSubmission)
	acting[recheckInput](s, api, "/opinions/{id}/recheck", "Review", "Say whether the answer contents the party.", func(_ policy.Actor, x ledger.State) ledger.Opinion { return x.(ledger.Opinion) })
	acting[consolidateInput](s, api, "/consolidations", "Review", "Word what the parties said.", sameConsolidation)
	acting[answerInput](s, api, "/consolidations/{submission}/{finding}/answers", "Review", "Answer one entry of the letter.", sameConsolidation)
}

// An order that came as a request.
type ordered[I any] interface {
	*I
	order() supervise.Order
}

// acting adds one POST operation that does an act and shows the record after it.
func acting[I, O any, P ordered[I]](s *Server, api huma.API, path, tag, summary string, show func(policy.Actor, ledger.State) O) {
	huma.Register(api, huma.Operation{
		OperationID: operationID("post", path), Method: http.MethodPost, Path: path, Summary: summary, Tags: []string{tag},
		Security: []map[string][]string{{"token": {}}}, Errors: []int{401, 403, 404, 409, 422},
		MaxBodyBytes: maxForm,
	}, func(ctx context.Context, in *I) (*output[O], error) {
		who, o := actorOf(ctx), P(in).order()
		if o.Key != "" {
			o.Key = "api:" + o.Key // apart from the keys of pages
		}
		state, err := s.Supervise.Do(ctx, who, o)
		if err != nil {
			return nil, s.problemOf(ctx, err)
		}
		return &output[O]{show(who, state)}, nil
	})
}

// operationID names an operation for generated clients: post-findings-number-plan.
func operationID(method, path string) string {
	return method + strings.NewReplacer("/", "-", "{", "", "}", "").Replace(path)
}

// sameFinding hides from an inspected organisation who of the team raised it.
func sameFinding(who policy.Actor, s ledger.State) ledger.Finding {
	f := s.(ledger.Finding)
	if who.Organisation != "" {
		f.Class.Inspector = ""
	}
	return f
}

func sameSubmission(_ policy.Actor, s ledger.State) ledger.Submission { return s.(ledger.Submission) }

func sameConsolidation(who policy.Actor, s ledger.State) apiConsolidation {
	return consolidationShown(who, s.(ledger.Consolidation))
}

// Keyed makes an act repeatable.
type Keyed struct {
	Key string `header:"Idempotency-Key" maxLength:"100" doc:"the act is done once however often it is sent under the same key"`
}

// ReadAt is the version of the record that the caller had read.
type ReadAt struct {
	Seen int64 `json:"seen" minimum:"0" doc:"version that was read; 0 if the record does not exist yet"`
}

// Begun is ReadAt for acts that begin a record: there is nothing to have read.
type Begun struct {
	Seen int64 `json:"seen,omitempty" minimum:"0" doc:"0, or left out: the record does not exist yet"`
}

type registerInput struct {
	Keyed
	Body struct {
		Begun
		Number       string          `json:"number"`
		Organisation string          `json:"organisation"`
		Round        int             `json:"round"`
		Feedback     ledger.Feedback `json:"feedback"`
		Class        ledger.Class    `json:"class"`
		Plan         ledger.Plan     `json:"plan,omitzero"`
		Watch        ledger.Watch    `json:"watch,omitzero"`
	}
}

func (in *registerInput) order() supervise.Order {
	b := in.Body
	return supervise.Order{Key: in.Key, Seen: b.Seen, Act: ledger.Register{
		Number: b.Number, Organisation: b.Organisation, Round: b.Round, Feedback: b.Feedback, Class: b.Class, Plan: b.Plan, Watch: b.Watch,
	}}
}

type planInput struct {
	Keyed
	FindingPath
	Body struct {
		ReadAt
		Plan ledger.Plan `json:"plan"`
	}
}

func (in *planInput) order() supervise.Order {
	return supervise.Order{Act: ledger.WritePlan{Number: in.Number, Plan: in.Body.Plan}, Seen: in.Body.Seen, Key: in.Key}
}

type progressInput struct {
	Keyed
	FindingPath
	Body struct {
		ReadAt
		Progress ledger.Progress `json:"progress"`
	}
}

func (in *progressInput) order() supervise.Order {
	return supervise.Order{Act: ledger.WriteProgress{Number: in.Number, Progress: in.Body.Progress}, Seen: in.Body.Seen, Key: in.Key}
}

type classifyInput struct {
	Keyed
	FindingPath
	Body struct {
		ReadAt
		Class  ledger.Class `json:"class"`
		Reason string       `json:"reason,omitempty"`
	}
}

func (in *classifyInput) order() supervise.Order {
	return supervise.Order{Act: ledger.Classify{Number: in.Number, Class: in.Body.Class, Reason: in.Body.Reason}, Seen: in.Body.Seen, Key: in.Key}
}

type assignInput struct {
	Keyed
	FindingPath
	Body struct {
		ReadAt
		Watch ledger.Watch `json:"watch"`
	}
}

func (in *assignInput) order() supervise.Order {
	return supervise.Order{Act: ledger.Assign{Number: in.Number, Watch: in.Body.Watch}, Seen: in.Body.Seen, Key: in.Key}
}

type closeInput struct {
	Keyed
	FindingPath
	Body ReadAt
}

func (in *closeInput) order() supervise.Order {
	return supervise.Order{Act: ledger.Close{Number: in.Number}, Seen: in.Body.Seen, Key: in.Key}
}

type reopenInput struct {
	Keyed
	FindingPath
	Body struct {
		ReadAt
		Reason string `json:"reason"`
	}
}

func (in *reopenInput) order() supervise.Order {
	return supervise.Order{Act: ledger.Reopen{Number: in.Number, Reason: in.Body.Reason}, Seen: in.Body.Seen, Key: in.Key}
}

type applicationInput struct {
	Keyed
	FindingPath
	Body struct {
		ReadAt
		Statement string `json:"statement" doc:"what was checked, and who signed; empty takes the finding out of the next application"`
	}
}

func (in *applicationInput) order() supervise.Order {
	return supervise.Order{Act: ledger.WriteApplication{Number: in.Number, Statement: in.Body.Statement}, Seen: in.Body.Seen, Key: in.Key}
}

type paperInput struct {
	Keyed
	Body struct {
		ReadAt
		Round        int           `json:"round"`
		Organisation string        `json:"organisation"`
		Doc          mechanism.Doc `json:"doc" enum:"life_meeting,head_report"`
		Number       int           `json:"number" minimum:"1" doc:"of the version, counted from 1"`
		Text         string        `json:"text"`
	}
}

func (in *paperInput) order() supervise.Order {
	b := in.Body
	of := ledger.PaperOf{Round: b.Round, Organisation: b.Organisation, Doc: b.Doc, Number: b.Number}
	return supervise.Order{Act: ledger.WritePaper{PaperOf: of, Text: b.Text}, Seen: b.Seen, Key: in.Key}
}

type prepareInput struct {
	Keyed
	Body struct {
		Begun
		Round        int           `json:"round"`
		Organisation string        `json:"organisation"`
		Doc          mechanism.Doc `json:"doc" enum:"plan,life_meeting,report,head_report,closing"`
		Number       int           `json:"number" minimum:"1" doc:"of the version, counted from 1"`
	}
}

func (in *prepareInput) order() supervise.Order {
	b := in.Body
	return supervise.Order{Act: ledger.Prepare{Round: b.Round, Organisation: b.Organisation, Doc: b.Doc, Number: b.Number}, Seen: b.Seen, Key: in.Key}
}

type pledgeInput struct {
	Keyed
	SubmissionPath
	Body struct {
		ReadAt
		Hash string `json:"hash" doc:"of what was checked, from GET /submissions/{id}"`
	}
}

func (in *pledgeInput) order() supervise.Order {
	return supervise.Order{Act: ledger.MakePledge{Submission: in.ID, Hash: in.Body.Hash}, Seen: in.Body.Seen, Key: in.Key}
}

type sendInput struct {
	Keyed
	SubmissionPath
	Body ReadAt
}

func (in *sendInput) order() supervise.Order {
	return supervise.Order{Act: ledger.Send{Submission: in.ID}, Seen: in.Body.Seen, Key: in.Key}
}

type deliverInput struct {
	Keyed
	SubmissionPath
	Body struct {
		ReadAt
		LetterNumber string `json:"letter_number"`
	}
}

func (in *deliverInput) order() supervise.Order {
	return supervise.Order{Act: ledger.Deliver{Submission: in.ID, LetterNumber: in.Body.LetterNumber}, Seen: in.Body.Seen, Key: in.Key}
}

type receiveInput struct {
	Keyed
	SubmissionPath
	Body ReadAt
}

func (in *receiveInput) order() supervise.Order {
	return supervise.Order{Act: ledger.Receive{Submission: in.ID}, Seen: in.Body.Seen, Key: in.Key}
}

type verdictInput struct {
	Keyed
	Body struct {
		Begun
		Submission string          `json:"submission"`
		Finding    string          `json:"finding"`
		Party      joint.Party     `json:"party"`
		Judged     ledger.Judged   `json:"judged"`
		Opinions   []ledger.Said   `json:"opinions,omitempty"`
		Rechecks   map[string]bool `json:"rechecks,omitempty" doc:"of each of the party's answered opinions: is it content?"`
	}
}

func (in *verdictInput) order() supervise.Order {
	b := in.Body
	return supervise.Order{Key: in.Key, Seen: b.Seen, Act: ledger.GiveVerdict{
		Submission: b.Submission, Finding: b.Finding, Party: b.Party, Judged: b.Judged, Opinions: b.Opinions, Rechecks: b.Rechecks,
	}}
}

type recheckInput struct {
	Keyed
	ID   string `path:"id" maxLength:"200"`
	Body struct {
		ReadAt
		Content bool   `json:"content"`
		Note    string `json:"note,omitempty"`
	}
}

func (in *recheckInput) order() supervise.Order {
	return supervise.Order{Act: ledger.Recheck{Opinion: in.ID, Content: in.Body.Content, Note: in.Body.Note}, Seen: in.Body.Seen, Key: in.Key}
}

type consolidateInput struct {
	Keyed
	Body struct {
		ReadAt
		Submission string            `json:"submission"`
		Finding    string            `json:"finding"`
		Conclusion joint.Conclusion  `json:"conclusion" enum:"agree,continue,return"`
		Reason     string            `json:"reason,omitempty"`
		Entries    []apiWording      `json:"entries,omitempty"`
		SetAside   map[string]string `json:"set_aside,omitempty" doc:"by opinion: why it does not go into the letter"`
	}
}

// apiWording is an entry of the letter as the office words it.
type apiWording struct {
	Text    string   `json:"text"`
	Change  string   `json:"change,omitempty"`
	Origins []string `json:"origins" doc:"opinions that it carries"`
}

func (in *consolidateInput) order() supervise.Order {
	b := in.Body
	act := ledger.Consolidate{Submission: b.Submission, Finding: b.Finding, Conclusion: b.Conclusion, Reason: b.Reason, SetAside: b.SetAside}
	for _, e := range b.Entries {
		act.Entries = append(act.Entries, ledger.Entry{Text: e.Text, Change: e.Change, Origins: e.Origins})
	}
	return supervise.Order{Act: act, Seen: b.Seen, Key: in.Key}
}

type answerInput struct {
	Keyed
	Submission string `path:"submission" maxLength:"100"`
	Finding    string `path:"finding" maxLength:"40"`
	Body       struct {
		ReadAt
		Entry    int             `json:"entry" minimum:"1"`
		Response ledger.Response `json:"response" enum:"adopted,partly,not"`
		Reason   string          `json:"reason,omitempty"`
		Place    string          `json:"place,omitempty"`
	}
}

func (in *answerInput) order() supervise.Order {
	b := in.Body
	return supervise.Order{Seen: b.Seen, Key: in.Key, Act: ledger.AnswerEntry{
		Submission: in.Submission, Finding: in.Finding, Entry: b.Entry, Response: b.Response, Reason: b.Reason, Place: b.Place,
	}}
}
