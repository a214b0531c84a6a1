// Package sheet turns the files of the work into values and back: ledgers in
// Excel and CSV in and out, official documents in Word out.
//
// It does not write to a store, decide whether a finding may be added, or know
// any type of the ledger: it returns rows and problems by cell, and takes rows
// to print.
package sheet
