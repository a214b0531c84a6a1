// The joint review in real situations, once under each mechanism that comes with the
// program, through the interface alone.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { readFileSync } from 'node:fs';
import { openBrowser } from './lib.mjs';
import { Office, answer, appoint, consolidate, deliver, fill, judge, openRound, press, rewrite, sampleLedger, send, steps } from './joint.mjs';

const sample = JSON.parse(readFileSync(new URL('../internal/demo/round8/opinions.json', import.meta.url), 'utf8'));
const disputed = sample.disagreements.map((d) => d.problem);

let browser, office;
before(async () => {
  browser = await openBrowser();
  office = await Office.open(browser);
});
after(async () => {
  await office?.close();
  await browser?.close();
});

const number = (round, n) => `${round}-LC-${String(n).padStart(3, '0')}`;
const paper = (round, doc, n) => `${round}-LC-${doc}-${n}`;
const main = async (v, path) => {
  await v.goto(path);
  return v.page.innerText('main');
};
const strict = { conclusion: 'return', opinion: '整改完成情况不具体，无数据及实例支撑。' };

test('four parties: disagreements, a joint meeting, an override, a deputy, two returns, closing and reopening', async (t) => {
  const step = steps(t);
  const round = 21;
  const [first, second, third] = [1, 2, 3].map((n) => paper(round, 'report', n));
  const clerk = await office.as('jiangyifan');
  const [liaison, head] = [await office.as('furong'), await office.as('jiashiming')];

  await step('a round of the nine findings in dispute; a later deadline is asked for and granted', async () => {
    await openRound(clerk, { round, mechanism: 'weixi', ledger: await sampleLedger(clerk, round, disputed) });
    await liaison.goto(`/findings/${number(round, 4)}`);
    await fill(liaison, 'form[action$="/extend"]', { to: '2026-12-31', reason: '涉及跨部门数据比对，年底前完成。' });
    await clerk.goto(`/findings/${number(round, 4)}`);
    await fill(clerk, 'form[action$="/decide"]', { decision: '同意延期。' }, 'button[value=yes]');
    assert.match(await main(clerk, `/findings/${number(round, 4)}`), /2026-12-31/);
    await send(liaison, head, round, 'report');
  });

  await step('the discipline commission speaks through a deputy, and differs from the others on all nine', async () => {
    const discipline = await office.as('geqiang');
    await discipline.goto('/me');
    await fill(discipline, 'form[action="/me/deputies"]', { deputy: 'liangjianhua', since: '2026-03-01', until: '2026-12-31', reason: '外出培训。' }, 'button');
    const deputy = await office.as('liangjianhua', '纪委监委');
    for (let n = 1; n <= 9; n++) {
      await judge(n === 1 ? deputy : discipline, first, number(round, n), strict);
      for (const other of ['yinli', 'youzhigang', 'jiangyifan']) await judge(await office.as(other), first, number(round, n));
    }
    const said = await main(clerk, `/consolidate/${first}/${number(round, 1)}`);
    assert.match(said, /梁建华（代葛强）/, 'both names are kept');
  });

  await step('the list of disagreements has all nine; a joint meeting takes two of them', async () => {
    const list = await main(clerk, `/rounds/${round}/disputes`);
    for (let n = 1; n <= 9; n++) assert.ok(list.includes(number(round, n)), `${number(round, n)} is in the list`);
    await clerk.look('joint-disputes');
    await clerk.goto(`/rounds/${round}/meetings`);
    const { page } = clerk;
    for (const n of [1, 2]) await page.locator(`#call input[name=item][value*="${number(round, n)}"]`).check();
    await fill(clerk, '#call form', { title: '四方联审联席会议', on: '2026-03-25', place: '县委三楼会议室', chair: '梁建华' }, 'button.btn-primary');
    const seats = await page.locator('form[action$="/attend"] input[name^="name-"]').evaluateAll((all) => all.map((i) => i.name.slice(5)));
    await fill(clerk, 'form[action$="/attend"]', { [`name-${seats[0]}`]: '梁建华', [`present-${seats[0]}`]: 'on', [`name-${seats[1]}`]: '葛强', [`present-${seats[1]}`]: 'on' }, 'button.btn-primary');
    for (const n of [1, 2]) {
      const form = `form[action$="/resolve"]:has(input[name=item][value*="${number(round, n)}"])`;
      await fill(clerk, form, { conclusion: n === 1 ? 'agree' : 'return', reason: n === 1 ? '数据已在附件中，同意认定。' : '数据确实缺失。', decided_by: '领导小组组长梁建华' }, 'button.btn-primary');
    }
    await fill(clerk, 'form[action$="/close"]', {}, 'button');
    await clerk.look('joint-meeting');
    await page.goto(`${new URL(page.url()).pathname}/wall`);
    await clerk.look('joint-wall');
  });

  await step('one override with its reason; the rest goes back; the letter carries each entry once', async () => {
    await consolidate(clerk, first, number(round, 1), { conclusion: 'agree' });
    await consolidate(clerk, first, number(round, 2), { conclusion: 'return', text: '请补充数据。' });
    await consolidate(clerk, first, number(round, 3), { conclusion: 'agree', reason: '改判：现场核对过银行流水，数据属实。' });
    for (let n = 4; n <= 9; n++) {
      await consolidate(clerk, first, number(round, n), { conclusion: 'return', text: `请补充第${n}个问题的数据和实例。`, reason: '三方同意，纪委监委认为缺少数据，从严掌握。' });
    }
    await deliver(clerk, round, first, '云巡办函〔2026〕21号');
    const letter = await main(liaison, `/submissions/${first}/letter`);
    for (let n = 4; n <= 9; n++) assert.equal(letter.split(`请补充第${n}个问题的数据和实例`).length, 2, `entry ${n} stands in the letter once`);
    assert.match(await main(clerk, `/findings/${number(round, 3)}`), /改判/);
  });

  await step('version 2 goes back once more; verdicts on unchanged text stay', async () => {
    await answer(liaison, first);
    for (let n = 4; n <= 9; n++) await rewrite(liaison, number(round, n), `2月底前逐户核对32户，退回资金4.6万元，凭证号第${n}号。`);
    await send(liaison, head, round, 'report');
    const discipline = await office.as('geqiang');
    for (const n of [2, 4, 5, 6, 7, 8, 9]) {
      for (const name of ['geqiang', 'yinli', 'youzhigang', 'jiangyifan']) {
        const v = await office.as(name);
        await v.goto(`/review/${second}/${number(round, n)}`);
        if ((await v.page.locator('#form button[value=give]').count()) === 0) continue; // carried from version 1
        await judge(v, second, number(round, n), v === discipline && (n === 2 || n === 9) ? strict : {});
      }
    }
    await consolidate(clerk, second, number(round, 9), { conclusion: 'return', text: '仍缺凭证复印件。', reason: '纪委监委意见成立。' });
    await consolidate(clerk, second, number(round, 2), { conclusion: 'return', text: '文字未作修改。', reason: '会商结论未落实。' });
    await deliver(clerk, round, second, '云巡办函〔2026〕22号');
    await answer(liaison, second);
    for (const n of [2, 9]) await rewrite(liaison, number(round, n), `已补充凭证复印件12份，第${n}次核对无误。`);
    await send(liaison, head, round, 'report');
    for (const n of [2, 9]) for (const name of ['geqiang', 'yinli', 'youzhigang', 'jiangyifan']) await judge(await office.as(name), third, number(round, n));
    await deliver(clerk, round, third, '云巡办函〔2026〕23号');
  });

  await step('one finding is closed and reopened, one goes on with a day of review', async () => {
    await clerk.goto(`/findings/${number(round, 4)}`);
    await fill(clerk, 'form[action$="/close"]', {}, 'button');
    await clerk.goto(`/findings/${number(round, 4)}`);
    await fill(clerk, 'form[action$="/reopen"]', { reason: '群众反映同类问题再次发生。' });
    assert.match(await main(clerk, `/findings/${number(round, 4)}`), /退回补充/);
    await fill(clerk, 'form[action$="/settle"]', { outcome: 'continuing', reason: '需要持续推进。', until: '2026-09-30' });
    assert.match(await main(clerk, `/findings/${number(round, 4)}`), /持续整改/);
    await clerk.look('joint-finding');
  });
  office.assertClean();
});

