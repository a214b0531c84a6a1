package web

import (
	"context"
	"fmt"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"lianshen/internal/ledger/joint"
	"lianshen/internal/policy"
)

// apiPapers adds the official papers as Word files, as the pages give them.
func (s *Server) apiPapers(api huma.API) {
	wordFile(s, api, "/submissions/{id}/letter.docx", "The letter of opinions.", func(ctx context.Context, who policy.Actor, in *SubmissionPath) (printout, error) {
		l, err := s.letter(ctx, who, in.ID)
		return l.Print, err
	})
	wordFile(s, api, "/submissions/{id}/sheets/{party}/file.docx", "One party's opinion sheet.", func(ctx context.Context, who policy.Actor, in *SheetPath) (printout, error) {
		return s.opinionSheet(ctx, who, in.ID, in.Party)
	})
	wordFile(s, api, "/findings/{number}/closing-form.docx", "The closing form of a finding.", func(ctx context.Context, who policy.Actor, in *ClosingPath) (printout, error) {
		return s.closingForm(ctx, who, in.Number)
	})
	wordFile(s, api, "/rounds/{round}/summary.docx", "The summary of a round's opinions.", func(ctx context.Context, who policy.Actor, in *RoundPath) (printout, error) {
		return s.summary(ctx, who, in.Round)
	})
	wordFile(s, api, "/meetings/{meeting}/minutes.docx", "The minutes of a meeting.", func(ctx context.Context, who policy.Actor, in *MeetingPath) (printout, error) {
		return s.minutes(ctx, who, in.Meeting)
	})
}

// SheetPath names the sheet of a party on a submission.
type SheetPath struct {
	SubmissionPath
	Party joint.Party `path:"party" maxLength:"40"`
}

// ClosingPath names a finding.
type ClosingPath struct {
	Number string `path:"number" maxLength:"40"`
}

type wordOutput struct {
	Type string `header:"Content-Type"`
	Name string `header:"Content-Disposition"`
	Body []byte
}

// wordFile adds one GET operation that answers with a Word file.
func wordFile[I any](s *Server, api huma.API, path, summary string, make func(context.Context, policy.Actor, *I) (printout, error)) {
	huma.Register(api, huma.Operation{
		OperationID: operationID("get", path), Method: http.MethodGet, Path: path, Summary: summary, Tags: []string{"Papers"},
		Security: []map[string][]string{{"token": {}}}, Errors: []int{401, 403, 404},
		Responses: map[string]*huma.Response{"200": {Description: "a Word file", Content: map[string]*huma.MediaType{docxType: {}}}},
	}, func(ctx context.Context, in *I) (*wordOutput, error) {
		p, err := make(ctx, actorOf(ctx), in)
		if err == nil {
			err = s.remember(ctx, p.Marks)
		}
		var file []byte
		if err == nil {
			file, err = s.file(ctx, p)
		}
		if err != nil {
			return nil, s.problemOf(ctx, fmt.Errorf("paper %s: %w", path, err))
		}
		return &wordOutput{docxType, attached(p.Name), file}, nil
	})
}
