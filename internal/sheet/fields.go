package sheet

// Fields lists the fields of a ledger in the order of its columns.
func Fields() []Field {
	list := make([]Field, len(headers))
	for i, h := range headers {
		list[i] = h.field
	}
	return list
}
