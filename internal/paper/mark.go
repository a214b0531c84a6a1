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
// printed: base32 of a SHA-256 over reference, version and blocks.
func (d Document) CheckCode(m Mark) string {
	content, err := json.Marshal(struct {
		Ref     string
		Version int64
		Blocks  []Block
	}{m.Ref, m.Version, d.Blocks})
	if err != nil {
		panic(err) // plain data always encodes
	}
	digest := sha256.Sum256(content)
	return base32.StdEncoding.EncodeToString(digest[:])[:10]
}

// Marked returns the document with the mark at its end, and the code.
func (d Document) Marked(m Mark) (Document, string) {
	code := d.CheckCode(m)
	text := fmt.Sprintf("文书编号：%s　记录版本：%d　校验码：%s", m.Ref, m.Version, SpacedCode(code))
	if m.Seq > 0 {
		text += fmt.Sprintf("　留痕：第%d条", m.Seq)
	}
	d.Blocks = append(d.Blocks[:len(d.Blocks):len(d.Blocks)], Paragraph{Style: StyleNote, Text: text})
	return d, code
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
