package sheet

import (
	"archive/zip"
	"bytes"
	"cmp"
	"errors"
	"io"
	"math/rand/v2"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"
)

// A seedFile is a good ledger that mutations start from.
type seedFile struct {
	name  string
	data  []byte
	parts []string // of a workbook, in their order
	text  map[string][]byte
	rows  int
	told  map[string]bool // notices
}

func seedFiles(t testing.TB) []seedFile {
	t.Helper()
	paths, err := filepath.Glob("testdata/units/*.*s*")
	check(t, err)
	more, err := filepath.Glob("testdata/writers/*.xls*")
	check(t, err)
	for range 8 { // the small ones are quick: most mutations start from them
		paths = append(paths, more...)
	}
	var out []seedFile
	for _, path := range paths {
		if strings.HasSuffix(path, ".json") {
			continue
		}
		data, err := os.ReadFile(path)
		check(t, err)
		s := seedFile{name: filepath.Base(path), data: data, text: map[string][]byte{}}
		if bytes.HasPrefix(data, []byte("PK")) {
			s.unpack(t)
		}
		l, err := readAsked(t, data, s.name)
		check(t, err)
		s.rows, s.told = len(l.Rows), map[string]bool{}
		for _, n := range l.Notices {
			s.told[n.Sheet+n.Cell+n.Code] = true
		}
		out = append(out, s)
	}
	return out
}

func (s *seedFile) unpack(t testing.TB) {
	t.Helper()
	z, err := zip.NewReader(bytes.NewReader(s.data), int64(len(s.data)))
	check(t, err)
	for _, f := range z.File {
		r, err := f.Open()
		check(t, err)
		text, err := io.ReadAll(r)
		check(t, err)
		s.parts = append(s.parts, f.Name)
		s.text[f.Name] = text
	}
}

// readAsked reads a file with every question answered that the good file asks.
func readAsked(t testing.TB, data []byte, name string) (Ledger, error) {
	t.Helper()
	b, err := OpenBook(t.Context(), bytes.NewReader(data), int64(len(data)), name, Limits{})
	if err != nil {
		return Ledger{}, err
	}
	return b.Read(answered(b.Guess(nil)), Options{FeedbackDate: "2025-11-20"})
}

// toldMore says that a notice came up that the good file does not have.
func (s *seedFile) toldMore(notices []Problem) bool {
	return slices.ContainsFunc(notices, func(n Problem) bool { return !s.told[n.Sheet+n.Cell+n.Code] })
}

// atLineEnd says that a text file was cut between two lines: that is a whole file,
// only shorter, and nobody can tell.
func atLineEnd(how string, data []byte) bool {
	return how == "cut" && bytes.HasSuffix(data, []byte("\n"))
}

// mutate returns a mutation of the file and how it was made.
func (s *seedFile) mutate(r *rand.Rand) (data []byte, how string) {
	if len(s.parts) > 0 && r.IntN(10) < 7 {
		return s.mutatePart(r)
	}
	data = slices.Clone(s.data)
	switch how = pick(r, "flip", "flip", "cut", "block", "insert", "zero"); how {
	case "flip":
		for range 1 + r.IntN(8) {
			data[r.IntN(len(data))] ^= byte(1 << r.IntN(8))
		}
	case "cut":
		data = data[:r.IntN(len(data))]
	case "block":
		from, to := r.IntN(len(data)), r.IntN(len(data))
		copy(data[to:], data[from:min(len(data), from+1+r.IntN(600))])
	case "insert":
		at := r.IntN(len(data))
		data = slices.Insert(data, at, data[at:min(len(data), at+1+r.IntN(64))]...)
	case "zero":
		at := r.IntN(len(data))
		clear(data[at:min(len(data), at+1+r.IntN(64))])
	}
	return data, how
}

// mutatePart mutates the text of one part and packs it anew, so that no checksum
// stands before the reader of the content.
func (s *seedFile) mutatePart(r *rand.Rand) ([]byte, string) {
	name := s.parts[r.IntN(len(s.parts))]
	if r.IntN(3) > 0 {
		name = "xl/worksheets/sheet1.xml"
	}
	text, how := mutateXML(r, slices.Clone(s.text[name]))
	var buf bytes.Buffer
	z := zip.NewWriter(&buf)
	for _, p := range s.parts {
		content := s.text[p]
		if p == name {
			content = text
		}
		w, _ := z.CreateHeader(&zip.FileHeader{Name: p, Method: zip.Store})
		_, _ = w.Write(content) // a buffer takes everything
	}
	_ = z.Close()
	return buf.Bytes(), how + " in " + name
}

