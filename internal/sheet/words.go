package sheet

import "strings"

var (
	kinds    = wordTable{{KindImmediate, "立行立改"}, {KindDated, "限期整改"}, {KindLongTerm, "长期坚持"}}
	statuses = wordTable{{StatusDone, "已完成"}, {StatusBasicallyDone, "基本完成"}, {StatusInProgress, "正在推进"}, {StatusNotStarted, "未启动"}}
	yesNo    = wordTable{{"yes", "是"}, {"no", "否"}}
)

// further are the words offices write for those of the tables. A word that may
// mean two of them, such as 未销号, is in none: it is asked about.
var further = map[Field]map[string]string{
	Kind: spread(map[string]string{
		KindImmediate: "立改 立即整改 即知即改 立查立改 立行立改类 即行即改 立整立改 立行立改问题 边查边改",
		KindDated:     "限期 限期整改类 限期完成 限时整改 阶段整改 短期 分阶段整改 限期整改问题 集中整改",
		KindLongTerm:  "长期 长期整改 长期坚持类 持续整改 持续推进 持续坚持 长期坚持问题 长期推进 中长期",
	}),
	Status: spread(map[string]string{
		StatusDone: "完成 已整改 整改完成 已整改完成 已整改到位 整改到位 到位 已到位 整改完毕 完毕 销号 已销号 已办结 办结 " +
			"已完成整改 完成整改 已落实 全部完成 已全部完成 完成销号 对账销号 已改 已解决 100%",
		StatusBasicallyDone: "基本整改 基本到位 基本整改到位 基本销号 阶段性完成 阶段完成 基本完成整改 基本解决 基本办结 取得阶段性成效 阶段性成效",
		StatusInProgress: "推进中 整改中 正在整改 持续整改 进行中 正在进行 推进 正在办理 办理中 持续推进 长期坚持 未完成正在推进 " +
			"正在整改中 正在推进中 部分完成 未办结 在办 有序推进 持续推进中",
		StatusNotStarted: "未开始 未整改 尚未启动 未开展 尚未整改 没有启动 待启动 尚未开始",
	}),
	OrganCadre: spread(map[string]string{
		"yes": "√ ✓ ✔ ☑ 有 y yes true 涉及 涉组 涉干 涉组涉干 属于 1",
		"no":  "n no false 无 × ✗ ☐ 不涉及 不是 不属于 0 / - — 非",
	}),
}

// spread turns lists of words by code into codes by word.
func spread(lists map[string]string) map[string]string {
	out := map[string]string{}
	for code, list := range lists {
		for word := range strings.FieldsSeq(list) {
			out[word] = code
		}
	}
	return out
}

// ticked says that a cell of a column of ticks holds one.
func ticked(s string) bool {
	return strings.Contains("√✓✔☑vV●■是1", squeeze(s))
}

// wordTable pairs the codes of a closed list with the words of the files.
type wordTable []struct{ code, word string }

func tableOf(f Field) wordTable {
	switch f {
	case Kind:
		return kinds
	case Status:
		return statuses
	default:
		return yesNo
	}
}

// codeOf reads a word of a closed list of a field.
func codeOf(f Field, word string) (string, bool) {
	word = strings.Trim(squeeze(strings.ToLower(narrow(word))), "。.；;")
	for _, e := range tableOf(f) {
		if e.word == word || e.code == word {
			return e.code, true
		}
	}
	code, ok := further[f][word]
	return code, ok
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
