package web

import (
	"bytes"
	"compress/gzip"
	"net/http"
	"strings"
	"sync"
)

// leastPacked is the size in bytes below which packing costs more than it saves.
const leastPacked = 1400

var packers = sync.Pool{New: func() any {
	w, _ := gzip.NewWriterLevel(nil, gzip.BestSpeed) // the level is valid
	return w
}}

// compress packs a page for browsers that take it and are not on this machine.
// Pages hold no secret beside attacker-chosen text: session and keys are cookies.
func compress(r *http.Request, page []byte) ([]byte, bool) {
	if len(page) < leastPacked || !strings.Contains(r.Header.Get("Accept-Encoding"), "gzip") {
		return nil, false
	}
	var b bytes.Buffer
	b.Grow(len(page) / 4)
	w := packers.Get().(*gzip.Writer)
	defer packers.Put(w)
	w.Reset(&b)
	_, _ = w.Write(page) // a bytes.Buffer takes everything
	_ = w.Close()
	return b.Bytes(), true
}
