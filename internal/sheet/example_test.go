package sheet_test

import (
	"bytes"
	"context"
	"fmt"

	"lianshen/internal/sheet"
)

func ExampleReadLedger() {
	file := "问题编号,被巡察党组织,反馈问题,整改措施,完成时限\n" +
		"08-JT-001,县教育体育局党组,校外培训监管存在盲区。,①逐家检查②公布名单,2026年1月底前\n" +
		"08-JT-002,县教育体育局党组,学前教育推进缓慢。,办结移交,2026-02-30\n"
	ledger, err := sheet.ReadLedger(context.Background(), bytes.NewReader([]byte(file)), int64(len(file)), "台账.csv", sheet.Options{})
	if err != nil {
		fmt.Println(err) // a *sheet.FileError: the file as a whole is refused
		return
	}
	for _, r := range ledger.Rows {
		fmt.Printf("%s: %d measures, due %q\n", r.Number, len(r.Measures), r.Deadline)
	}
	for _, p := range ledger.Problems {
		fmt.Println(p.Sheet, p.Cell, p.Code, p.Args)
	}
	// Output:
	// 08-JT-001: 2 measures, due "2026-01-31"
	// 08-JT-002: 1 measures, due ""
	// 台账.csv E3 import.bad_date [2026-02-30]
}
