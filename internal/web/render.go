package web

import (
	"bytes"
	"fmt"
	"net/http"
	"sync"

	"github.com/a-h/templ"
)

var buffers = sync.Pool{New: func() any { return new(bytes.Buffer) }}

// render writes c. It renders into memory first, so that a failing component
// becomes an error page and never half a page.
func render(w http.ResponseWriter, r *http.Request, code int, c templ.Component) error {
	page := buffers.Get().(*bytes.Buffer)
	page.Reset()
	defer buffers.Put(page)
	if err := c.Render(r.Context(), page); err != nil {
		return fmt.Errorf("render: %w", err)
	}
	h := w.Header()
	h.Set("Content-Type", "text/html; charset=utf-8")
	h.Add("Vary", "HX-Request, Cookie, Accept-Language, Accept-Encoding")
	body := page.Bytes()
	if packed, ok := compress(r, body); ok {
		h.Set("Content-Encoding", "gzip")
		body = packed
	}
	w.WriteHeader(code)
	_, err := w.Write(body)
	return err
}

// fragment reports whether a script asks for a part of the page.
func fragment(r *http.Request) bool {
	return r.Header.Get("HX-Request") != "" && r.Header.Get("HX-Boosted") == ""
}

// seeOther sends the browser on after an act, so that a reload does not repeat it.
func seeOther(w http.ResponseWriter, r *http.Request, to string) error {
	if fragment(r) {
		w.Header().Set("HX-Redirect", to)
		w.WriteHeader(http.StatusNoContent)
		return nil
	}
	http.Redirect(w, r, to, http.StatusSeeOther)
	return nil
}
