package paper

import (
	"crypto/sha256"
	"encoding/base32"
	"encoding/json"
	"fmt"
	"strings"
)

// Mark leads from a paper back to the record: it is printed small at the end.
type Mark struct {
	Ref     string // what is typed to find the record: "8-JT-report-1"
	Version int64  // facts of the record the paper was made from
	Seq     int64  // number of the entry of the trail; 0: none to tell
}

// CheckCode returns ten characters that change with every character of what is
// printed.
func (d Document) CheckCode(m Mark) string {
	return m.code(d.Blocks)
}

// CheckCode returns ten characters that change with every character of what the
// document is filled with, whatever template it is made from.
func (d Data) CheckCode(m Mark) string { return m.code(d) }

// code is base32 of a SHA-256 over reference, version and content.
func (m Mark) code(of any) string {
	content, err := json.Marshal(struct {
		Ref     string
		Version int64
		Blocks  any
	}{m.Ref, m.Version, of})
	if err != nil {
		panic(err) // plain data always encodes, and maps in the order of their keys
	}
	digest := sha256.Sum256(content)
	return base32.StdEncoding.EncodeToString(digest[:])[:10]
}

// Marked returns the data with the fields of Common.
func (d Data) Marked(m Mark, code string) Data {
	out := Data{"paper_ref": m.Ref, "record_version": m.Version, "check_code": SpacedCode(code), "check_line": m.line(code)}
	for key, value := range d {
		out[key] = value
	}
	return out
}

// line is the mark as it is printed.
func (m Mark) line(code string) string {
	text := fmt.Sprintf("文书编号：%s　记录版本：%d　校验码：%s", m.Ref, m.Version, SpacedCode(code))
	if m.Seq > 0 {
		text += fmt.Sprintf("　留痕：第%d条", m.Seq)
	}
	return text
}

// MarkedBy returns the document with the mark and the code of its content at its end.
func (d Document) MarkedBy(m Mark, code string) Document {
	d.Blocks = append(d.Blocks[:len(d.Blocks):len(d.Blocks)], Paragraph{Style: StyleNote, Text: m.line(code)})
	return d
}

// SpacedCode writes a code as it is printed: "ABCDE-FGHIJ".
func SpacedCode(code string) string {
	if len(code) != 10 {
		return code
	}
	return code[:5] + "-" + code[5:]
}

// ReadCode returns the code that somebody typed: small letters, blanks and dashes
// do not matter, nor do 0, 1 and 8, which base32 lacks and O, I and B resemble.
func ReadCode(typed string) string {
	code := strings.ToUpper(strings.Join(strings.Fields(typed), ""))
	return strings.NewReplacer("-", "", "－", "", "0", "O", "1", "I", "8", "B").Replace(code)
}
