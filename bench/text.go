package main

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"unicode/utf8"
)

// The words findings are made of: what inspections of counties write.
var (
	subjects = []string{
		"党委（党组）", "单位领导班子", "财务室", "办公室", "项目管理科室", "下属事业单位", "村（社区）党组织", "机关支部",
		"分管领导", "业务科室", "集体经济组织", "工会委员会", "采购小组", "资产管理人员", "基层站所",
	}
	faults = []string{
		"学习贯彻上级决策部署不深入，存在以会议落实会议的情况", "第一议题制度执行不严格，学习研讨流于形式",
		"意识形态工作责任制落实不到位，未按要求开展专题研究", "“三重一大”事项集体决策程序不规范，会议记录不完整",
		"公务卡结算制度执行不到位，仍以现金方式支付差旅费用", "往来款项长期挂账未及时清理，核算依据不充分",
		"项目资金拨付进度缓慢，部分资金闲置时间较长", "固定资产账实不符，未按规定开展年度清查盘点",
		"政府采购程序倒置，先实施后补办手续", "工程变更未经集体研究，结算审核把关不严",
		"津贴补贴发放依据不足，审批手续不完备", "公务接待清单要素不全，未附公函和审批单",
		"惠民惠农补贴资金兑付不及时，公示公开不到位", "村级集体“三资”管理混乱，合同签订不规范",
		"易地搬迁后续扶持措施不实，就业帮扶台账更新滞后", "生态环境保护督察反馈问题整改进展缓慢",
		"安全生产隐患排查治理不彻底，闭环管理不到位", "干部选拔任用纪实材料不全，档案审核不严",
		"干部人事档案“三龄两历”认定材料缺失", "党员发展程序不规范，培养考察记录前后矛盾",
		"党费收缴不及时，使用情况未按年度公示", "组织生活会质量不高，批评意见避重就轻",
		"廉政风险排查不到位，重点岗位未落实轮岗要求", "对下属单位监督管理缺位，多年未开展内部审计",
		"信访事项办理超期，群众反映问题答复不具体", "巡察反馈问题整改不到位，存在边改边犯现象",
		"窗口服务事项压缩时限未落实，一次性告知执行不好", "校园食堂大宗物资采购管理松散，验收记录缺失",
		"医疗设备采购论证不充分，使用效益评估未开展", "耕地保护责任落实有差距，图斑整改存在反弹",
	}
	outcomes = []string{
		"群众获得感不强", "存在资金损失风险", "影响了政策落地见效", "制度刚性约束不足", "反映出责任压力传导不够",
		"干部职工反映较多", "与上级要求存在差距", "问题具有一定普遍性", "整改长效机制尚未建立",
	}
	measureTexts = []string{
		"召开专题会议研究整改方案，明确分管领导、牵头科室和完成时限", "对照清单逐项核对原始凭证，形成清理台账并报送备案",
		"修订完善管理办法，经集体研究后印发执行", "组织财务人员开展专项培训，考核结果纳入年度评价",
		"对历史遗留问题逐笔核实，分类提出处置意见", "开展全覆盖自查，自查结果在单位内公示五个工作日",
		"约谈相关责任人，督促限期补办手续", "建立按月调度机制，每月末由牵头科室通报进展情况",
		"对超期事项逐件回访，书面答复当事人并留存记录", "组织第三方开展绩效评价，评价结果与下年度预算挂钩",
	}
	done = []string{
		"已组织专题学习%d次，参学人员%d人次", "已清理往来款%d笔，涉及金额%d万元", "已修订制度%d项，废止%d项",
		"已完成%d个项目的资料补正，其余%d个正在推进", "已追缴违规发放资金%d.%d万元", "公务卡结算比例由%d.%d%%提高到95%%以上",
		"已盘点固定资产%d件，补登%d件", "已办结信访事项%d件，回访满意%d件", "已约谈相关责任人%d人次，批评教育%d人",
	}
	categories = []string{"落实党的路线方针政策", "全面从严治党", "基层党组织建设", "巡察整改落实", "选人用人", "群众身边不正之风"}
	surnames   = []rune("和李杨张王余周陈赵熊木丰此尼松阿")
	givens     = []rune("志强丽梅国栋文华建军春秀英晓东明玉兰永红")
	sections   = []string{"督查一科", "督查二科", "监督检查室", "干部监督科", "综合科"}
)

// A writer makes the texts of one finding; the same seed gives the same texts.
type writer struct{ *rand.Rand }

func pick[T any](w writer, from []T) T { return from[w.IntN(len(from))] }

// length draws how many characters a text gets: 100 to 400, more often short.
func (w writer) length() int { return 100 + min(w.IntN(301), w.IntN(301)) }

// join adds sentences until the text has the length, in characters.
func join(length int, sentence func() string) string {
	var b strings.Builder
	for n := 0; n < length; {
		s := sentence()
		b.WriteString(s)
		n += utf8.RuneCountInString(s)
	}
	text := []rune(b.String())
	if len(text) > 400 {
		text = append(text[:399], '。')
	}
	return string(text)
}

// finding is the text as an inspection feeds it back.
func (w writer) finding() string {
	return join(w.length(), func() string {
		return fmt.Sprintf("%s%s。%d年至%d年，抽查的%d个项目中有%d个存在上述情形，涉及资金%d.%02d万元，%s。",
			pick(w, subjects), pick(w, faults), 2019+w.IntN(3), 2022+w.IntN(4), 5+w.IntN(40), 1+w.IntN(5), w.IntN(900), w.IntN(100), pick(w, outcomes))
	})
}

// progress is what an organisation reports.
func (w writer) progress() string {
	return join(w.length(), func() string {
		return fmt.Sprintf(pick(w, done), 1+w.IntN(60), 1+w.IntN(9)) + "；" + pick(w, measureTexts) + "。"
	})
}

func (w writer) person() string {
	return string([]rune{pick(w, surnames), pick(w, givens), pick(w, givens)})
}

func (w writer) docNumber() string {
	return fmt.Sprintf("%s发〔%d〕%d号", pick(w, []string{"云财", "维政", "维教体", "维巡办", "维组"}), 2021+w.IntN(5), 1+w.IntN(300))
}
