package sheet

// Title returns the header under which the field is written and named in messages.
func Title(f Field) string { return titleOf[f] }

// StatusWord returns the word that ledgers write for a code of Row.Status; "" for none.
func StatusWord(code string) string { return statuses.word(code) }
