package sheet

import (
	"regexp"
	"strings"
)

// headers lists the columns of a ledger in the order in which they are written:
// the header, and the words that are read as the same.
var headers = []struct {
	field Field
	title string
	also  string
}{
	{Sequence, "序号", "顺序号 流水号 no no. 项次"},
	{Number, "问题编号", "编号 问题序号 反馈问题编号 反馈问题序号 问题代码 问题编码 编码 台账编号 findingnumber number"},
	{Organisation, "被巡察党组织", "被巡察单位 被巡察单位党组织 责任单位 整改单位 整改责任单位 单位 单位名称 党组织 组织名称 整改主体 被巡察单位名称 organisation organization"},
	{Category, "反馈类别", "类别 问题类别 问题分类 反馈问题类别 大类 反馈大类 问题大类 一级分类 板块 所属板块 反馈板块 领域 category"},
	{Aspect, "方面", "问题方面 小类 二级分类 反馈小类 中类 aspect"},
	{Text, "反馈问题", "问题 问题原文 反馈问题原文 具体问题 问题内容 巡察反馈问题 反馈问题内容 存在问题 存在的问题 存在的主要问题 巡察反馈意见 反馈意见 反馈事项 " +
		"反馈的问题 问题表述 反馈意见内容 反馈内容 主要问题 巡察反馈的问题 反馈的具体问题 finding text"},
	{Manifestations, "具体表现", "表现 问题表现 问题具体表现 主要表现 具体问题表现 突出表现 表现形式 事项描述 问题描述 具体情形 主要情形 具体情况 问题情形 表现情形 manifestations"},
	{OrganCadre, "是否涉组涉干", "涉组涉干 是否涉组涉干问题 涉组涉干问题 涉组 涉干 organisationandcadre"},
	{Kind, "整改类型", "类型 整改类别 整改性质 问题类型 立行立改/限期/长期 整改方式 kind"},
	{Cause, "原因剖析", "原因 原因分析 问题原因 产生原因 问题根源 cause"},
	{Target, "整改目标", "目标 整改要求 整改标准 预期目标 目标要求 target"},
	{MeasureNumber, "措施编号", "措施序号 整改措施编号 整改举措序号 举措序号 整改措施序号 measurenumber"},
	{MeasureText, "整改措施", "措施 具体措施 具体整改措施 整改任务 整改举措 具体举措 举措 整改具体措施 measures measure"},
	{MeasureDeadline, "措施时限", "措施完成时限 措施整改时限 举措时限 措施完成时间 measuredeadline"},
	{Leader, "责任领导", "分管领导 牵头领导 整改责任领导 领办领导 包案领导 分管校领导 责任班子成员 第一责任人 主要责任人 主管领导 督办领导 包联领导 " +
		"责任局领导 分管局领导 牵头负责人 整改牵头领导 牵头班子成员 分管负责同志 leader"},
	{Section, "牵头科室", "责任科室 责任部门 牵头部门 承办科室 责任股室 牵头股室 主责股室 主责科室 承办部门 责任处室 牵头处室 承办股室 牵头单位 承办单位 主办科室 主责部门 section"},
	{Handler, "经办人", "责任人 具体责任人 承办人 经办人员 具体负责人 办理人 落实人 直接责任人 联系人 整改责任人 具体承办人 具体落实人 handler"},
	{Deadline, "完成时限", "整改时限 时限 完成时间 整改期限 计划完成时间 整改完成时限 整改完成时间 办结时限 时限要求 完成期限 整改时间 完成日期 计划完成时限 deadline"},
	{Progress, "整改进展情况", "整改进展 进展情况 整改情况 整改落实情况 整改成效 整改完成情况 完成情况 目前进展 推进情况 进展成效 落实情况 " +
		"整改落实情况及成效 工作进展 整改状况 整改进展及成效 progress"},
	{Status, "自评状态", "状态 整改状态 完成状态 自评 进展状态 进度 销号情况 整改结论 自评结果 是否完成 整改进度 办理状态 完成进度 是否整改到位 完成与否 整改结果 status"},
	{EvidenceList, "佐证材料", "佐证 佐证资料 佐证材料清单 印证材料 佐证清单 支撑材料 证明材料 印证资料 附件材料 佐证材料目录 evidence"},
	{Remark, "备注", "说明 备注说明 remark remarks"},
	{Stage, "办理状态", ""},
	{Outcome, "办结结果", ""},
	{OutcomeDay, "办结或复查日期", ""},
	{EarlierDeadline, "原完成时限", ""},
	{Position, "认领意见", ""},
	{Message, "导入提示", ""},
}

// parts of a field that some ledgers spread over columns. They are read, never
// written.
var partHeaders = []struct {
	field Field
	words string
}{
	{EvidenceName, "佐证名称 佐证材料名称 佐证资料名称 印证材料名称 材料名称 证明材料名称 支撑材料名称"},
	{EvidenceNumber, "佐证文号 文号 材料文号 佐证材料文号 发文字号 文件文号 佐证资料文号"},
	{EvidenceDate, "佐证日期 成文日期 材料日期 佐证材料日期 佐证时间 落款日期 发文日期 成文时间 佐证资料日期"},
}

