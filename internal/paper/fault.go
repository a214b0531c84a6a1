package paper

import (
	"fmt"
	"strings"
)

// Fault is one thing wrong with a template. Code is a key of the catalogue; Field
// and Args fill its {0}, {1}, … in that order where Field is given, else Args alone.
type Fault struct {
	Code  string   `json:"code"`
	Field string   `json:"field,omitempty"` // as written in the template
	Place Place    `json:"place"`
	Args  []string `json:"args,omitempty"`
}

// Place is where in a template something stands. Zero fields are not known.
type Place struct {
	Part  string `json:"part,omitempty"`  // body, header, footer, note, or the name of the part in the file
	Table int    `json:"table,omitempty"` // from 1, as they follow each other in the part
	Row   int    `json:"row,omitempty"`   // of the table, from 1
	Text  string `json:"text,omitempty"`  // of the paragraph, shortened
}

// Faults are all faults of a template, in the order of the text.
type Faults []Fault

// Error gives codes and fields for the log; users read the catalogue.
func (f Faults) Error() string {
	words := make([]string, len(f))
	for i, x := range f {
		words[i] = strings.TrimSpace(fmt.Sprint(x.Code, " ", x.Field, " ", strings.Join(x.Args, " ")))
	}
	return strings.Join(words, "; ")
}

func faulty(code string, args ...any) Faults {
	f := Fault{Code: code}
	for _, a := range args {
		f.Args = append(f.Args, clip(fmt.Sprint(a), 80))
	}
	return Faults{f}
}

// clip keeps a message readable when the text it quotes is long.
func clip(s string, most int) string {
	n := 0
	for i := range s {
		if n++; n > most {
			return s[:i] + "…"
		}
	}
	return s
}

// Codes of faults.
const (
	codeTooLarge     = "template.too_large"          // limit in MB
	codeUnpacks      = "template.unpacks_too_large"  // limit in MB
	codeNotDocx      = "template.not_docx"           //
	codeOldWord      = "template.old_word"           //
	codeMacros       = "template.macros"             //
	codeActive       = "template.active"             // part
	codeExternal     = "template.external"           // part, target
	codeFetches      = "template.fetches"            // instruction
	codeDamaged      = "template.damaged"            // part
	codeParts        = "template.too_many_parts"     // limit
	codeDuplicate    = "template.duplicate_part"     // part
	codeMalformed    = "template.malformed"          // part, line
	codeTooDeep      = "template.too_deep"           // part
	codeMarkers      = "template.too_many_fields"    // limit
	codeNoField      = "template.no_field"           //
	codeOpenMarker   = "template.marker_open"        //
	codeEmptyMarker  = "template.marker_empty"       //
	codeUnclosed     = "template.part_open"          // field
	codeStray        = "template.end_without_start"  // field
	codeCrosses      = "template.crosses"            // field
	codeMidLine      = "template.mid_line"           // field
	codeUnknown      = "template.unknown_field"      // field
	codeUnknownNear  = "template.unknown_field_near" // field, nearest known ones
	codeElsewhere    = "template.only_within"        // field, the repeating part it belongs to
	codeIsList       = "template.is_list"            // field
	codeWithinItself = "template.within_itself"      // field
)

// Unknown says that the template names a field the kind has not: a person may say
// what is meant by it; see Aliases.
func (f Fault) Unknown() bool { return f.Code == codeUnknown || f.Code == codeUnknownNear }
