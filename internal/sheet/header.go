package sheet

// header tells which column holds which field, and where the findings begin.
type header struct {
	first, last int // lines
	column      map[Field]int
	title       map[int]string // the words of every named column
	doubled     []int          // columns whose field stands in another column already
	unknown     []int
	score       int
}

const (
	headerSearch = 40 // filled rows at the top among which the header is sought
	headerDepth  = 3  // rows a header may have
)

// findHeader tries every block of up to three rows near the top and takes the one
// that names most fields; of equals the first.
func findHeader(g *grid) header {
	var best header
	for i := 0; i < len(g.rows) && i < headerSearch; i++ {
		for depth := 1; depth <= headerDepth && i+depth <= len(g.rows); depth++ {
			if g.rows[i+depth-1].line-g.rows[i].line >= headerDepth {
				break
			}
			h := readHeader(g, g.rows[i:i+depth])
			if h.score > best.score {
				best = h
			}
		}
	}
	return best
}

// readHeader takes a block of rows as a header.
func readHeader(g *grid, rows []gridRow) header {
	h := header{first: rows[0].line, last: rows[len(rows)-1].line, column: map[Field]int{}, title: map[int]string{}}
	for col := 1; col <= widest(rows); col++ {
		title, field, ok := columnTitle(g, rows, col)
		if title == "" {
			continue
		}
		h.title[col] = title
		switch _, taken := h.column[field]; {
		case !ok:
			h.unknown = append(h.unknown, col)
		case taken:
			h.doubled = append(h.doubled, col)
		default:
			h.column[field] = col
		}
	}
	h.score = len(h.column)
	return h
}

// columnTitle reads a column of the block from the bottom up. A cell above the
// last row counts if it is a known word, or reaches down by a merged range;
// otherwise it is the title of the sheet or of a group of columns.
func columnTitle(g *grid, rows []gridRow, col int) (string, Field, bool) {
	last := rows[len(rows)-1].line
	for i := len(rows) - 1; i >= 0; i-- {
		c, ok := rows[i].at(col)
		if !ok {
			continue
		}
		field, known := fieldUnder(c.text)
		s, covered := g.covering(rows[i].line, col)
		if known || i == len(rows)-1 || covered && s.last >= last {
			return c.text, field, known
		}
	}
	return "", "", false
}

func widest(rows []gridRow) int {
	w := 0
	for _, r := range rows {
		w = max(w, r.cells[len(r.cells)-1].col)
	}
	return w
}

// isLedger says that the sheet holds findings. A sheet with a summary also names
// organisations and numbers; without the text of the findings it is no ledger.
func (h header) isLedger() bool { return h.score >= 3 && h.column[Text] > 0 }

// nearlyLedger says that the sheet means to hold findings but lacks their text:
// to skip it would lose them.
func (h header) nearlyLedger() bool {
	return h.column[Text] == 0 && (h.score >= 5 || h.score >= 3 && h.column[Number] > 0)
}

// check reports missing, doubled and unknown columns; false forbids reading on.
func (h header) check(g *grid, required []Field, log *problemLog) bool {
	ok := true
	for _, f := range required {
		if h.column[f] == 0 {
			log.problem(g.name, address(1, h.last), codeMissingColumn, titleOf[f])
			ok = false
		}
	}
	for _, col := range h.unknown {
		log.problem(g.name, address(col, h.last), codeUnknownColumn, h.title[col])
	}
	for _, col := range h.doubled {
		log.problem(g.name, address(col, h.last), codeDuplicateColumn, h.title[col])
	}
	return ok
}
