package mechanism

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/parser"
	"github.com/goccy/go-yaml/token"
)

// MaxText is the most bytes of a mechanism as YAML.
const MaxText = 256 << 10

// Parse reads a mechanism from YAML. A key it does not know, a value of the wrong
// kind and whatever Check finds are Flaws with line and column.
func Parse(text []byte) (Mechanism, error) {
	var m Mechanism
	if len(text) > MaxText {
		return m, Flaws{{Code: "mechanism.text_too_long", Args: []any{MaxText >> 10}, Line: 1, Column: 1}}
	}
	if alias, found := aliasIn(text); found {
		return m, Flaws{alias}
	}
	dec := yaml.NewDecoder(bytes.NewReader(text), yaml.Strict())
	if err := dec.Decode(&m); err != nil {
		return Mechanism{}, Flaws{flawOf(err)}
	}
	if err := dec.Decode(&Mechanism{}); !errors.Is(err, io.EOF) {
		return Mechanism{}, Flaws{{Code: "mechanism.two_texts", Line: 1, Column: 1}}
	}
	flaws := m.Check()
	if len(flaws) == 0 {
		return m, nil
	}
	return m, placed(text, flaws)
}

// Marshal writes the mechanism as YAML that Parse reads back to the same value.
func Marshal(m Mechanism) []byte {
	text, err := yaml.MarshalWithOptions(m, yaml.IndentSequence(true))
	if err != nil {
		panic(fmt.Sprintf("mechanism: %v", err)) // plain values only
	}
	return text
}

// Same reports whether two mechanisms say the same, whatever their versions.
func Same(a, b Mechanism) bool {
	a.Version, b.Version = 0, 0
	return bytes.Equal(Marshal(a), Marshal(b))
}

// flawOf turns an error of the library into one that a person can act on.
func flawOf(err error) Flaw {
	if errors.Is(err, io.EOF) {
		return Flaw{Code: "mechanism.empty", Line: 1, Column: 1}
	}
	f := Flaw{Code: "mechanism.syntax", Line: 1, Column: 1}
	var at yaml.Error
	if !errors.As(err, &at) {
		return f
	}
	word := ""
	if t := at.GetToken(); t != nil {
		word = strings.TrimSpace(t.Value)
		if t.Position != nil {
			f.Line, f.Column = t.Position.Line, t.Position.Column
		}
	}
	var unknown *yaml.UnknownFieldError
	var twice *yaml.DuplicateKeyError
	var syntax *yaml.SyntaxError
	switch {
	case errors.As(err, &unknown):
		f.Code, f.Args = "mechanism.unknown_key", []any{word}
	case errors.As(err, &twice), strings.Contains(at.GetMessage(), "already defined"):
		f.Code, f.Args = "mechanism.duplicate_key", []any{word}
	case !errors.As(err, &syntax):
		f.Code, f.Args = "mechanism.wrong_type", []any{word}
	}
	return f
}

// aliasIn finds an anchor or an alias. They are not for data that people read
// line by line, and a few of them can blow a text up to any size.
func aliasIn(text []byte) (Flaw, bool) {
	file, err := parser.ParseBytes(text, 0)
	if err != nil {
		return Flaw{}, false // the decoder says so
	}
	for _, doc := range file.Docs {
		if doc.Body == nil {
			continue
		}
		for _, kind := range []ast.NodeType{ast.AnchorType, ast.AliasType, ast.MergeKeyType} {
			if nodes := ast.Filter(kind, doc.Body); len(nodes) > 0 {
				line, column := place(nodes[0].GetToken())
				return Flaw{Code: "mechanism.alias", Line: line, Column: column}, true
			}
		}
	}
	return Flaw{}, false
}

// placed gives each flaw the place of its path in the text, in the order of the text.
func placed(text []byte, flaws Flaws) Flaws {
	file, err := parser.ParseBytes(text, 0)
	if err != nil || len(file.Docs) == 0 {
		return flaws
	}
	for i, f := range flaws {
		flaws[i].Line, flaws[i].Column = find(file.Docs[0].Body, steps(f.Path))
	}
	slices.SortStableFunc(flaws, func(a, b Flaw) int {
		if a.Line != b.Line {
			return a.Line - b.Line
		}
		return a.Column - b.Column
	})
	return flaws
}

// steps splits documents[1].rule into documents, 1, rule.
func steps(path string) []string {
	return strings.FieldsFunc(path, func(r rune) bool { return r == '.' || r == '[' || r == ']' })
}

// find follows the path as far as the text goes: what is missing is missing in
// the last thing that is there.
func find(node ast.Node, path []string) (line, column int) {
	line, column = place(node.GetToken())
	for _, step := range path {
		key, next := child(node, step)
		if key != nil {
			line, column = place(key.GetToken())
		}
		if next == nil {
			return line, column
		}
		node = next
		if _, isMap := next.(*ast.MappingNode); key == nil || !isMap {
			line, column = first(next)
		}
	}
	return line, column
}

func child(node ast.Node, step string) (key, value ast.Node) {
	switch n := node.(type) {
	case *ast.MappingNode:
		for _, v := range n.Values {
			if v.Key.GetToken().Value == step {
				return v.Key, v.Value
			}
		}
	case *ast.MappingValueNode:
		if n.Key.GetToken().Value == step {
			return n.Key, n.Value
		}
	case *ast.SequenceNode:
		if i, err := strconv.Atoi(step); err == nil && i < len(n.Values) {
			return nil, n.Values[i]
		}
	}
	return nil, nil
}

// first is where the text of the node begins.
func first(node ast.Node) (line, column int) {
	switch n := node.(type) {
	case *ast.MappingNode:
		if !n.IsFlowStyle && len(n.Values) > 0 {
			return place(n.Values[0].Key.GetToken())
		}
	case *ast.MappingValueNode:
		return place(n.Key.GetToken())
	}
	return place(node.GetToken())
}

func place(t *token.Token) (line, column int) {
	if t == nil || t.Position == nil {
		return 1, 1
	}
	return t.Position.Line, t.Position.Column
}
