// The joint review in real situations, once under each mechanism that comes with the
// program, through the interface alone.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { readFileSync } from 'node:fs';
import { openBrowser } from './lib.mjs';
import { Office, answer, appoint, consolidate, deliver, fill, judge, openRound, press, rewrite, sampleLedger, send } from './joint.mjs';

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
const strict = { words: { result: 'fail' }, conclusion: 'return', on: 'result', opinion: '整改完成情况不具体，无数据及实例支撑。' };

test('four parties: disagreements, a joint meeting, an override, a deputy, two returns, closing and reopening', async (t) => {
  const round = 21;
  const [first, second, third] = [1, 2, 3].map((n) => paper(round, 'report', n));
  const clerk = await office.as('jiangyifan');
  const [liaison, head] = [await office.as('furong'), await office.as('jiashiming')];

  await t.test('a round of the nine findings in dispute; a later deadline is asked for and granted', async () => {
    await openRound(clerk, { round, mechanism: 'weixi', ledger: await sampleLedger(clerk, round, disputed) });
    await liaison.goto(`/findings/${number(round, 4)}`);
    await fill(liaison, 'form[action$="/extend"]', { to: '2026-12-31', reason: '涉及跨部门数据比对，年底前完成。' });
    await clerk.goto(`/findings/${number(round, 4)}`);
    await fill(clerk, 'form[action$="/decide"]', { decision: '同意延期。' }, 'button[value=yes]');
    assert.match(await main(clerk, `/findings/${number(round, 4)}`), /2026-12-31/);
    await send(liaison, head, round, 'report');
  });

  await t.test('the discipline commission speaks through a deputy, and differs from the others on all nine', async () => {
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

  await t.test('the list of disagreements has all nine; a joint meeting takes two of them', async () => {
    const list = await main(clerk, `/rounds/${round}/disputes`);
    for (let n = 1; n <= 9; n++) assert.ok(list.includes(number(round, n)), `${number(round, n)} is in the list`);
    await clerk.look('joint-disputes');
    await clerk.goto(`/rounds/${round}/meetings`);
    const { page } = clerk;
    for (const n of [1, 2]) await page.locator(`#call input[name=item][value*="${number(round, n)}"]`).check();
    await fill(clerk, '#call form', { title: '四方联审联席会议', on: '2026-03-25', place: '县委三楼会议室', chair: '梁建华' }, 'button.btn-primary');
    await fill(clerk, 'form[action$="/attend"]', {}, 'button.btn-primary');
    for (const n of [1, 2]) {
      const form = `form[action$="/resolve"]:has(input[name=item][value*="${number(round, n)}"])`;
      await fill(clerk, form, { conclusion: n === 1 ? 'agree' : 'return', reason: n === 1 ? '数据已在附件中，同意认定。' : '数据确实缺失。', decided_by: '领导小组组长梁建华' }, 'button.btn-primary');
    }
    await fill(clerk, 'form[action$="/close"]', {}, 'button');
    await clerk.look('joint-meeting');
    await page.goto(`${new URL(page.url()).pathname}/wall`);
    await clerk.look('joint-wall');
  });

  await t.test('one override with its reason; the rest goes back; the letter carries each entry once', async () => {
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

  await t.test('version 2 goes back once more; verdicts on unchanged text stay', async () => {
    await answer(liaison, first);
    for (let n = 4; n <= 9; n++) await rewrite(liaison, number(round, n), `2月底前逐户核对32户，退回资金4.6万元，凭证号第${n}号。`);
    await send(liaison, head, round, 'report');
    const discipline = await office.as('geqiang');
    for (const n of [2, 4, 5, 6, 7, 8, 9]) {
      for (const name of ['geqiang', 'yinli', 'youzhigang', 'jiangyifan']) {
        const v = await office.as(name);
        await v.goto(`/review/${second}/${number(round, n)}`);
        if ((await v.page.locator('#form button[value=give]').count()) === 0) continue; // carried from version 1
        await judge(v, second, number(round, n), v === discipline && n === 9 ? strict : {});
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

  await t.test('one finding is closed and reopened, one goes on with a day of review', async () => {
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
