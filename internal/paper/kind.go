package paper

import (
	"bytes"
	"strings"
	"sync"
	"unicode"
)

// Kind is a kind of official document that is made from a template: which fields its
// data has, and the program's own template.
type Kind struct {
	Code           string // "letter"
	Title, TitleEn string
	Fields         []Field
	Layout         Document // the program's own template: blocks with markers
}

// Field is one field of a kind. A template names it by Code or Name, in capitals or
// not, with blanks or not.
type Field struct {
	Code, Name   string  // "finding_text", "反馈问题"
	Note, NoteEn string  // what it says, where the name does not
	Sample       string  // a value for a look at a template without a record
	Fields       []Field // of each row, where the field is a repeating part
}

// IsList says that the field is a repeating part.
func (f Field) IsList() bool { return len(f.Fields) > 0 }

// Common are the fields that every kind has besides its own: what leads from the
// paper back to the record.
func Common() []Field {
	return []Field{
		{Code: "paper_ref", Name: "文书编号", Sample: "8-JT-report-1"},
		{Code: "record_version", Name: "记录版本", Sample: "12"},
		{Code: "check_code", Name: "校验码", Sample: "ABCDE-FGHIJ"},
		{Code: "check_line", Name: "校验行", Note: "文书编号、记录版本、校验码合为一行", NoteEn: "reference, version and check code in one line", Sample: "文书编号：8-JT-report-1　记录版本：12　校验码：ABCDE-FGHIJ"},
	}
}

// Counters are the fields that every repeating part has besides its own.
func Counters() []Field {
	return []Field{
		{Code: "index", Name: "序号", Note: "1、2、3……", NoteEn: "1, 2, 3, …", Sample: "1"},
		{Code: "ordinal", Name: "序数", Note: "一、二、三……", NoteEn: "一, 二, 三, …", Sample: "一"},
	}
}

// Kinds are all kinds, in the order of the work.
func Kinds() []Kind {
	return []Kind{
		planKind(), reportKind(), headReportKind(), letterKind(), closingKind(),
		immediateKind(), orderKind(), reminderKind(), warningKind(), visitKind(), dutyKind(), circularKind(), publicKind(),
	}
}

// KindOf finds a kind by its code.
func KindOf(code string) (Kind, bool) {
	for _, k := range Kinds() {
		if k.Code == code {
			return k, true
		}
	}
	return Kind{}, false
}

// All are the kind's own fields and those of every kind.
func (k Kind) All() []Field { return append(k.Fields[:len(k.Fields):len(k.Fields)], Common()...) }

var builtin sync.Map // code of a kind -> its own template as a Word file

// Builtin is the program's own template as a Word file. The same bytes each time;
// not to be written to.
func (k Kind) Builtin() []byte {
	if file, made := builtin.Load(k.Code); made {
		return file.([]byte)
	}
	var b bytes.Buffer
	if err := WriteDocument(&b, k.Layout); err != nil {
		panic(err) // memory takes all that is written
	}
	file, _ := builtin.LoadOrStore(k.Code, b.Bytes())
	return file.([]byte)
}

// Own is the program's own template, ready to be filled.
func (k Kind) Own() (*Form, error) {
	file := k.Builtin()
	t, err := Parse(bytes.NewReader(file), int64(len(file)))
	if err != nil {
		return nil, err
	}
	return t.Bind(k, nil)
}

// Sample is invented data for a look at a template: every field says something, and
// each repeating part has two rows.
func (k Kind) Sample() Data { return sampleOf(k.All()) }

func sampleOf(fields []Field) Data {
	d := Data{}
	for _, f := range fields {
		switch {
		case f.IsList():
			d[f.Code] = []Data{sampleOf(f.Fields), sampleOf(f.Fields)}
		case f.Sample == "":
			d[f.Code] = f.Name
		default:
			d[f.Code] = f.Sample
		}
	}
	return d
}

// sameName reduces a name to what tells it apart from others.
func sameName(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsSpace(r) || r == '_' || r == '-' {
			return -1
		}
		return unicode.ToLower(r)
	}, s)
}

func (f Field) named(name string) bool {
	name = sameName(name)
	return name == sameName(f.Code) || name == sameName(f.Name)
}