// similar says which field a header means that contains these words, in the order
// in which they are tried. A header of the table above never gets here.
var similar = []struct {
	field      Field
	has, hasnt string // regular expressions
}{
	{EvidenceNumber, `(佐证|印证|证明|支撑|材料|资料).*(文号|字号)|^文号`, `及|和|、`},
	{EvidenceDate, `(佐证|印证|证明|支撑|材料|资料|成文|发文).*(日期|时间)`, `及|和|、`},
	{EvidenceName, `(佐证|印证|证明|支撑|材料|资料).*名称`, `及|和|、`},
	{EvidenceList, `佐证|印证|证明材料|支撑|证明资料`, ``},
	{MeasureNumber, `(措施|举措).*(序号|编号)`, ``},
	{MeasureDeadline, `(措施|举措|任务).*(时限|期限|时间|日期)`, `及|和|与|、|/`},
	{MeasureText, `措施|举措`, `进展|成效|情况|落实|下一步|下步|未`},
	{OrganCadre, `涉组|涉干|组织人事`, ``},
	{Kind, `(整改|问题).*(类型|性质)|立行立改`, ``},
	{Number, `编号|编码`, `措施|文`},
	{Sequence, `序号`, ``},
	{Deadline, `时限|期限|(完成|办结|整改|计划).*(时间|日期)`, `实际|原|启动|开始|起止|销号`},
	{Status, `状态|进度|结论|销号|自评|是否(完成|整改|办结)|完成程度`, ``},
	{Leader, `领导|班子成员|牵头人`, `签字|意见|批示`},
	{Handler, `责任人|经办|承办人|办理人|落实人|负责人|联系人`, `签字|监督|督促`},
	{Section, `科室|股室|处室|部门|站所`, `配合|协办|协助|督促|监督|意见`},
	{Progress, `进展|成效|(整改|落实|推进|完成|办理|工作).*情况`, `实际|回访|督查|核查|审核|验收|督办|抽查|追责|问责|未`},
	{Cause, `原因|剖析|根源|成因`, `未`},
	{Target, `目标|整改要求`, ``},
	{Manifestations, `表现|描述|情形`, ``},
	{Category, `类别|大类|板块|分类|领域`, ``},
	{Aspect, `方面|小类|中类`, ``},
	{Organisation, `被巡察|党组织|(整改|责任)单位`, `意见|监督|配合`},
	{Text, `问题|反馈(意见|事项|内容)`, `是否|数|个|来源|属性|时间`},
	{Remark, `^备注`, ``},
}

type similarRule struct {
	field      Field
	has, hasnt *regexp.Regexp
}

var (
	fieldOf  = map[string]Field{}
	titleOf  = map[Field]string{}
	rules    []similarRule
	brackets = regexp.MustCompile(`[（(【\[][^）)】\]]*[）)】\]]`)
)

func init() {
	for _, h := range headers {
		titleOf[h.field] = h.title
		for _, word := range append(strings.Fields(h.also), h.title) {
			fieldOf[headerWord(word)] = h.field
		}
	}
	for _, p := range partHeaders {
		titleOf[p.field] = strings.Fields(p.words)[0]
		for word := range strings.FieldsSeq(p.words) {
			fieldOf[headerWord(word)] = p.field
		}
	}
	for _, s := range similar {
		r := similarRule{field: s.field, has: regexp.MustCompile(s.has)}
		if s.hasnt != "" {
			r.hasnt = regexp.MustCompile(s.hasnt)
		}
		rules = append(rules, r)
	}
}

// headerWord reduces a header to what is compared: no white space, no brackets
// with explanations, no marks, half-width, lower case.
func headerWord(s string) string {
	s = squeeze(strings.ToLower(narrow(s)))
	if bare := brackets.ReplaceAllString(s, ""); bare != "" {
		s = bare
	}
	return strings.Trim(s, "*＊：:、.。")
}

// fieldUnder tells the field of a column from the words of its header, and why.
func fieldUnder(title string, w Words) (Field, string) {
	if len(title) > 300 {
		return "", "" // a text, not a header
	}
	word := headerWord(title)
	for added, f := range w {
		if headerWord(added) == word {
			return f, WhySynonym
		}
	}
	if f, ok := fieldOf[word]; ok {
		if titleOf[f] == title {
			return f, WhyHeader
		}
		return f, WhySynonym
	}
	return "", ""
}

// fieldLike tells the field of a header that only contains a word for it.
func fieldLike(title string) Field {
	if len(title) > 300 {
		return ""
	}
	word := headerWord(title)
	if n := len([]rune(word)); n < 2 || n > 16 || strings.ContainsAny(word, "。；，") {
		return ""
	}
	for _, r := range rules {
		if r.has.MatchString(word) && (r.hasnt == nil || !r.hasnt.MatchString(word)) {
			return r.field
		}
	}
	return ""
}
