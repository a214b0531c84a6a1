package extract

import (
	"bytes"
	"fmt"
	"io"
	"unicode/utf8"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/encoding/unicode"
)

// plainText reads a text file in the encodings that offices use: UTF-8, UTF-16 with
// its mark, GB18030.
func plainText(f File) (text string, cut bool, err error) {
	raw, err := io.ReadAll(io.LimitReader(f, 4*MaxText+4))
	if err != nil {
		return "", false, fmt.Errorf("read text file: %w", err)
	}
	cut = int64(len(raw)) < f.Size
	var from encoding.Encoding
	switch {
	case bytes.HasPrefix(raw, []byte{0xff, 0xfe}), bytes.HasPrefix(raw, []byte{0xfe, 0xff}):
		from = unicode.UTF16(unicode.LittleEndian, unicode.UseBOM)
	case whole(raw, cut):
		return string(raw), cut, nil
	default:
		from = simplifiedchinese.GB18030
	}
	decoded, err := from.NewDecoder().Bytes(raw)
	if err != nil {
		return "", false, Unreadable{"extract.damaged"}
	}
	return string(decoded), cut, nil
}

// whole reports whether the bytes are UTF-8, the last character possibly cut.
func whole(raw []byte, cut bool) bool {
	if cut {
		for range utf8.UTFMax {
			if utf8.Valid(raw) {
				return true
			}
			raw = raw[:len(raw)-1]
		}
	}
	return utf8.Valid(raw)
}
