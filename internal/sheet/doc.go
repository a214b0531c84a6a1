// Package sheet turns the ledgers of the work into values and back: Excel and CSV
// in and out. Official documents are in package paper.
//
// It does not write to a store, decide whether a finding may be added, or know
// any type of the ledger: it returns rows and problems by cell, and takes rows
// to print.
package sheet
