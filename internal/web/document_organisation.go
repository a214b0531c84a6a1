package web

import (
	"fmt"
	"regexp"
	"strings"

	"lianshen/internal/lang"
	"lianshen/internal/ledger"
	"lianshen/internal/paper"
	"lianshen/internal/policy"
)

// Documents of an inspected organisation. They are Chinese whatever the language of
// the page.

// Fields that many kinds ask for.
var (
	askRed     = ask{Name: "issuer"}
	askNumber  = ask{Name: "number"}
	askSigner  = ask{Name: "signer"}
	askContact = ask{Name: "contact"}
	askDate    = ask{Name: "date", Date: true, propose: func(d *documentDraft) string { return d.Today.String() }}
	askGroup   = ask{Name: "to", propose: func(*documentDraft) string { return "县委巡察工作领导小组" }}
	askOwn     = ask{Name: "signature", propose: func(d *documentDraft) string { return d.Name.Full }}
)

func asksTitle(propose func(*documentDraft) string) ask {
	return ask{Name: "title", Long: true, propose: propose}
}

func asksText(name string, propose func(*documentDraft) string) ask {
	return ask{Name: name, Long: true, propose: propose}
}

func always(text string) func(*documentDraft) string {
	return func(*documentDraft) string { return text }
}

func organisationDocuments() []documentSort {
	of := func(kind string, fill func(*documentDraft) paper.Data, asks ...ask) documentSort {
		return documentSort{Kind: kind, Group: "organisation", About: ofOrganisation, Page: policy.PageOwnDocument, Asks: asks, fill: fill}
	}
	return []documentSort{
		of("plan", planData, asksTitle(planTitle), asksText("opening", planOpening), asksText("aim", planAim), asksText("leadership", always(planLeadership)),
			asksText("steps", planSteps), asksText("demands", always(planDemands)), askOwn, askDate, askContact, askRed, askNumber),
		of("report", reportData, asksTitle(reportTitle), askGroup, asksText("opening", reportOpening), asksText("organising", always(reportOrganising)),
			asksText("next", always(reportNext)), askOwn, askDate, askContact, askRed, askNumber, askSigner),
		of("head_report", headReportData, asksTitle(headTitle), askGroup, asksText("opening", headOpening), asksText("text", headText),
			asksText("closing", always("特此报告。")), askOwn, askDate, askContact, askRed, askNumber, askSigner),
		of("public", publicData, asksTitle(publicTitle), asksText("opening", publicOpening), asksText("organising", always(publicOrganising)),
			asksText("next", always(publicNext)), askOwn, askDate, askContact),
	}
}

const (
	planLeadership = "成立巡察整改工作领导小组，由党组织主要负责人任组长，班子成员任副组长，各牵头科室负责人为成员，下设整改办公室，负责统筹调度、台账管理和佐证归档。主要负责人对重点难点问题亲自部署、亲自过问、亲自协调、亲自督办。"
	planDemands    = "主要负责人履行第一责任人责任，班子成员落实“一岗双责”，对照清单逐条推进，完成一项、报送一项。完成情况须有数据、有事例、有佐证，不得以会议、文件代替整改，不得弄虚作假。"

	reportOrganising = "把巡察整改作为重要政治任务，党组织主要负责人承担第一责任人责任，对重点难点问题亲自部署、亲自过问、亲自协调、亲自督办；班子成员落实“一岗双责”，按照整改方案逐条推进。"
	reportNext       = "对已完成的问题巩固成果、防止反弹；对尚未完成的问题倒排时间、压实责任，按期完成；对需要长期坚持的问题持续跟踪，按时报告。举一反三健全制度，把整改成效转化为治理效能。"

	publicOrganising = "党组织高度重视巡察整改工作，主要负责人承担第一责任人责任，班子成员落实“一岗双责”，制定整改方案，逐条明确措施、责任和时限，推动问题整改。"
	publicNext       = "对已完成的问题巩固成果、防止反弹，对需要长期坚持的问题持续推进，自觉接受党员干部和人民群众监督。"
)