test('five parties: one is late, the discipline commission consolidates, a closing application', async (t) => {
  const step = steps(t);
  const round = 22;
  const [report, closing] = [paper(round, 'report', 1), paper(round, 'closing', 1)];

  await step('a fifth body gets a seat and a person; without the body the round is refused', async () => {
    const clerk = await office.as('jiangyifan');
    await clerk.goto('/organisations');
    await fill(clerk, '#add-body', { code: 'propaganda', name: '云溪县委宣传部', short: '宣传部' });
    await appoint(await office.as('fengjing'), '梁建华', { role: 'reviewer', body: 'propaganda' });
    await openRound(clerk, { round, mechanism: 'dali', ledger: await sampleLedger(clerk, round, disputed.slice(0, 2)) });
    await send(await office.as('furong'), await office.as('jiashiming'), round, 'report');
  });

  await step('the late party is seen by everyone, and passed over after its time', async () => {
    for (const name of ['geqiang', 'yinli', 'youzhigang', 'jiangyifan']) {
      for (const n of [1, 2]) await judge(await office.as(name), report, number(round, n));
    }
    await office.pass(25);
    const clerk = await office.as('jiangyifan');
    assert.match(await main(clerk, `/rounds/${round}/review`), /超期|逾期/);
    await clerk.look('joint-late');
    await fill(clerk, `form[action="/review/${report}/pass-over"]`, { reason: '催办两次仍未反馈。' }, 'button');
    assert.match(await main(clerk, `/rounds/${round}/review`), /逾期未反馈/);
  });

  await step('the discipline commission consolidates and delivers', async () => {
    const discipline = await office.as('geqiang');
    await deliver(discipline, round, report, '云纪函〔2026〕5号');
    const clerk = await office.as('jiangyifan');
    clerk.expected.add(403).add(404);
    const answer = await clerk.goto(`/rounds/${round}/consolidate`);
    assert.ok(answer.status() >= 400, 'the office does not consolidate here');
    clerk.expected.clear();
    assert.match(await main(clerk, `/findings/${number(round, 1)}`), /已认定/);
  });

  await step('a finding is closed only after its application was passed', async () => {
    const [liaison, head] = [await office.as('furong'), await office.as('jiashiming')];
    await liaison.goto(`/rounds/${round}/closing`);
    for (const n of [1, 2]) await fill(liaison, `form[action="/rounds/${round}/closing/${number(round, n)}"]`, { statement: '经自查，问题已整改到位，主要负责人签字确认。' }, 'button.btn-primary, button');
    await liaison.look('joint-closing');
    await send(liaison, head, round, 'closing');
    for (const name of ['jiangyifan', 'geqiang', 'youzhigang']) for (const n of [1, 2]) await judge(await office.as(name), closing, number(round, n));
    await deliver(await office.as('geqiang'), round, closing, '云纪函〔2026〕6号');
    const clerk = await office.as('jiangyifan');
    await clerk.goto(`/findings/${number(round, 1)}`);
    await fill(clerk, 'form[action$="/close"]', {}, 'button');
    assert.match(await main(clerk, `/findings/${number(round, 1)}`), /已销号/);
  });
  office.assertClean();
});

