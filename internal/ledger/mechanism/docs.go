package mechanism

// Reviewed lists the documents that the mechanism reviews, in the order of the work.
func (m Mechanism) Reviewed() []Doc {
	var docs []Doc
	for _, doc := range Docs() {
		if _, reviewed := m.Document(doc); reviewed {
			docs = append(docs, doc)
		}
	}
	return docs
}
