package opc

import (
	"strings"
	"unicode"
)

// Clean makes line ends one kind, drops control characters, which neither a
// page nor a Word file can carry, and trims white space at both ends.
func Clean(s string) string {
	if strings.ContainsAny(s, "\r\v\f") {
		s = strings.NewReplacer("\r\n", "\n", "\r", "\n", "\v", "\n", "\f", "\n").Replace(s)
	}
	return strings.TrimSpace(Strip(s))
}

// Strip drops what XML 1.0 cannot hold, and byte order marks.
func Strip(s string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r == '\n' || r == '\t':
			return r
		case unicode.IsControl(r), r == '\ufffe', r == '\uffff', r == '\ufeff':
			return -1
		}
		return r
	}, s)
}