func planTitle(d *documentDraft) string {
	return d.Name.Full + "\n关于落实" + d.Round.Name + "\n反馈意见的整改方案"
}

func planOpening(d *documentDraft) string {
	return fmt.Sprintf("%s，%s向%s反馈了巡察意见。为抓好整改落实，结合实际，制定本方案。", dayZH(d.Round.FeedbackOn), d.Team, d.Name.Full)
}

func planAim(d *documentDraft) string {
	return fmt.Sprintf("以习近平新时代中国特色社会主义思想为指导，坚决扛起巡察整改主体责任，对反馈的%d个问题照单全收，逐条剖析原因、逐项明确措施、逐级压实责任，做到条条都整改、件件有着落、事事有回音。", len(d.Findings))
}

// planSteps divides the time of the round.
func planSteps(d *documentDraft) string {
	start, plan, end := dayZH(d.Round.FeedbackOn), dayZH(d.Round.PlanDue), dayZH(d.Round.RectifyUntil)
	if plan == "" {
		plan = "整改方案报送之日"
	}
	if end == "" {
		end = "集中整改期满"
	}
	return "（一）研究部署阶段（" + start + "至" + plan + "）。召开会议传达学习反馈意见，逐条认领问题，制定整改方案，按程序送审。\n" +
		"（二）集中整改阶段（至" + end + "）。召开专题民主生活会，对照清单逐项整改，定期调度，完成一项、销号一项。\n" +
		"（三）巩固提升阶段（" + end + "以后）。报送整改进展情况报告，接受联审和回访督查，对需要长期坚持的问题持续跟踪。"
}

// kindCounts counts findings by their kind, and their measures.
func kindCounts(findings []ledger.Finding) (kinds map[ledger.FindingKind]int, measures int) {
	kinds = map[ledger.FindingKind]int{}
	for _, f := range findings {
		kinds[f.Class.Kind]++
		measures += len(f.Plan.Measures)
	}
	return kinds, measures
}

func planData(d *documentDraft) paper.Data {
	kinds, measures := kindCounts(d.Findings)
	tasks := fmt.Sprintf("共梳理问题%d个，其中立行立改%d个、限期整改%d个、长期坚持%d个，制定整改措施%d条，形成问题清单、任务清单、责任清单（附后）。",
		len(d.Findings), kinds[ledger.Immediate], kinds[ledger.Dated], kinds[ledger.LongTerm], measures)
	if !d.Round.RectifyUntil.IsZero() {
		tasks += "集中整改期限为" + dayZH(d.Round.FeedbackOn) + "至" + dayZH(d.Round.RectifyUntil) + "。"
	}
	categories := []paper.Data{}
	for _, g := range byCategoryOf(d.Findings) {
		_, measures := kindCounts(g.Findings)
		categories = append(categories, paper.Data{
			"category": categoryZH(g.Category),
			"summary":  fmt.Sprintf("共%d个问题（清单第%s号），制定整改措施%d条。", len(g.Findings), g.places(), measures),
		})
	}
	rows := []paper.Data{}
	for _, f := range inCategories(d.Findings) {
		rows = append(rows, paper.Data{
			"number": f.Number, "category": f.Class.Category, "text": f.Text, "manifestations": strings.Join(f.Manifestations, "\n"),
			"kind": say("kind." + string(f.Class.Kind)), "cause": f.Plan.Cause, "target": f.Plan.Target, "measures": measuresZH(f.Plan.Measures),
			"leader": f.Plan.Leader, "section": f.Plan.Section, "handler": f.Plan.Handler, "deadline": deadlineZH(f),
		})
	}
	return paper.Data{"organisation": d.Name.Full, "tasks": tasks, "categories": categories, "findings": rows}
}

// measuresZH lists measures, each a line.
func measuresZH(list []ledger.Measure) string {
	var out []string
	for i, m := range list {
		out = append(out, measureZH(i+1, m))
	}
	return strings.Join(out, "\n")
}

// deadlineZH is a deadline as it was written, or its day.
func deadlineZH(f ledger.Finding) string { return or(f.Class.DeadlineText, dayZH(f.Class.Deadline)) }

