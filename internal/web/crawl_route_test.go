package web

import (
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"

	"golang.org/x/net/html"

	"lianshen/internal/ledger"
	"lianshen/internal/policy"
	"lianshen/internal/store"
)

// identities is every identity a place of a pattern can be filled with.
type identities struct {
	places   map[string][]string // "{number}" -> findings
	evidence [][2]string         // finding and evidence
}

// identities reads what there is to ask for. Of the organisations other than DX a
// few findings do: their pages are of the same handlers.
func (w world) identities() identities {
	w.t.Helper()
	r, everything := w.Supervise.DB.Read(), policy.Scope{All: true, Drafts: true}
	k := identities{places: map[string][]string{
		"round": {"8", "99", "x"}, "doc": {"plan", "report", "nothing"}, "entry": {"1", "9"}, "step": {"prepare", "pledge", "send"},
		"code": {"DX", "office", "weixi", "nowhere"}, "person": {"yinli", "nobody"}, "username": {"yinli"}, "post": {"yinli-1"}, "form": {"zz"},
		"version": {"0", "1"}, "n": {"1"}, "act": {"close"}, "party": {"office", "discipline", "personnel", "team"}, "organisation": {"DX", "WJ"}, "stage": {"in_review", "resolved", "again"}, "kind": {"letter", "plan", "warning", "duty_list"},
		"table": {
			"supervision?format=json", "statistics?format=json", "entries?format=json", "opinions?format=csv&party=discipline",
			"letters?format=csv", "meetings?format=json", "nothing",
		},
	}}
	numbers := slices.Clone(w.underReview())
	seen := map[string]int{}
	for f, err := range r.AllFindings(w.t.Context(), everything, store.Filter{}) {
		if err != nil {
			w.t.Fatal(err)
		}
		kind := f.Organisation + string(f.Stage)
		if seen[kind]++; seen[kind] == 1 && !slices.Contains(numbers, f.Number) {
			numbers = append(numbers, f.Number)
		}
		for _, e := range f.Progress.Evidence {
			if f.Organisation == "DX" || len(k.evidence) < 4 {
				k.evidence = append(k.evidence, [2]string{f.Number, e.ID})
			}
		}
	}
	k.places["number"] = append(numbers, "08-XX-999")
	submissions, err := r.IDs(w.t.Context(), ledger.KindSubmission, "", 100)
	if err != nil {
		w.t.Fatal(err)
	}
	k.places["submission"] = append(submissions, "8-XX-report-1")
	k.places["id"] = k.places["submission"] // of anything but evidence and opinions
	meetings, err := r.IDs(w.t.Context(), ledger.KindMeeting, "", 100)
	if err != nil {
		w.t.Fatal(err)
	}
	k.places["meeting"] = append(meetings, "8-m99")
	k.places["finding"], k.places["opinion"] = k.places["number"], w.opinionIDs()
	return k
}

var placeMark = regexp.MustCompile(`\{(\w+)(\.\.\.|\$)?\}`)

// fillAll returns every address the pattern can have. Its method is dropped.
func (k identities) fillAll(pattern string) []string {
	_, path, _ := strings.Cut(pattern, " ")
	if strings.Contains(path, "/evidence/{id}") {
		var list []string
		for _, e := range append(k.evidence, [2]string{"08-DX-001", "nothing"}) {
			list = append(list, strings.NewReplacer("{number}", e[0], "{id}", e[1]).Replace(path))
		}
		return list
	}
	path = strings.Replace(path, "/opinions/{id}", "/opinions/{opinion}", 1)
	list := []string{path}
	for _, m := range placeMark.FindAllStringSubmatch(path, -1) {
		var longer []string
		for _, address := range list {
			for _, value := range k.values(m[1], address) {
				longer = append(longer, strings.Replace(address, m[0], value, 1))
			}
		}
		list = longer
	}
	return list
}

// values are those a place can take in an address that is filled up to it: a
// finding stands beside the submissions of its own organisation only.
func (k identities) values(name, address string) []string {
	list := k.places[name]
	if list == nil {
		return []string{"nothing"}
	}
	code := organisationIn(address)
	if name != "number" && name != "finding" || code == "" {
		return list
	}
	return slices.DeleteFunc(slices.Clone(list), func(number string) bool { return organisationIn(number) != code })
}

var codeIn = regexp.MustCompile(`8-([A-Z]{2})-`)

// organisationIn returns the organisation whose finding or submission the address
// names, "" for none.
func organisationIn(address string) string {
	if m := codeIn.FindStringSubmatch(address); m != nil {
		return m[1]
	}
	return ""
}

// A sentForm is a form as a page offered it, with the values it had.
type sentForm struct {
	action    string
	multipart bool
	fields    url.Values
}

// readPage returns the addresses a page leads to and the forms it holds.
func readPage(page string, at *url.URL) (links []string, forms []sentForm) {
	root, err := html.Parse(strings.NewReader(page))
	if err != nil {
		return nil, nil
	}
	for n := range root.Descendants() {
		if n.Type != html.ElementNode {
			continue
		}
		for _, name := range []string{"href", "hx-get", "src"} {
			if to := attrOf(n, name); to != "" {
				links = append(links, local(resolve(at, to)))
			}
		}
		if n.Data != "form" {
			continue
		}
		if strings.EqualFold(attrOf(n, "method"), http.MethodPost) {
			forms = append(forms, sentForm{resolve(at, attrOf(n, "action")), strings.Contains(attrOf(n, "enctype"), "multipart"), formValues(n)})
		} else {
			links = append(links, local(resolve(at, attrOf(n, "action")+"?"+formValues(n).Encode())))
		}
	}
	return links, forms
}

// resolve resolves an address without its fragment.
func resolve(at *url.URL, to string) string {
	u, err := at.Parse(to)
	if err != nil || u.Host != at.Host {
		return "/"
	}
	u.Fragment = ""
	return u.RequestURI()
}

func attrOf(n *html.Node, name string) string {
	for _, a := range n.Attr {
		if a.Key == name {
			return a.Val
		}
	}
	return ""
}

// formValues fills a form as somebody in a hurry: what it holds already, the first of
// every choice, and a word in every empty text.
func formValues(form *html.Node) url.Values {
	v := url.Values{}
	for n := range form.Descendants() {
		name := attrOf(n, "name")
		if n.Type != html.ElementNode || name == "" {
			continue
		}
		switch {
		case n.Data == "textarea":
			v.Add(name, "照此办理")
		case n.Data == "select":
			v.Add(name, firstOption(n))
		case n.Data == "input" && (attrOf(n, "type") == "radio" || attrOf(n, "type") == "checkbox"):
			if !v.Has(name) {
				v.Set(name, attrOf(n, "value"))
			}
		case n.Data == "input" && attrOf(n, "type") != "file":
			v.Add(name, attrOf(n, "value"))
		}
	}
	return v
}

func firstOption(n *html.Node) string {
	for o := range n.Descendants() {
		if o.Type == html.ElementNode && o.Data == "option" && attrOf(o, "value") != "" {
			return attrOf(o, "value")
		}
	}
	return ""
}
