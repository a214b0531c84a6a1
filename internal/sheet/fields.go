package sheet

import "strings"

// Fields lists the fields of a ledger in the order of its columns.
func Fields() []Field {
	list := make([]Field, len(headers))
	for i, h := range headers {
		list[i] = h.field
	}
	return list
}

// HeadersOf lists the words that are read as the field, as the program knows them.
func HeadersOf(f Field) string {
	for _, h := range headers {
		if h.field == f {
			return strings.Join(append([]string{h.title}, strings.Fields(h.also)...), "、")
		}
	}
	return ""
}
