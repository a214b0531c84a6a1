// Package paper makes official documents: it lays out what the record says as a
// Word file of GB/T 9704-2012, and fills in the templates of an office.
//
// It does not read the record or a store, and decides nothing: it takes words and
// gives files.
package paper