// A categoryGroup is what was fed back under one category.
type categoryGroup struct {
	Category string
	Findings []ledger.Finding
	First    int // place of its first finding among all, from 1
}

// byCategoryOf groups findings by category, in the order in which they first occur.
func byCategoryOf(findings []ledger.Finding) (groups []categoryGroup) {
	at := map[string]int{}
	for _, f := range findings {
		i, known := at[f.Class.Category]
		if !known {
			i, at[f.Class.Category] = len(groups), len(groups)
			groups = append(groups, categoryGroup{Category: f.Class.Category})
		}
		groups[i].Findings = append(groups[i].Findings, f)
	}
	place := 1
	for i := range groups {
		groups[i].First = place
		place += len(groups[i].Findings)
	}
	return groups
}

// inCategories lists findings as their categories follow each other.
func inCategories(findings []ledger.Finding) (list []ledger.Finding) {
	for _, g := range byCategoryOf(findings) {
		list = append(list, g.Findings...)
	}
	return list
}

// places words where the group stands in a list: "1至10", or "1".
func (g categoryGroup) places() string {
	if len(g.Findings) == 1 {
		return itoa(g.First)
	}
	return itoa(g.First) + "至" + itoa(g.First+len(g.Findings)-1)
}

// categoryZH makes a heading of a category.
func categoryZH(category string) string {
	switch {
	case category == "":
		return "其他方面"
	case strings.HasSuffix(category, "方面"):
		return category
	}
	return category + "方面"
}

func reportTitle(d *documentDraft) string {
	return d.Name.Full + "\n关于" + d.Round.Name + "\n集中整改进展情况的报告"
}

func reportOpening(d *documentDraft) string {
	return fmt.Sprintf("根据县委统一部署，%s对%s开展了巡察，%s反馈了巡察意见。按照巡察工作有关规定，现将集中整改进展情况报告如下。",
		d.Team, d.Name.Full, dayZH(d.Round.FeedbackOn))
}

func reportData(d *documentDraft) paper.Data {
	unfinished, rows := []paper.Data{}, []paper.Data{}
	for _, f := range inCategories(d.Findings) {
		rows = append(rows, reportRow(f))
		if f.Progress.Claim != ledger.Done || f.Class.Kind == ledger.LongTerm {
			state := say("claim." + string(f.Progress.Claim))
			if by := deadlineZH(f); by != "" {
				state += "，整改期限为" + by
			}
			unfinished = append(unfinished, paper.Data{"number": f.Number, "text": strings.TrimRight(f.Text, "。"), "state": state})
		}
	}
	return paper.Data{
		"organisation": d.Name.Full, "figures": d.claimed(), "categories": progressByCategory(d.Findings, func(text string) string { return text }),
		"unfinished": unfinished, "rows": rows,
	}
}

// claimed words how far the organisation has come by its own account.
func (d *documentDraft) claimed() string {
	claims, rules := map[ledger.Claim]int{}, 0
	for _, f := range d.Findings {
		claims[f.Progress.Claim]++
		rules += len(f.Progress.Rules)
	}
	_, measures := kindCounts(d.Findings)
	n, done := len(d.Findings), claims[ledger.Done]
	text := fmt.Sprintf("截至%s，巡察反馈的%d个方面%d个问题，自评已完成整改%d个，基本完成并持续推进%d个，正在推进%d个，未启动%d个，自评完成率%s（按自评“已完成”的问题数占反馈问题总数计算，不含“基本完成”）；制定整改措施%d条",
		dayZH(d.Today), len(byCategoryOf(d.Findings)), n, done, claims[ledger.BasicallyDone], claims[ledger.InProgress],
		n-done-claims[ledger.BasicallyDone]-claims[ledger.InProgress], lang.Rate(done, n), measures)
	if rules > 0 {
		text += fmt.Sprintf("；新制定或修订制度%d项", rules)
	}
	return text + "。"
}