func mutateXML(r *rand.Rand, text []byte) ([]byte, string) {
	if len(text) < 100 {
		return text, "none"
	}
	at := r.IntN(len(text) - 50)
	switch how := pick(r, "flip", "digit", "digit", "delete", "attribute", "tag", "double", "huge"); how {
	case "digit": // of a reference, an index, a value
		for i := range text[at:] {
			if c := &text[at+i]; *c >= '0' && *c <= '9' {
				*c = byte('0' + r.IntN(10))
				break
			}
		}
		return text, how
	case "delete":
		return slices.Delete(text, at, at+1+r.IntN(40)), how
	case "attribute": // a name becomes another
		return bytes.Replace(text, []byte(pick(r, ` r="`, ` t="s"`, ` s="`, ` ref="`, ` hidden="`, `<v>`, `r:id="`)), []byte(pick(r, ` q="`, ` t="str"`, ` t="e"`, ` t="b"`, ` hidden="1" r="`, `<f>`)), 1+r.IntN(3)), how
	case "tag": // an element vanishes into a comment or another name
		return bytes.Replace(text, []byte(pick(r, "<c ", "<row ", "<si>", "<t>", "<mergeCell ", "<sheet ", "<v>")), []byte(pick(r, "<d ", "<row ", "<!-- -->", "<x/>")), 1+r.IntN(3)), how
	case "double":
		end := min(len(text), at+r.IntN(400))
		return slices.Insert(text, at, text[at:end]...), how
	case "huge":
		n := strings.Repeat("9", 1+r.IntN(20))
		return bytes.Replace(text, []byte(pick(r, `r="3"`, `min="1"`, `count="`, `<v>1<`, `ref="A1`)), []byte(pick(r, `r="`+n+`"`, `<v>`+n+`<`, `ref="A`+n)), 1), how
	default:
		text[at] ^= byte(1 << r.IntN(8))
		return text, how
	}
}

// mutation is what came of one file.
type mutation struct {
	refused, problems, clean int
	panics, silent, slow     int
	longest                  time.Duration
	codes                    map[string]int
}

// Mutated ledgers: no panic, bounded time and memory, and no finding is lost without
// a word. "make proofs" tries five thousand.
func TestMutatedLedgersAreRefusedOrToldButNeverLost(t *testing.T) {
	files, err := strconv.Atoi(cmp.Or(os.Getenv("LIANSHEN_MUTATIONS"), "1000"))
	check(t, err)
	seeds := seedFiles(t)
	sum := mutation{codes: map[string]int{}}
	var lock sync.Mutex
	start := time.Now()
	used := watchHeap(func() {
		var wait sync.WaitGroup
		for w := range runtime.GOMAXPROCS(0) {
			wait.Add(1)
			go func() {
				defer wait.Done()
				for n := w; n < files; n += runtime.GOMAXPROCS(0) {
					tryMutation(t, seeds, n, &sum, &lock)
				}
			}()
		}
		wait.Wait()
	})
	t.Logf("%d mutated files in %v: %d refused, %d with problems, %d read without; %d panics, longest %v, heap grew by at most %d MB, %d silent losses",
		files, time.Since(start).Round(time.Second), sum.refused, sum.problems, sum.clean, sum.panics, sum.longest.Round(time.Millisecond), used>>20, sum.silent)
	if sum.panics+sum.silent+sum.slow > 0 || used > 256<<20 {
		t.Errorf("panics, silent losses, slow files or too much memory: %+v", sum)
	}
	if sum.refused == 0 || sum.problems == 0 || sum.clean == 0 || len(sum.codes) < 10 {
		t.Errorf("the mutations reach too little: %+v", sum)
	}
}

func tryMutation(t *testing.T, seeds []seedFile, n int, sum *mutation, lock *sync.Mutex) {
	rnd := rand.New(rand.NewPCG(uint64(n), 16))
	s := &seeds[rnd.IntN(len(seeds))]
	data, how := s.mutate(rnd)
	start := time.Now()
	l, err := readAsked(t, data, s.name)
	took := time.Since(start)
	lock.Lock()
	defer lock.Unlock()
	sum.longest = max(sum.longest, took)
	if took > 10*time.Second {
		sum.slow++
	}
	var refused *FileError
	var fault *panicError
	switch {
	case errors.As(err, &fault):
		sum.panics++
		t.Errorf("mutation %d (%s of %s): %v", n, how, s.name, err)
	case errors.As(err, &refused):
		sum.refused++
		sum.codes[refused.Code]++
	case err != nil:
		t.Errorf("mutation %d (%s of %s): untyped error %v", n, how, s.name, err)
	case len(l.Problems) > 0:
		sum.problems++
		for _, p := range l.Problems {
			sum.codes[p.Code]++
		}
	default:
		sum.clean++
		if len(l.Rows) < s.rows && !s.toldMore(l.Notices) && !atLineEnd(how, data) {
			sum.silent++
			t.Errorf("mutation %d (%s of %s): %d findings of %d, nothing said", n, how, s.name, len(l.Rows), s.rows)
		}
		if !l.Account.Balanced() {
			t.Errorf("mutation %d (%s of %s): account %+v", n, how, s.name, l.Account)
		}
	}
}
