package sheet

// Codes of FileError.
const (
	codeTooLarge      = "import.file_too_large"    // size in MB, limit in MB
	codeEmptyFile     = "import.file_empty"        //
	codeNotLedger     = "import.not_xlsx"          // file name
	codeOldExcel      = "import.old_excel"         //
	codeEncrypted     = "import.encrypted"         //
	codeHTML          = "import.html"              //
	codeBinary        = "import.binary_workbook"   //
	codeMacros        = "import.macros"            //
	codeExternalLinks = "import.external_links"    //
	codeDamagedZip    = "import.damaged"           // part
	codeTooManyParts  = "import.too_many_parts"    // number, limit
	codeTooMuchInside = "import.unpacks_too_large" // limit in MB
	codeMalformed     = "import.malformed"         // part, line
	codeDuplicatePart = "import.duplicate_part"    // part
	codeOutOfOrder    = "import.cells_out_of_order"
	codeBadString     = "import.bad_shared_string" // sheet, cell
	codeTooManyCells  = "import.too_many_cells"    // sheet, limit
	codeFarCell       = "import.cell_far_away"     // sheet, cell
	codeTooMuchText   = "import.too_much_text"     // limit in MB
	codeTooManyMerges = "import.too_many_merges"   // sheet, limit
	codeTooManyRows   = "import.too_many_rows"     // found, limit
	codeTooSlow       = "import.took_too_long"
	codeNoSheet       = "import.no_sheet"
	codeBadEncoding   = "import.bad_encoding"
	codeBadCSV        = "import.bad_csv" // line, column
)

// Codes of Problem.
const (
	codeEmptySheet      = "import.empty_sheet"
	codeNoHeader        = "import.no_header"
	codeNoFindings      = "import.no_findings"
	codeMissingColumn   = "import.missing_column"
	codeUnknownColumn   = "import.unknown_column"
	codeDuplicateColumn = "import.duplicate_column"
	codeUnnamedColumn   = "import.unnamed_column"
	codeMissingValue    = "import.missing_value"
	codeDuplicateNumber = "import.duplicate_number"
	codeBadDate         = "import.bad_date"
	codeDateNoYear      = "import.date_without_year"
	codeBeforeFeedback  = "import.deadline_before_feedback"
	codeTooLong         = "import.text_too_long"
	codeFormulaError    = "import.formula_error"
	codeFormulaNoValue  = "import.formula_without_value"
	codeUnknownWord     = "import.unknown_word"
	codeConflict        = "import.conflict_within_finding"
	codeStrayRow        = "import.row_without_finding"
	codeMeasureCount    = "import.measure_count"
	codeMoreProblems    = "import.more_problems"
	codeTooManyMeasures = "import.too_many_measures"
	codeHiddenTab       = "import.hidden_tab"     // name
	codeHiddenColumn    = "import.hidden_column"  // letters, header, samples
	codeHiddenRows      = "import.hidden_rows"    // number, first line, its first words
	codeLostCell        = "import.cell_not_read"  // its words
	codeCountMismatch   = "import.count_mismatch" // cells read, cells counted
	codeEvidenceCount   = "import.evidence_count" // entries, column, names
	codeTickTwice       = "import.tick_twice"     // columns
	codeNotATick        = "import.not_a_tick"     // words, column
)

// Codes of notices.
const (
	codeSheetSkipped  = "import.sheet_skipped"
	codeRowSkipped    = "import.row_skipped"
	codeTotalSkipped  = "import.total_skipped"   // first words
	codeHiddenRowLeft = "import.hidden_row_left" // first words
	codeHiddenTabLeft = "import.hidden_tab_left" // name
	codeColumnLeft    = "import.column_left"     // header, cells
	codeWordLeft      = "import.word_left"       // word, column
	codeLineNotEnded  = "import.line_not_ended"  // line
	codeRowsMissing   = "import.rows_missing"    // number, first line
	codeFewerRows     = "import.fewer_rows"      // last line declared, last line there
)

// Reasons why a cell or a row is in no finding.
const (
	leftHeader      = "import.left_header"
	leftHeaderAgain = "import.left_header_again"
	leftTitle       = "import.left_title"
	leftSection     = "import.left_section"
	leftNote        = "import.left_note"
	leftTotal       = "import.left_total"
	leftStanding    = "import.left_standing"
	leftColumn      = "import.left_column"
	leftHiddenRow   = "import.left_hidden_row"
	leftOpen        = "import.left_open"
	leftStray       = "import.left_stray"
	leftLost        = "import.left_lost"
)