test('three parties on the spot: open, graded, sent back to be redone', async (t) => {
  const step = steps(t);
  const round = 23;
  const [first, second] = [paper(round, 'report', 1), paper(round, 'report', 2)];
  const clerk = await office.as('jiangyifan');
  const [liaison, discipline, personnel] = [await office.as('furong'), await office.as('geqiang'), await office.as('yinli')];

  await step('the session is opened with its people and shown on the wall', async () => {
    await openRound(clerk, { round, mechanism: 'jishui', ledger: await sampleLedger(clerk, round, disputed.slice(0, 2)) });
    await send(liaison, null, round, 'report');
    await clerk.goto(`/rounds/${round}/meetings`);
    await fill(clerk, '#spot form', { submission: first, title: '现场会审', on: '2026-04-20', place: '巡察办会议室', chair: '江一帆' });
    await clerk.goto(`${new URL(clerk.page.url()).pathname}/wall`);
    await clerk.look('joint-wall-spot');
  });

  await step('what one says the others see at once; the finding is sent back and done again', async () => {
    const bad = { conclusion: 'return', opinion: '措施笼统，退单回炉。', grade: 'poor' };
    await judge(discipline, first, number(round, 1), bad);
    assert.match(await main(personnel, `/review/${first}/${number(round, 1)}`), /措施笼统/, 'an open review is open');
    await judge(personnel, first, number(round, 1), bad);
    await judge(clerk, first, number(round, 1), bad);
    for (const v of [discipline, personnel, clerk]) await judge(v, first, number(round, 2), { grade: 'good' });
    await consolidate(clerk, first, number(round, 1), { conclusion: 'return', text: '退单回炉：逐条写明做什么、谁来做、何时完成。' });
    await deliver(clerk, round, first, '云巡办函〔2026〕31号');
    await answer(liaison, first);
    await rewrite(liaison, number(round, 1), '由办公室付蓉负责，3月15日前清退4.6万元，凭证号18号。');
    await send(liaison, null, round, 'report');
    for (const v of [discipline, personnel, clerk]) await judge(v, second, number(round, 1), { grade: 'middle' });
    await deliver(clerk, round, second, '云巡办函〔2026〕32号');
    assert.match(await main(clerk, `/findings/${number(round, 1)}`), /已认定/);
  });
  office.assertClean();
});

