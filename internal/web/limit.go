package web

import (
	"net/http"
	"strconv"

	"lianshen/internal/lang"
	"lianshen/internal/ledger"
	"lianshen/internal/ledger/mechanism"
	"lianshen/internal/policy"
	"lianshen/internal/store"
	"lianshen/internal/workday"
)

// Limit returns a handler that draws a table of n invented rows with the component
// of the ledger page and does nothing else: no session, no database, no frame, no
// compression. The site does not serve it; what a page costs is measured against it.
func Limit(n int) http.Handler {
	round := ledger.Round{Number: 1, Name: "第一轮", Mechanism: mechanism.Presets()["weixi"]}
	scope := policy.ScopeOf(policy.Actor{Role: ledger.Clerk, Body: "office"})
	rows := make([]store.Row, n)
	for i := range rows {
		rows[i] = store.Row{
			Number: "1-JT-" + strconv.Itoa(100+i), Organisation: "JT", Title: limitText, Category: "全面从严治党", Round: 1,
			OrganCadre: i%4 == 0, Leader: "和志强", Due: "2026-03-31", Running: "2026-03-31", Stage: ledger.Rectifying, Evidence: i % 4,
		}
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		ctx := lang.With(r.Context(), lang.ZH)
		d := ledgerData{Round: round, Today: workday.Date{Year: 2026, Month: 3, Day: 1}, MayAssign: true, Parties: true}
		d.Rows = ledgerRows(ctx, rows, nil, rowContext{round, map[string]string{"JT": "交通局"}, d.Today, scope, nil})
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		_ = ledgerTable(d).Render(ctx, w) // the client has gone; there is nobody to tell
	})
}

// limitText is as long as the text of a usual finding.
const limitText = "分管领导公务卡结算制度执行不到位，仍以现金方式支付差旅费用。2020年至2024年，抽查的18个项目中有3个存在上述情形，" +
	"涉及资金126.40万元，制度刚性约束不足。业务科室固定资产账实不符，未按规定开展年度清查盘点。2021年至2025年，抽查的27个项目中有4个存在" +
	"上述情形，涉及资金18.05万元，影响了政策落地见效。机关支部组织生活会质量不高，批评意见避重就轻，干部职工反映较多。"
