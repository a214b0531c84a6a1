package web

import (
	"net/http"
	"slices"
	"strings"

	"github.com/danielgtaylor/huma/v2"

	"lianshen/internal/lang"
	"lianshen/internal/web/ui"
)

// apiOperation is one line of the list of operations.
type apiOperation struct{ Method, Path, Summary string }

// operations lists what the API offers, by path.
func operations(doc *huma.OpenAPI) []apiOperation {
	var list []apiOperation
	for path, item := range doc.Paths {
		for _, x := range []struct {
			method string
			op     *huma.Operation
		}{{"GET", item.Get}, {"POST", item.Post}} {
			if x.op != nil {
				list = append(list, apiOperation{x.method, apiPrefix + path, x.op.Summary})
			}
		}
	}
	slices.SortFunc(list, func(a, b apiOperation) int { return strings.Compare(a.Path+a.Method, b.Path+b.Method) })
	return list
}

// apiDocs shows the list; programs read openapi.json.
func (s *Server) apiDocs(w http.ResponseWriter, r *http.Request, doc *huma.OpenAPI) {
	title := lang.T(r.Context(), "api.title")
	page := ui.Page{Title: title, Theme: theme(r), Back: r.URL.RequestURI()}
	s.logDrawing(r, render(w, r, http.StatusOK, ui.Plain(page, apiList(title, operations(doc)))))
}
