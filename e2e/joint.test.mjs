// The joint review in real situations, once under each mechanism that comes with the
// program, through the interface.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { readFileSync } from 'node:fs';
import { openBrowser } from './lib.mjs';
import { Office, judge, openRound, press, sampleLedger, send } from './joint.mjs';

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

test('four parties: nine disagreements of the sample', async (t) => {
  const round = 21;
  const report = `${round}-LC-report-1`;
  const clerk = await office.as('jiangyifan');
  await openRound(clerk, { round, mechanism: 'weixi', ledger: await sampleLedger(clerk, round, disputed) });
  const [liaison, head] = [await office.as('furong'), await office.as('jiashiming')];
  await send(liaison, head, round, 'report');
  for (const [i, problem] of disputed.entries()) {
    await judge(await office.as('geqiang'), report, number(round, i + 1), { words: { result: 'fail' }, conclusion: 'return', on: 'result', opinion: `无数据支撑（样例 ${problem}）。` });
    await judge(await office.as('yinli'), report, number(round, i + 1), {});
  }
});
