package web

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"

	"lianshen/internal/account"
	"lianshen/internal/ledger"
	"lianshen/internal/policy"
	"lianshen/internal/supervise"
)

// apiPaths is what the API says of itself: by path and method, its operations.
type apiPaths map[string]map[string]struct {
	Parameters []struct{ Name, In string }
}

func (w world) apiPaths() apiPaths {
	w.t.Helper()
	var description struct{ Paths apiPaths }
	a := w.ask("", httptest.NewRequest(http.MethodGet, apiPrefix+"/openapi.json", nil))
	if err := json.Unmarshal([]byte(a.body), &description); err != nil || len(description.Paths) < 10 {
		w.t.Fatalf("the API describes %d paths; %v", len(description.Paths), err)
	}
	return description.Paths
}

// makeTokens gives everybody a token: the API knows no cookies.
func (o origin) makeTokens(ctx context.Context, s *supervise.Service) error {
	root := policy.Actor{Person: "system:test", System: true}
	for name, who := range cast {
		secret, _, err := s.MakeToken(ctx, root, supervise.NewToken{
			Person: who.Person, Post: who.Post, Name: "crawl", Scope: account.ScopeAct,
		})
		if err != nil {
			return fmt.Errorf("token of %s: %w", name, err)
		}
		o.tokens[name] = secret
	}
	return nil
}

// perFilter is how many values of a filter are tried.
const perFilter = 6

// apiAddresses are all the API can be asked for: each path with each identity, and
// each list by each of its filters.
func (w world) apiAddresses(k identities) []string {
	var list []string
	paths := w.apiPaths()
	for _, path := range slices.Sorted(maps.Keys(paths)) {
		get, readable := paths[path]["get"]
		if !readable {
			continue
		}
		for _, to := range k.fillAll("GET " + apiPrefix + path) {
			list = append(list, to)
			for _, p := range get.Parameters {
				for _, value := range k.places[p.Name][:min(len(k.places[p.Name]), perFilter)] {
					if p.In == "query" {
						list = append(list, to+"?"+url.Values{p.Name: {value}, "limit": {"500"}}.Encode())
					}
				}
			}
		}
	}
	return list
}

// apiActs are requests to every act of the API, on every identity. Their bodies are
// as bare as they can be, but for the re-check of an opinion, whose answer might
// tell whether there is such an opinion.
func (c *crawler) apiActs(k identities) []*http.Request {
	var list []*http.Request
	paths := c.apiPaths()
	for _, path := range slices.Sorted(maps.Keys(paths)) {
		if _, acts := paths[path]["post"]; !acts {
			continue
		}
		for _, to := range k.fillAll("POST " + apiPrefix + path) {
			list = append(list, jsonRequest(to, `{"seen":99}`), jsonRequest(to, `{"seen":99,"content":true}`))
		}
	}
	for _, finding := range k.places["number"] {
		for _, party := range allParties {
			body := fmt.Sprintf(`{"submission":%q,"finding":%q,"party":%q,"judged":{"words":{},"conclusion":"agree"}}`, blindDoc, finding, party)
			list = append(list, jsonRequest(apiPrefix+"/verdicts", body))
			back := fmt.Sprintf(`{"seen":1,"submission":%q,"finding":%q,"party":%q,"reason":"x"}`, blindDoc, finding, party)
			if speakerOf[party] != c.who {
				list = append(list, jsonRequest(apiPrefix+"/verdicts/take-back", back))
			}
		}
		list = append(list, jsonRequest(apiPrefix+"/consolidations",
			fmt.Sprintf(`{"seen":7,"submission":%q,"finding":%q,"conclusion":"agree"}`, blindDoc, finding)))
	}
	return list
}

func jsonRequest(to, body string) *http.Request {
	r := httptest.NewRequest(http.MethodPost, to, strings.NewReader(body))
	r.Header.Set("Content-Type", "application/json")
	return r
}

// opinionIDs are those that parties may have raised on what is under review, and
// one each that they have not.
func (w world) opinionIDs() (ids []string) {
	for _, finding := range w.underReview() {
		for _, party := range allParties {
			for _, n := range []string{":1", ":2"} {
				ids = append(ids, ledger.VerdictID(blindDoc, finding, party)+n)
			}
		}
	}
	return ids
}
