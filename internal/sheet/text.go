package sheet

import (
	"strconv"
	"strings"
	"unicode"

	"lianshen/internal/opc"
)

// cleanText makes line ends one kind, drops control characters and trims white
// space at both ends.
func cleanText(s string) string { return opc.Clean(s) }

// stripControls drops what XML 1.0 cannot hold, and byte order marks.
func stripControls(s string) string { return opc.Strip(s) }

// unescapeX decodes _x000D_, by which workbooks write characters XML cannot hold.
func unescapeX(s string) string {
	if !strings.Contains(s, "_x") {
		return s
	}
	var b strings.Builder
	for {
		i := strings.Index(s, "_x")
		if i < 0 || len(s) < i+7 {
			b.WriteString(s)
			return b.String()
		}
		b.WriteString(s[:i])
		if n, err := strconv.ParseUint(s[i+2:i+6], 16, 16); err == nil && s[i+6] == '_' {
			b.WriteRune(rune(n))
			s = s[i+7:]
			continue
		}
		b.WriteString("_x")
		s = s[i+2:]
	}
}

// escapeX writes a text so that unescapeX gives it back.
func escapeX(s string) string { return strings.ReplaceAll(s, "_x", "_x005F_x") }

// squeeze takes all white space out of a header or a word.
func squeeze(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsSpace(r) {
			return -1
		}
		return r
	}, s)
}

// narrow writes full-width letters, figures and marks such as １ and － as the
// half-width ones. It is for dates, numbers and words of closed lists: texts stay
// as they are.
func narrow(s string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r >= '！' && r <= '～':
			return r - '！' + '!'
		case r == '\u3000':
			return ' '
		}
		return r
	}, s)
}
