package web

import (
	"context"
	"net/url"

	"lianshen/internal/lang"
	"lianshen/internal/ledger"
	"lianshen/internal/policy"
	"lianshen/internal/store"
)

// Where a document is judged as one text, the pages of the joint review show it in
// the place of a finding. What they need of one is made up here.

// judged returns what is judged under the number: a finding within the scope, or
// the document itself.
func (s *Server) judged(ctx context.Context, scope policy.Scope, paper ledger.Submission, number string) (ledger.Finding, error) {
	if number != "" && number == paper.Whole() {
		return ledger.Finding{
			Number: number, Round: paper.Round, Organisation: paper.Organisation, Team: paper.Team,
			Feedback: ledger.Feedback{Text: lang.T(ctx, "doc."+string(paper.Doc))},
		}, nil
	}
	return s.Supervise.DB.Read().Finding(ctx, scope, number)
}

// headings lists what is judged in the submission.
func (s *Server) headings(ctx context.Context, submission string) ([]store.Heading, error) {
	list, err := s.Supervise.DB.Read().Headings(ctx, submission)
	for i, h := range list {
		if doc := ledger.WholeDoc(h.Number); doc != "" {
			list[i].Title = lang.T(ctx, "doc."+string(doc))
		}
	}
	return list, err
}

// numberWord is the number of a finding, or that a document is meant as a whole.
func numberWord(ctx context.Context, number string) string {
	if ledger.IsWhole(number) {
		return lang.T(ctx, "documents.whole")
	}
	return number
}

// filePath is the address of a file of a document judged as one text.
func filePath(submission, file string) string {
	return submissionPath(submission) + "/files/" + url.PathEscape(file)
}

// numberPath leads to a finding, or to the document that is judged as a whole.
func numberPath(submission, number string) string {
	if ledger.IsWhole(number) {
		return submissionPath(submission)
	}
	return findingPath(number)
}
