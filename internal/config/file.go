package config

import (
	"bytes"
	"errors"
	"fmt"
	"io"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/parser"
	"github.com/goccy/go-yaml/token"
)

// A PlaceError says where in the file something is wrong, lines and columns from 1.
type PlaceError struct {
	File         string
	Line, Column int
	Err          error
}

func (e PlaceError) Error() string {
	return fmt.Sprintf("%s:%d:%d: %v", e.File, e.Line, e.Column, e.Err)
}

func (e PlaceError) Unwrap() error { return e.Err }

// Parse reads a configuration file. A key it does not know, a key given twice and
// a value that cannot be used are a PlaceError.
func Parse(name string, text []byte) (Settings, error) {
	var s Settings
	dec := yaml.NewDecoder(bytes.NewReader(text), yaml.Strict())
	if err := dec.Decode(&s); err != nil && !errors.Is(err, io.EOF) {
		return Settings{}, placed(name, err)
	}
	var fault Fault
	if err := s.Check(); errors.As(err, &fault) {
		line, column := find(text, fault.Field)
		return Settings{}, PlaceError{name, line, column, fault}
	}
	return s, nil
}

// placed keeps place and reason of an error of the library, without its excerpt.
func placed(name string, err error) error {
	var at yaml.Error
	if !errors.As(err, &at) {
		return fmt.Errorf("%s: %w", name, err)
	}
	position := token.Position{Line: 1, Column: 1}
	if t := at.GetToken(); t != nil && t.Position != nil {
		position = *t.Position
	}
	return PlaceError{name, position.Line, position.Column, errors.New(at.GetMessage())}
}

// find returns where the value of a field stands.
func find(text []byte, field string) (line, column int) {
	path, err := yaml.PathString("$." + field)
	if err != nil {
		return 1, 1
	}
	file, err := parser.ParseBytes(text, 0)
	if err != nil {
		return 1, 1
	}
	node, err := path.FilterFile(file)
	if err != nil || node.GetToken() == nil {
		return 1, 1
	}
	p := node.GetToken().Position
	return p.Line, p.Column
}
