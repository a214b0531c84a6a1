package web

import (
	"archive/zip"
	"bytes"
	"context"
	"fmt"
	"io"
	"maps"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"
)

// An answer is what somebody got, files unpacked.
type answer struct {
	status int
	header http.Header
	body   string
}

// String is everything of the answer that could tell something.
func (a answer) String() string {
	var b strings.Builder
	fmt.Fprintln(&b, a.status)
	for _, name := range slices.Sorted(maps.Keys(a.header)) {
		fmt.Fprintln(&b, name, a.header[name])
	}
	return b.String() + a.body
}

// blot puts signs in the place of what no two responses share: keys of forms, the
// identity of the request, and fingerprints of the record. These depend on every
// act, as they should, and nobody can reckon back from one to a text.
func blot(text string) string {
	var b strings.Builder
	b.Grow(len(text))
	for i := 0; i < len(text); {
		n := 0
		for i+n < len(text) && strings.IndexByte(codeSigns, text[i+n]) >= 0 {
			n++
		}
		switch {
		case n == 0:
			n = 1
			b.WriteByte(text[i])
		case n == 36 && text[i+8] == '-' && text[i+13] == '-', n == 64, n == 16, n == 12, n == 43 && i+n < len(text) && text[i+n] == '=':
			b.WriteString("CODE")
		default:
			b.WriteString(text[i : i+n])
		}
		i += n
	}
	return b.String()
}

const codeSigns = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ+/-"

// ask sends a request as a member of the cast, "" for nobody.
func (w world) ask(who string, r *http.Request) answer {
	w.t.Helper()
	if who != "" {
		r.AddCookie(&http.Cookie{Name: sessionCookie, Value: who})
		r.Header.Set("Authorization", "Bearer "+w.tokens[who])
	}
	rec := httptest.NewRecorder()
	ctx, hangUp := context.WithTimeout(r.Context(), time.Minute)
	defer hangUp()
	w.handler.ServeHTTP(listener{rec, hangUp}, r.WithContext(ctx))
	id := rec.Header().Get("X-Request-Id")
	rec.Header().Del("X-Request-Id")
	body := rec.Body.Bytes()
	if bytes.HasPrefix(body, []byte("PK\x03\x04")) {
		body = unpack(w.t, body)
	}
	return answer{rec.Code, rec.Header(), strings.ReplaceAll(string(body), id, "REQUEST")}
}

// A listener hangs up after the first words of a stream, which would never end.
type listener struct {
	*httptest.ResponseRecorder
	hangUp context.CancelFunc
}

func (l listener) Flush() {
	l.ResponseRecorder.Flush()
	l.hangUp()
}

// unpack returns everything in a .docx or .xlsx.
func unpack(t testing.TB, packed []byte) []byte {
	t.Helper()
	z, err := zip.NewReader(bytes.NewReader(packed), int64(len(packed)))
	if err != nil {
		t.Fatalf("a file that is no whole zip: %v", err)
	}
	var all bytes.Buffer
	for _, f := range z.File {
		fmt.Fprintln(&all, f.Name, f.Comment)
		part, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		if _, err := io.Copy(&all, part); err != nil { //nolint:gosec // our own file
			t.Fatal(err)
		}
		part.Close()
	}
	return all.Bytes()
}

// A crawler is everything that one person can get to by asking.
type crawler struct {
	world
	who     string
	answers map[string]answer // by "GET /" or "HX /": the same, asked for by a script
	forms   map[string]sentForm
	kinds   map[string]int
	queue   []string
}

// How many addresses of a kind are followed from links, and how many of one path:
// the filters of a list can be put together in thousands of ways. The addresses
// that a pattern is filled to are all asked for.
const (
	perKind = 3
	perPath = 24
)

// crawl asks for every address of the site with every identity, and for what the
// answers lead to.
func (w world) crawl(who string, k identities) *crawler {
	w.t.Helper()
	c := &crawler{w, who, map[string]answer{}, map[string]sentForm{}, map[string]int{}, []string{"/"}}
	for _, rt := range w.routes() {
		if strings.HasPrefix(rt.pattern, "GET ") {
			c.queue = append(c.queue, k.fillAll(rt.pattern)...)
		}
	}
	c.queue = append(c.queue, w.apiAddresses(k)...)
	c.queue = append(c.queue, searchesForMarks...)
	for len(c.queue) > 0 {
		to := c.queue[0]
		c.queue = c.queue[1:]
		c.visit(to)
	}
	return c
}

// searchesForMarks look for the words of verdicts and opinions.
var searchesForMarks = []string{
	"/search?q=zq", "/search?q=zq&kind=opinion", "/search?q=zq&kind=letter", "/search?q=qz+text", "/rounds/8/ledger?q=zq",
	"/search?q=zq&kind=opinion&organisation=DX&round=8",
}

func (c *crawler) visit(to string) {
	if _, been := c.answers["GET "+to]; been {
		return
	}
	for _, script := range []bool{false, true} {
		r := httptest.NewRequest(http.MethodGet, to, nil)
		name := "GET " + to
		if script {
			r.Header.Set("HX-Request", "true")
			name = "HX " + to
		}
		a := c.ask(c.who, r)
		c.answers[name] = a
		if !strings.HasPrefix(a.header.Get("Content-Type"), "text/html") {
			continue
		}
		links, forms := readPage(a.body, r.URL)
		for _, link := range links {
			c.follow(link)
		}
		for _, f := range forms {
			if kind := kindOf(f.action); c.kinds["POST "+kind] < 1 {
				c.kinds["POST "+kind]++
				c.forms[f.action] = f
			}
		}
	}
	if next := c.answers["GET "+to].header.Get("Location"); next != "" {
		c.follow(next)
	}
}

func (c *crawler) follow(to string) {
	kind := kindOf(to)
	path, _, _ := strings.Cut(kind, "?")
	if _, been := c.answers["GET "+to]; been || c.kinds[kind] >= perKind || c.kinds[path] >= perPath {
		return
	}
	c.kinds[kind]++
	c.kinds[path]++
	c.queue = append(c.queue, to)
}

var identityPart = regexp.MustCompile(`[^/]*\d[^/]*`)

// kindOf is the address without what differs from one record to the next.
func kindOf(to string) string {
	u, err := url.Parse(to)
	if err != nil {
		return to
	}
	return identityPart.ReplaceAllString(u.Path, "*") + "?" + strings.Join(slices.Sorted(maps.Keys(u.Query())), "&")
}

// request makes the request that sends the form.
func (f sentForm) request() *http.Request {
	if !f.multipart {
		r := httptest.NewRequest(http.MethodPost, f.action, strings.NewReader(f.fields.Encode()))
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		return r
	}
	var b bytes.Buffer
	m := multipart.NewWriter(&b)
	for name, list := range f.fields {
		for _, value := range list {
			_ = m.WriteField(name, value) // into memory
		}
	}
	if file, err := m.CreateFormFile("file", "记录.txt"); err == nil {
		_, _ = file.Write([]byte("会议记录"))
	}
	_ = m.Close()
	r := httptest.NewRequest(http.MethodPost, f.action, &b)
	r.Header.Set("Content-Type", m.FormDataContentType())
	return r
}
