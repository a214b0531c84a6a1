package ui

import "strconv"

// spanOf is how many columns the cell takes, as an attribute.
func spanOf(c LeafCell) string { return strconv.Itoa(max(1, c.Span)) }
