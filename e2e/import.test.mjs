// The ledgers of the seven inspected organisations, each in a layout of its own: in
// through the pages alone, corrected where the program asks, out in the layout that
// goes in again, and in again without a single difference.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { openBrowser, startServer, visit } from './lib.mjs';

const units = new URL('../internal/sheet/testdata/units/', import.meta.url);
const ledgers = [
  ['JT', 'JT.xlsx', 41], ['WJ', 'WJ.xlsx', 38], ['NY', 'NY.xlsx', 36], ['MZ', 'MZ.xls', 34],
  ['SW', 'SW.csv', 30], ['LC', 'LC.xlsx', 29], ['DX', 'DX.xlsx', 20],
];

let browser, server, v;
before(async () => {
  server = await startServer();
  browser = await openBrowser();
  v = await visit(browser, server.url);
  v.expected.add(422); // a question left open is part of this
  await v.enterAs('jiangyifan');
  await openRound();
});
after(async () => {
  await browser?.close();
  await server?.stop();
});

// The numbers of the sample round are taken: the ledgers go into a round of their own.
async function openRound() {
  await v.goto('/rounds/new');
  const { page } = v;
  await page.fill('input[name=number]', '9');
  await page.fill('input[name=name]', '十四届县委第九轮巡察');
  await page.fill('input[name=feedback_on]', '2025-11-20');
  for (const [code] of ledgers) await page.selectOption(`select[name="team-${code}"]`, 'team-1');
  await submit(page.locator('main form:has(input[name=feedback_on]) button.btn-primary'));
  assert.equal(path(), '/rounds/9/import');
}

const path = () => new URL(v.page.url()).pathname;

async function submit(button) {
  const loaded = v.page.waitForNavigation();
  await button.click();
  await loaded;
}

async function upload(file, organisation) {
  const { page } = v;
  await v.goto('/rounds/9/import');
  if (organisation) await page.selectOption('#organisation', organisation);
  await page.setInputFiles('#file', file);
  await page.locator('main form[enctype] button.btn-primary').click();
  await page.waitForURL(/\/import\/[^/]+\/(columns|check)$/);
}

/** Answers what the page of columns asks, as somebody would who reads its hints. */
async function settleColumns() {
  const { page } = v;
  for (const select of await page.locator('select[name^="t"]').all()) {
    if ((await select.inputValue()) === 'number') await select.selectOption('sequence'); // numbers of another round
  }
  for (let round = 0; round < 3 && path().endsWith('/columns'); round++) {
    await submit(page.locator('main form button.btn-primary'));
    if (!path().endsWith('/columns')) break;
    for (const select of await page.locator('select[aria-invalid=true]').all()) {
      const name = await select.getAttribute('name');
      const hint = await page.locator(`[id="${name}-hint"]`).allTextContents();
      const guess = /“(.+)”/.exec(hint.join(''))?.[1];
      if (name.startsWith('v')) await select.selectOption('in_progress');
      else if (name.endsWith('.rows')) await select.selectOption('take');
      else if (name.endsWith('.use')) await select.selectOption('no');
      else await select.selectOption(guess ? { label: guess } : '@remark');
    }
  }
}

const count = async (i) => Number((await v.page.locator('.mini4 a b').nth(i).innerText()).replace(/\D/g, ''));

for (const [code, file, findings] of ledgers) {
  test(`the ledger of ${code} goes in, out, and in again unchanged`, async () => {
    const { page } = v;
    await upload(fileURLToPath(new URL(file, units)), code);
    if (code === 'LC') await v.look('import-columns');
    await settleColumns();
    assert.ok(path().endsWith('/check'), `${code}: ${(await page.locator('.errsum').allInnerTexts()).join()}`);
    if (await page.locator('#faults').count()) {
      if (code === 'JT') await v.look('import-faults');
      for (const cell of await page.locator('#faults [aria-invalid=true]').all()) {
        const was = await cell.inputValue();
        await cell.fill(was.includes('2025') ? was.replace('2025', '2026') : was);
      }
      await submit(page.locator('#faults button.btn-primary'));
    }
    assert.equal(await page.locator('#faults').count(), 0, (await page.locator('#faults .fprob').allInnerTexts()).slice(0, 5).join('\n'));
    assert.equal(await count(0), findings, 'to add');
    if (code === 'WJ') await v.look('import-check');
    await submit(page.locator('#confirm button.btn-primary'));
    assert.match(path(), /^\/imports\/9-import-\d+$/);
    if (code === 'DX') await v.look('import-report');

    const answer = await page.request.get(`/rounds/9/ledger/export?format=xlsx&organisation=${code}`);
    assert.equal(answer.status(), 200);
    await upload({ name: `${code}-out.xlsx`, mimeType: answer.headers()['content-type'], buffer: await answer.body() });
    if (path().endsWith('/columns')) await submit(page.locator('main form button.btn-primary'));
    assert.ok(path().endsWith('/check'), (await page.locator('.errsum').allInnerTexts()).join());
    assert.deepEqual([await count(0), await count(1), await count(2)], [0, 0, findings], 'add, update, leave');
    assert.equal(await page.locator('#kept').count(), 0, 'no difference is kept');
    v.assertClean();
  });
}

test('a wrong cell is corrected in the grid, and the rest goes in', async () => {
  const { page } = v;
  const text = '问题编号,被巡察党组织,反馈类别,反馈问题,整改类型,完成时限,自评状态\n' +
    '09-JT-901,中共云溪县教育体育局党组,决策部署,账目长期不清。,限期整改,2026-02-30,已完成\n' +
    '09-JT-902,中共云溪县财政局党组,决策部署,另一件事情没有人管。,限期整改,2026-02-28,差不多\n';
  await upload({ name: '手工台账.csv', mimeType: 'text/csv', buffer: Buffer.from(text) });
  await submit(page.locator('main form button.btn-primary'));
  if (path().endsWith('/columns')) { // a word that means nothing must be explained
    await page.selectOption('select[name=v0]', 'basically_done');
    await submit(page.locator('main form button.btn-primary'));
  }
  await v.look('import-grid');
  await page.fill('[id="fix.0.F2"]', '2026-02-28');
  await submit(page.locator('#faults button.btn-primary'));
  const download = page.waitForEvent('download');
  await page.locator('#faults a[data-download]').click();
  assert.match((await download).suggestedFilename(), /有误的行\.xlsx$/);
  await submit(page.locator('button[name=leave_wrong]'));
  assert.equal(await count(0), 1);
  await submit(page.locator('#confirm button.btn-primary'));
  assert.match(await page.locator('main').innerText(), /手工台账\.csv/);
  await v.goto('/rounds/9/import');
  await v.look('import');
  await v.goto('/headings');
  await v.look('headings');
  v.assertClean();
});