func reportRow(f ledger.Finding) paper.Data {
	var rules, evidence []string
	for _, r := range f.Progress.Rules {
		rules = append(rules, ruleZH(r))
	}
	for i, e := range f.Progress.Evidence {
		evidence = append(evidence, itoa(i+1)+"."+strings.TrimSpace(e.Name+" "+e.DocNumber))
	}
	if f.Progress.EvidenceText != "" {
		evidence = append(evidence, f.Progress.EvidenceText)
	}
	return paper.Data{
		"number": f.Number, "text": f.Text, "measures": measuresZH(f.Plan.Measures), "claim": say("claim." + string(f.Progress.Claim)),
		"deadline": deadlineZH(f), "rules": strings.Join(rules, "\n"), "evidence": strings.Join(evidence, "\n"),
	}
}

func ruleZH(r ledger.RuleMade) string {
	text := r.Title
	if !strings.HasPrefix(text, "《") {
		text = "《" + text + "》"
	}
	if r.DocNumber != "" {
		text += "（" + r.DocNumber + "）"
	}
	return text
}

// progressByCategory is what was done about each finding; tell rewrites the words.
func progressByCategory(findings []ledger.Finding, tell func(string) string) []paper.Data {
	categories := []paper.Data{}
	place := 0
	for _, g := range byCategoryOf(findings) {
		rows := []paper.Data{}
		for _, f := range g.Findings {
			place++
			rows = append(rows, paper.Data{"place": place, "number": f.Number, "quoted": quotedZH(tell(f.Text)), "progress": tell(or(f.Progress.Text, "（尚未报送整改情况）"))})
		}
		categories = append(categories, paper.Data{"category": categoryZH(g.Category), "findings": rows})
	}
	return categories
}

// quotedZH makes a text fit to stand within quotation marks.
func quotedZH(text string) string {
	return strings.TrimRight(strings.NewReplacer("“", "‘", "”", "’", "\n", "").Replace(text), "。；")
}

func headTitle(d *documentDraft) string {
	return d.Name.Full + "主要负责人\n关于组织落实" + d.Round.Name + "\n整改情况的报告"
}

func headOpening(d *documentDraft) string {
	return fmt.Sprintf("%s，%s向%s反馈了巡察意见。按照巡察工作有关规定，现将本人组织落实整改情况报告如下。", dayZH(d.Round.FeedbackOn), d.Team, d.Name.Full)
}

// headText proposes what the record has, or what such a report has to speak of.
func headText(d *documentDraft) string {
	if d.HeadReport != "" {
		return d.HeadReport
	}
	return "一、学习部署情况\n（何时召开何种会议，传达学习什么，作出哪些部署。）\n" +
		"二、推动落实情况\n（对哪些问题亲自部署、亲自过问、亲自协调、亲自督办，结果如何。）\n" +
		"三、带头领办重点难点问题情况\n（领办问题的编号、措施和结果。）\n" +
		"四、从自身改起和督促班子成员情况\n（自身问题的整改，督促班子成员履行“一岗双责”的做法。）\n" +
		"五、存在不足和下一步打算\n（实事求是写明差距，明确时限和责任人。）"
}

func headReportData(d *documentDraft) paper.Data {
	return paper.Data{"sections": sectionsOf(d.Values["text"]), "text": nil}
}

var headingMark = regexp.MustCompile(`^[一二三四五六七八九十]{1,3}、\s*`)

// sectionsOf divides a text at its headings "一、…"; what stands before the first one
// has no heading.
func sectionsOf(text string) []paper.Data {
	sections := []paper.Data{}
	var heading string
	var lines []string
	end := func() {
		if heading != "" || len(lines) > 0 {
			sections = append(sections, paper.Data{"heading": heading, "text": strings.Join(lines, "\n")})
		}
		heading, lines = "", nil
	}
	for _, line := range strings.Split(text, "\n") {
		line = strings.TrimSpace(line)
		mark := headingMark.FindString(line)
		switch {
		case line == "":
		case mark != "":
			end()
			heading = strings.TrimRight(strings.TrimPrefix(line, mark), "。")
		default:
			lines = append(lines, line)
		}
	}
	end()
	return sections
}