test('the joint meeting decides: acknowledged findings, a recusal, the report of the head', async (t) => {
  const step = steps(t);
  const round = 24;
  const [report, own] = [paper(round, 'report', 1), paper(round, 'head_report', 1)];
  const clerk = await office.as('jiangyifan');
  const [liaison, head, personnel] = [await office.as('furong'), await office.as('jiashiming'), await office.as('yinli')];

  await step('the organisation says of each finding whether it agrees', async () => {
    await openRound(clerk, { round, mechanism: 'xincai', ledger: await sampleLedger(clerk, round, disputed.slice(0, 3)) });
    await liaison.goto(`/findings/${number(round, 3)}`);
    await fill(liaison, 'form[action$="/acknowledge"]', { position: 'partly', grounds: '其中两项已在巡察期间整改。' });
    assert.match(await main(liaison, `/findings/${number(round, 3)}`), /其中两项/);
    await send(liaison, head, round, 'report');
  });

  await step('who is recused cannot speak; the seat may abstain', async () => {
    await personnel.goto(`/rounds/${round}/recusals`);
    await fill(personnel, `form[action="/rounds/${round}/recusals"]`, { organisation: 'LC', ground: 'former_member', reason: '曾在该局任职三年。' });
    await personnel.goto(`/review/${report}/${number(round, 1)}`);
    assert.equal(await personnel.page.locator('#form button[value=give]').count(), 0, 'no verdict of a recused person');
    assert.match(await personnel.page.innerText('main'), /回避/);
  });

  await step('a disagreement waits for the meeting', async () => {
    for (const name of ['geqiang', 'youzhigang', 'jiangyifan']) {
      const v = await office.as(name);
      await judge(v, report, number(round, 1), name === 'geqiang' ? strict : {});
      for (const n of [2, 3]) await judge(v, report, number(round, n));
    }
    await clerk.goto(`/consolidate/${report}/${number(round, 1)}`);
    assert.match(await clerk.page.innerText('main'), /联席会议/);
    await clerk.goto(`/rounds/${round}/meetings`);
    await clerk.page.locator(`#call input[name=item][value*="${number(round, 1)}"]`).check();
    await fill(clerk, '#call form', { title: '联席会议', on: '2026-04-20', place: '会议室', chair: '梁建华' });
    await fill(clerk, 'form[action$="/resolve"]', { conclusion: 'agree', reason: '现场看过，属实。', decided_by: '梁建华' });
    await consolidate(clerk, report, number(round, 1), { conclusion: 'agree' });
    await deliver(clerk, round, report, '云巡办函〔2026〕41号');
  });

  await step('the report of the head is judged as one text', async () => {
    await head.goto(`/rounds/${round}/papers/head_report`);
    await fill(head, `form[action="/rounds/${round}/papers/head_report"]`, { text: '本人主持整改领导小组会议4次，牵头领办3个问题，均已完成。' }, 'button.btn-primary');
    await send(liaison, head, round, 'head_report');
    for (const name of ['geqiang', 'youzhigang', 'jiangyifan', 'kebin']) {
      if (name === 'kebin') continue; // the seat of the organisation department is passed over below
      await judge(await office.as(name), own, `${round}-LC-head_report`);
    }
    await clerk.goto(`/review/${own}/${round}-LC-head_report`);
    await clerk.look('joint-whole');
  });
  office.assertClean();
});

