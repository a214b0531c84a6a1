package web

import (
	"context"
	"net/http"
	"net/url"
	"strings"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humago"

	"lianshen/internal/export"
	"lianshen/internal/policy"
	"lianshen/internal/store"
)

// exportInput asks for a table of a round as a file.
type exportInput struct {
	RoundPath
	Table        string `path:"table" enum:"ledger,supervision,statistics,entries,opinions,letters,meetings"`
	Format       string `query:"format" enum:"xlsx,csv,gb18030,json" default:"json"`
	Organisation string `query:"organisation" maxLength:"12"`
	Layout       string `query:"layout" maxLength:"40" doc:"of the ledger: roundtrip, master, columns, or the code of a design"`
	Columns      string `query:"columns" maxLength:"1000" doc:"of the layout columns: codes with commas between"`
	Flag         string `query:"flag" enum:"cadre,all" default:"cadre" doc:"of the supervising ledger: organ-and-cadre findings only, or all"`
	Party        string `query:"party" maxLength:"40" doc:"of opinions"`
}

// fileOutput is written while it is read.
type fileOutput struct{ Body func(huma.Context) }

// apiExports adds the tables of a round as files, as the page of exports gives them.
func (s *Server) apiExports(api huma.API) {
	const path = "/rounds/{round}/exports/{table}"
	content := map[string]*huma.MediaType{}
	for _, f := range export.Formats() {
		content[strings.SplitN(f.Type(), ";", 2)[0]] = &huma.MediaType{}
	}
	huma.Register(api, huma.Operation{
		OperationID: operationID("get", path), Method: http.MethodGet, Path: path, Summary: "A table of a round as a file, of what the caller sees of it.", Tags: []string{"Exports"},
		Security: []map[string][]string{{"token": {}}}, Errors: []int{401, 403, 404, 422},
		Responses: map[string]*huma.Response{"200": {Description: "the file", Content: content}},
	}, func(ctx context.Context, in *exportInput) (*fileOutput, error) {
		return &fileOutput{func(hc huma.Context) {
			r, w := humago.Unwrap(hc)
			r = r.WithContext(hc.Context())
			if err := s.apiExport(w, r, actorOf(ctx), in); err != nil {
				s.failAPI(w, r, err) // nothing is written before the table is known to be
			}
		}}, nil
	})
}

func (s *Server) apiExport(w http.ResponseWriter, r *http.Request, who policy.Actor, in *exportInput) error {
	round, err := s.Supervise.DB.Read().Round(r.Context(), in.Round)
	if err != nil {
		return err
	}
	given := url.Values{"organisation": {in.Organisation}, "flag": {in.Flag}, "party": {in.Party}, "layout": {in.Layout}}
	if in.Columns != "" {
		given["column"] = strings.Split(in.Columns, ",")
	}
	make := func(ctx context.Context, from *export.Source, format export.Format) (export.Table, error) {
		layout, err := layoutIn(ctx, from, given)
		if err != nil {
			return export.Table{}, err
		}
		return from.Ledger(ctx, layout, store.Filter{Organisation: in.Organisation}, format)
	}
	if in.Table != "ledger" {
		if make, err = tableOf(who, in.Table, given); err != nil {
			return err
		}
	}
	return s.sendTable(w, r, who, round, export.Format(in.Format), make)
}
