package sheet

// Field names one column of a ledger, whatever its header is called in the file.
type Field string

// The fields a ledger can carry. Sequence is the running number of the sheet: it
// is recognised so that its column is not unknown, and never read.
const (
	Sequence        Field = "sequence"
	Number          Field = "number"
	Organisation    Field = "organisation"
	Category        Field = "category"
	Aspect          Field = "aspect"
	Text            Field = "text"
	Manifestations  Field = "manifestations"
	OrganCadre      Field = "organ_cadre"
	Kind            Field = "kind"
	Cause           Field = "cause"
	Target          Field = "target"
	MeasureNumber   Field = "measure_number"
	MeasureText     Field = "measure"
	MeasureDeadline Field = "measure_deadline"
	Leader          Field = "leader"
	Section         Field = "section"
	Handler         Field = "handler"
	Deadline        Field = "deadline"
	Progress        Field = "progress"
	Status          Field = "status"
	EvidenceList    Field = "evidence"
	Remark          Field = "remark"

	// Evidence spread over columns, one line for each piece.
	EvidenceName   Field = "evidence_name"
	EvidenceNumber Field = "evidence_number"
	EvidenceDate   Field = "evidence_date"

	// How a finding stands: written, recognised, and never read.
	Stage           Field = "stage"
	Outcome         Field = "outcome"
	OutcomeDay      Field = "outcome_day"
	EarlierDeadline Field = "earlier_deadline"
	Position        Field = "position"
)

// Codes of Row.Kind: how soon a finding is to be put right.
const (
	KindImmediate = "immediate" // 立行立改
	KindDated     = "dated"     // 限期整改
	KindLongTerm  = "long_term" // 长期坚持
)

// Codes of Row.Status: what the organisation says of its own work.
const (
	StatusDone          = "done"           // 已完成
	StatusBasicallyDone = "basically_done" // 基本完成
	StatusInProgress    = "in_progress"    // 正在推进
	StatusNotStarted    = "not_started"    // 未启动
)

// Row is one finding as a ledger states it. Texts are verbatim but for white
// space at their ends and control characters. A field the file does not have, or
// leaves empty, is the zero value. Dates are "2006-01-02".
type Row struct {
	Sheet string           `json:"sheet,omitempty"`
	Line  int              `json:"line,omitempty"`  // first line of the finding, from 1
	Cells map[Field]string `json:"cells,omitempty"` // where each field was read, as "F12"

	Sequence       string     `json:"sequence,omitempty"` // the running number, which names no finding outside this file
	Number         string     `json:"number"`
	Organisation   string     `json:"organisation"`
	Category       string     `json:"category"`
	Aspect         string     `json:"aspect"`
	Text           string     `json:"text"`
	Manifestations []string   `json:"manifestations"`
	OrganCadre     bool       `json:"organ_cadre"`
	Kind           string     `json:"kind"`
	Cause          string     `json:"cause"`
	Target         string     `json:"target"`
	Measures       []Measure  `json:"measures"`
	Leader         string     `json:"leader"`
	Section        string     `json:"section"`
	Handler        string     `json:"handler"`
	Deadline       string     `json:"deadline"`
	DeadlineText   string     `json:"deadline_text"` // the words, when the cell held more than a date
	Progress       string     `json:"progress"`
	Status         string     `json:"status"`
	Evidence       []Evidence `json:"evidence"`
	EvidenceText   string     `json:"evidence_text"` // the cell as it stands, when it names no material
	Remark         string     `json:"remark"`
}

// Measure is one measure of a finding. Deadline is "" when DeadlineText gives no date.
type Measure struct {
	Number       string `json:"number"`
	Text         string `json:"text"`
	Deadline     string `json:"deadline"`
	DeadlineText string `json:"deadline_text"`
}

// Evidence is one piece of evidence as the ledger lists it.
type Evidence struct {
	Name      string `json:"name"`
	DocNumber string `json:"doc_number"`
	Date      string `json:"date"`
}

// Ledger is what was read from a Book. Problems forbid the import; Notices tell
// what was left out on purpose. Account says where every cell went.
type Ledger struct {
	Sheet    string // the first sheet that holds findings
	Rows     []Row
	Problems []Problem
	Notices  []Problem
	Account  Account
}