test('internal audit in English: three of four agree, one abstains, one is shut out by the deadline', async (t) => {
  const step = steps(t);
  const round = 25;
  const report = paper(round, 'report', 1);
  const seats = [['audit', '内部审计部', '葛强', 'geqiang'], ['risk', '风险管理部', '尹丽', 'yinli'], ['finance', '财务部', '尤志刚', 'youzhigang'], ['owner', '业务主管部', '梁建华', 'liangjianhua']];
  const seat = (code) => { const [, name, , user] = seats.find((s) => s[0] === code); return office.as(user, name.slice(0, 3)); };

  await step('four bodies and their people', async () => {
    const clerk = await office.as('jiangyifan');
    const admin = await office.as('fengjing');
    for (const [code, name, person] of seats) {
      await clerk.goto('/organisations');
      await fill(clerk, '#add-body', { code, name, short: name.slice(0, 3) });
      await appoint(admin, person, { role: 'reviewer', body: code });
    }
    await openRound(clerk, { round, mechanism: 'internal_audit', ledger: await sampleLedger(clerk, round, disputed.slice(0, 1)) });
    await send(await office.as('furong'), null, round, 'report');
  });

  await step('the rule outvotes one; who is late may no longer speak', async () => {
    for (const code of ['audit', 'risk', 'owner']) await judge(await seat(code), report, number(round, 1));
    await office.pass(30);
    const finance = await seat('finance');
    await finance.goto(`/review/${report}/${number(round, 1)}`);
    assert.equal(await finance.page.locator('#form button[value=give]').count(), 0, 'after the deadline no verdict is taken');
    const audit = await seat('audit');
    await deliver(audit, round, report, 'IA/2026/7');
    assert.match(await main(audit, `/findings/${number(round, 1)}`), /已认定/);
    await press(audit.page, audit.page.locator('form[action="/language"] button').first());
    await audit.goto(`/submissions/${report}/letter`);
    await audit.look('joint-audit-letter');
  });
  office.assertClean();
});

test('a fifth party and a new criterion, from the interface alone', async () => {
  const round = 26;
  const clerk = await office.as('jiangyifan');
  const { page } = clerk;
  const op = (value) => press(page, page.locator(`button.btn[name=op][value="${value}"]`).last());
  await clerk.goto('/organisations');
  if ((await page.locator('main').innerText()).includes('finance_bureau') === false) {
    await fill(clerk, '#add-body', { code: 'finance_bureau', name: '云溪县财政局', short: '县财政局' });
  }
  await appoint(await office.as('fengjing'), '梁建华', { role: 'reviewer', body: 'finance_bureau' });

  await clerk.goto('/mechanisms/weixi/edit');
  await op('add:parties');
  for (const [field, value] of [['name', '财政局'], ['name_en', 'Finance bureau'], ['code', 'finance_bureau'], ['seal', '财']]) {
    await page.fill(`[name="parties[4].${field}"]`, value);
  }
  await op('add:documents[1].criteria');
  for (const [field, value] of [['code', 'money'], ['name', '资金是否追回'], ['name_en', 'Money recovered'], ['hint', '凭证齐全'], ['hint_en', 'With vouchers']]) {
    await page.fill(`[name="documents[1].criteria[6].${field}"]`, value);
  }
  await op('preview');
  assert.match(await page.innerText('main'), /资金是否追回/);
  await clerk.look('joint-mechanism-preview');
  await page.fill('[name=note]', '增加财政局一方，核对资金追回情况。');
  await op('publish');
  clerk.assertClean();

  await openRound(clerk, { round, mechanism: 'weixi', ledger: await sampleLedger(clerk, round, disputed.slice(0, 1)) });
  await send(await office.as('furong'), await office.as('jiashiming'), round, 'report');
  const fifth = await office.as('liangjianhua', '县财政局');
  await fifth.goto(`/review/${paper(round, 'report', 1)}/${number(round, 1)}`);
  assert.match(await fifth.page.innerText('main'), /资金是否追回/);
  await judge(fifth, paper(round, 'report', 1), number(round, 1), { conclusion: 'return', opinion: '未附退款凭证。' });
  assert.match(await main(clerk, `/rounds/${round}/review`), /财/);
  assert.doesNotMatch(await main(clerk, '/rounds/8/review'), /财政局/, 'the round that runs keeps its version');
  office.assertClean();
});
