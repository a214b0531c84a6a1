package sheet

import (
	"regexp"
	"strings"
)

// title is the header under which a field is written and named in messages; the
// words after it are read as the same.
var headers = []struct {
	field Field
	title string
	also  string
}{
	{Sequence, "序号", "顺序号 no no."},
	{Number, "问题编号", "编号 问题序号 反馈问题编号 findingnumber number"},
	{Organisation, "被巡察党组织", "被巡察单位 被巡察单位党组织 责任单位 整改单位 整改责任单位 单位 单位名称 党组织 组织名称 organisation organization"},
	{Category, "反馈类别", "类别 问题类别 问题分类 反馈问题类别 category"},
	{Aspect, "方面", "问题方面 反馈方面 aspect"},
	{Text, "反馈问题", "问题 问题原文 反馈问题原文 具体问题 问题内容 巡察反馈问题 反馈问题内容 存在问题 finding text"},
	{Manifestations, "具体表现", "表现 问题表现 问题具体表现 主要表现 manifestations"},
	{OrganCadre, "是否涉组涉干", "涉组涉干 是否涉组涉干问题 涉组涉干问题 organisationandcadre"},
	{Kind, "整改类型", "类型 整改类别 整改性质 kind"},
	{Cause, "原因剖析", "原因 原因分析 问题原因 cause"},
	{Target, "整改目标", "目标 target"},
	{MeasureNumber, "措施编号", "措施序号 整改措施编号 measurenumber"},
	{MeasureText, "整改措施", "措施 具体措施 具体整改措施 整改任务 measures measure"},
	{MeasureDeadline, "措施时限", "措施完成时限 措施整改时限 measuredeadline"},
	{Leader, "责任领导", "分管领导 牵头领导 整改责任领导 leader"},
	{Section, "牵头科室", "责任科室 责任部门 牵头部门 承办科室 section"},
	{Handler, "经办人", "责任人 具体责任人 承办人 经办人员 handler"},
	{Deadline, "完成时限", "整改时限 时限 完成时间 整改期限 计划完成时间 整改完成时限 deadline"},
	{Progress, "整改进展情况", "整改进展 进展情况 整改情况 整改落实情况 整改成效 整改完成情况 progress"},
	{Status, "自评状态", "状态 整改状态 完成状态 自评 status"},
	{EvidenceList, "佐证材料", "佐证 佐证资料 佐证材料清单 印证材料 evidence"},
	{Remark, "备注", "说明 remark remarks"},
	{Stage, "办理状态", ""},
	{Outcome, "办结结果", ""},
	{OutcomeDay, "办结或复查日期", ""},
	{EarlierDeadline, "原完成时限", ""},
	{Position, "认领意见", ""},
}

var (
	fieldOf  = map[string]Field{}
	titleOf  = map[Field]string{}
	kinds    = wordTable{{KindImmediate, "立行立改"}, {KindDated, "限期整改"}, {KindLongTerm, "长期坚持"}}
	statuses = wordTable{{StatusDone, "已完成"}, {StatusBasicallyDone, "基本完成"}, {StatusInProgress, "正在推进"}, {StatusNotStarted, "未启动"}}
	yesNo    = wordTable{{"yes", "是"}, {"no", "否"}}
	more     = map[string]string{ // further spellings of the words above
		"限期": "限期整改", "即知即改": "立行立改", "立即整改": "立行立改", "长期": "长期坚持", "长期整改": "长期坚持",
		"完成": "已完成", "已整改": "已完成", "整改完成": "已完成", "已整改完成": "已完成", "基本整改": "基本完成",
		"推进中": "正在推进", "整改中": "正在推进", "正在整改": "正在推进", "未开始": "未启动", "未整改": "未启动",
		"√": "是", "有": "是", "y": "是", "yes": "是", "true": "是", "n": "否", "no": "否", "false": "否", "无": "否", "×": "否",
	}
	brackets = regexp.MustCompile(`[（(【\[][^）)】\]]*[）)】\]]`)
)

func init() {
	for _, h := range headers {
		titleOf[h.field] = h.title
		for _, word := range append(strings.Fields(h.also), h.title) {
			fieldOf[headerWord(word)] = h.field
		}
	}
}

// fieldUnder tells the field of a column from the words of its header.
func fieldUnder(title string) (Field, bool) {
	if len(title) > 300 {
		return "", false // a text, not a header
	}
	f, ok := fieldOf[headerWord(title)]
	return f, ok
}

// headerWord reduces a header to what is compared: no white space, no brackets
// with explanations, no marks, lower case.
func headerWord(s string) string {
	s = squeeze(strings.ToLower(s))
	if bare := brackets.ReplaceAllString(s, ""); bare != "" {
		s = bare
	}
	return strings.Trim(s, "*＊：:、.。")
}

// wordTable pairs the codes of a closed list with the words of the files.
type wordTable []struct{ code, word string }

func (t wordTable) code(word string) (string, bool) {
	word = squeeze(strings.ToLower(word))
	if full, ok := more[word]; ok {
		word = full
	}
	for _, e := range t {
		if e.word == word || e.code == word {
			return e.code, true
		}
	}
	return "", false
}

func (t wordTable) word(code string) string {
	for _, e := range t {
		if e.code == code {
			return e.word
		}
	}
	return code
}

// all lists the words for a message.
func (t wordTable) all() string {
	words := make([]string, len(t))
	for i, e := range t {
		words[i] = e.word
	}
	return strings.Join(words, "、")
}
