// Package opc holds what workbooks and Word files have in common: both are zips of
// XML parts (Open Packaging Conventions). It writes such zips so that the same
// content gives the same bytes, and makes any text safe to stand in XML.
//
// It does not know what a part means.
package opc
