// Package ui is the set of components the pages are made of: the shell, cards, tables, chips, figures, forms.
// It takes plain values and knows no finding, party or round: what a value means is said by the page that passes it.
// Each component has its states in the story book (Stories), which is at the same time its test.
package ui
