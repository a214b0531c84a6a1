// Package static serves the style sheets, scripts and pictures of the pages from inside the binary, under names that
// carry the hash of their content and so may be kept by browsers for ever.
// It does not build them: our own files lie in own/, those of others in vendor/, and scripts/vendor.sh refreshes the latter.
package static

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"io/fs"
	"net/http"
	"path"
	"strconv"
	"strings"
	"sync"
)

// Prefix is where the handler expects to be mounted: mux.Handle("GET "+static.Prefix, static.Handler()).
const Prefix = "/assets/"

//go:embed own vendor
var files embed.FS

// asset is one served file. gzip makes the compressed form once, when a browser first asks for it.
type asset struct {
	url, kind string
	body      []byte
	gzip      func() []byte
}

var kinds = map[string]string{
	".css": "text/css; charset=utf-8",
	".js":  "text/javascript; charset=utf-8",
	".svg": "image/svg+xml",
}

// assets are all files by base name ("app.css") and by URL.
var assets = sync.OnceValue(func() map[string]*asset {
	all := map[string]*asset{}
	err := fs.WalkDir(files, ".", func(name string, d fs.DirEntry, err error) error {
		kind, served := kinds[path.Ext(name)]
		if err != nil || d.IsDir() || !served {
			return err
		}
		body, err := files.ReadFile(name)
		if err != nil {
			return err
		}
		a := newAsset(path.Base(name), kind, body)
		all[path.Base(name)], all[a.url] = a, a
		return nil
	})
	if err != nil {
		panic("static: read the embedded assets: " + err.Error())
	}
	return all
})

func newAsset(base, kind string, body []byte) *asset {
	sum := sha256.Sum256(body)
	ext := path.Ext(base)
	return &asset{
		url:  Prefix + strings.TrimSuffix(base, ext) + "." + hex.EncodeToString(sum[:4]) + ext,
		kind: kind,
		body: body,
		gzip: sync.OnceValue(func() []byte { return compressed(body) }),
	}
}

func compressed(body []byte) []byte {
	var b bytes.Buffer
	w, _ := gzip.NewWriterLevel(&b, gzip.BestCompression) // the level is valid
	_, _ = w.Write(body)                                  // a bytes.Buffer takes everything
	_ = w.Close()
	return b.Bytes()
}

// URL is the address of an asset, hash included: URL("app.css") is /assets/app.1a2b3c4d.css. A name that does not exist
// is a mistake in a page and panics, so that the first test of the page finds it.
func URL(name string) string {
	a, there := assets()[name]
	if !there {
		panic("static: no asset " + name)
	}
	return a.url
}

// Icon is the address of one symbol of the icon sprite, by its Tabler name: Icon("clock").
func Icon(name string) string {
	return iconSprite() + "#i-" + name
}

var iconSprite = sync.OnceValue(func() string { return URL("icons.svg") })

// Text is an asset of text as it was written: a page that is printed has no other way
// to its styles.
func Text(name string) string {
	a, there := assets()[name]
	if !there {
		panic("static: no asset " + name)
	}
	return string(a.body)
}

// Size is the number of bytes of an asset as it travels, compressed. Tests use it to keep pages within their budget.
func Size(name string) int {
	a, there := assets()[name]
	if !there {
		return 0
	}
	return len(a.gzip())
}

// Handler serves every asset under its hashed address and nothing else; an outdated hash is not found.
func Handler() http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		a, there := assets()[r.URL.Path]
		if !there {
			http.NotFound(w, r)
			return
		}
		h := w.Header()
		h.Set("Content-Type", a.kind)
		h.Set("Cache-Control", "public, max-age=31536000, immutable")
		h.Set("Vary", "Accept-Encoding")
		h.Set("X-Content-Type-Options", "nosniff")
		body := a.body
		if strings.Contains(r.Header.Get("Accept-Encoding"), "gzip") {
			h.Set("Content-Encoding", "gzip")
			body = a.gzip()
		}
		h.Set("Content-Length", strconv.Itoa(len(body)))
		_, _ = w.Write(body) // the browser has gone; there is nobody to tell
	})
}
