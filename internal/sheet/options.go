package sheet

// Options bound what is read and say what the caller knows of the round. The
// zero value takes the default limits and the default required columns.
type Options struct {
	Limits       Limits
	FeedbackDate string  // "2006-01-02"; a deadline before it is a problem; "" checks nothing
	Required     []Field // columns without which nothing is read; nil: Text
}

// Limits bound the work a file may cause. A zero field takes the default.
type Limits struct {
	FileBytes     int64 // size of the file
	UnpackedBytes int64 // size of all parts of a workbook together
	Parts         int   // files inside a workbook
	Cells         int   // cells in a workbook, empty ones too
	Text          int   // bytes of all different texts of a workbook
	Columns       int   // columns that are filled
	Area          int   // rows x columns that the filled cells of one sheet span
	Merges        int   // merged ranges of one sheet
	Rows          int   // findings
	LongText      int   // characters of a text, a measure, a report of progress
	ShortText     int   // characters of a name, a category, a number
	Problems      int   // problems returned before the rest is only counted
}

var defaultLimits = Limits{
	FileBytes:     50 << 20,
	UnpackedBytes: 128 << 20,
	Parts:         2000,
	Cells:         1_000_000,
	Text:          32 << 20,
	Columns:       256,
	Area:          5_000_000,
	Merges:        500_000,
	Rows:          20_000,
	LongText:      20_000, // what a report of progress may hold: an export must read back
	ShortText:     200,
	Problems:      500,
}

func orDefault[T int | int64](v, d T) T {
	if v == 0 {
		return d
	}
	return v
}

// filled returns the limits with defaults in place of zeros.
func (l Limits) filled() Limits {
	d := defaultLimits
	return Limits{
		FileBytes:     orDefault(l.FileBytes, d.FileBytes),
		UnpackedBytes: orDefault(l.UnpackedBytes, d.UnpackedBytes),
		Parts:         orDefault(l.Parts, d.Parts),
		Cells:         orDefault(l.Cells, d.Cells),
		Text:          orDefault(l.Text, d.Text),
		Columns:       orDefault(l.Columns, d.Columns),
		Area:          orDefault(l.Area, d.Area),
		Merges:        orDefault(l.Merges, d.Merges),
		Rows:          orDefault(l.Rows, d.Rows),
		LongText:      orDefault(l.LongText, d.LongText),
		ShortText:     orDefault(l.ShortText, d.ShortText),
		Problems:      orDefault(l.Problems, d.Problems),
	}
}

func (o Options) filled() Options {
	o.Limits = o.Limits.filled()
	if o.Required == nil {
		o.Required = []Field{Text}
	}
	return o
}
