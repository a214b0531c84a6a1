package static

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"encoding/hex"
	"io"
	"io/fs"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func get(t *testing.T, path, accept string) *http.Response {
	t.Helper()
	r := httptest.NewRequest(http.MethodGet, path, nil)
	r.Header.Set("Accept-Encoding", accept)
	w := httptest.NewRecorder()
	Handler().ServeHTTP(w, r)
	return w.Result()
}

func TestAssetsTravelWithHashTypeAndCompression(t *testing.T) {
	for name, kind := range map[string]string{
		"app.css": "text/css; charset=utf-8", "app.js": "text/javascript; charset=utf-8", "icons.svg": "image/svg+xml",
	} {
		plain, packed := get(t, URL(name), ""), get(t, URL(name), "gzip, br")
		want, _ := io.ReadAll(plain.Body)
		zipped, err := gzip.NewReader(packed.Body)
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		got, _ := io.ReadAll(zipped)
		if !bytes.Equal(got, want) || len(want) == 0 {
			t.Errorf("%s: compressed and plain form differ", name)
		}
		if h := packed.Header; h.Get("Content-Type") != kind || !strings.Contains(h.Get("Cache-Control"), "immutable") || h.Get("Vary") != "Accept-Encoding" {
			t.Errorf("%s: headers %v", name, h)
		}
	}
}

func TestOnlyHashedNamesAreServed(t *testing.T) {
	for _, path := range []string{"/assets/app.css", "/assets/app.00000000.css", "/assets/", "/assets/../static.go", "/app.css"} {
		if res := get(t, path, ""); res.StatusCode != http.StatusNotFound {
			t.Errorf("%s: got %d", path, res.StatusCode)
		}
	}
}

func TestUnknownAssetPanics(t *testing.T) {
	defer func() {
		if recover() == nil {
			t.Error("a page may name an asset that does not exist")
		}
	}()
	URL("nothing.css")
}

func TestVendoredFilesAreUnmodified(t *testing.T) {
	listed := map[string]bool{}
	manifest, err := os.Open(filepath.Join("vendor", "manifest.sha256"))
	if err != nil {
		t.Fatal(err)
	}
	defer manifest.Close()
	for lines := bufio.NewScanner(manifest); lines.Scan(); {
		sum, name, _ := strings.Cut(lines.Text(), "  ")
		listed[name] = true
		body, err := os.ReadFile(filepath.Join("vendor", name))
		if err != nil {
			t.Errorf("the manifest lists %s: %v", name, err)
			continue
		}
		if got := sha256.Sum256(body); hex.EncodeToString(got[:]) != sum {
			t.Errorf("%s is not what scripts/vendor.sh fetched", name)
		}
	}
	entries, err := fs.ReadDir(os.DirFS("vendor"), ".")
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		if e.Name() != "manifest.sha256" && !listed[e.Name()] {
			t.Errorf("%s is not in the manifest", e.Name())
		}
	}
}

func TestLockfileNamesNoRegistry(t *testing.T) {
	lock, err := os.ReadFile(filepath.Join("..", "..", "..", "scripts", "vendor", "package-lock.json"))
	if err != nil {
		t.Fatal(err)
	}
	if bytes.Contains(lock, []byte(`"resolved"`)) {
		t.Error("package-lock.json names the registry it was made from; npm must run with scripts/vendor/.npmrc")
	}
	if !bytes.Contains(lock, []byte(`"node_modules/htmx.org": {
      "version": "2.0.11"`)) {
		t.Error("htmx is not 2.0.11; 4.x fails in the older Chromium builds of the offices")
	}
}
