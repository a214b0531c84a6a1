// What leaves, from the page of exports: the whole ledger goes out and comes in again
// without a difference, in columns of one's own, and the figures of its tables are
// those of the pages.
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { after, before, test } from 'node:test';
import { parseCSV } from './joint.mjs';
import { openBrowser, readLedger, startServer, visit } from './lib.mjs';

let server, browser, v;
before(async () => {
  server = await startServer();
  browser = await openBrowser();
  v = await visit(browser, server.url);
  await v.enterAs('jiangyifan');
});
after(async () => {
  await v?.close();
  await browser?.close();
  await server?.stop();
});

/** Presses the button or link and returns what arrives. */
async function download(target) {
  const [got] = await Promise.all([v.page.waitForEvent('download'), target.click()]);
  return { name: got.suggestedFilename(), buffer: await readFile(await got.path()) };
}

const rows = (csv) => parseCSV(csv.toString('utf8')).filter((row) => row.some((cell) => cell !== ''));
const form = () => v.page.locator('#export-form');

for (const format of ['xlsx', 'csv', 'gb18030']) {
  test(`the whole round leaves as ${format} and comes back without a difference`, async () => {
    await v.goto('/rounds/8/exports');
    if (format === 'xlsx') await v.look('exports');
    await form().locator('select[name=format]').selectOption(format);
    const { name, buffer } = await download(form().locator('button.btn-primary'));
    await readLedger(v, 8, { name, mimeType: 'application/octet-stream', buffer });
    const counts = (await v.page.locator('.mini4 a b').allInnerTexts()).map(Number);
    assert.deepEqual(counts.slice(0, 3), [0, 0, 228], 'add, update, leave');
    v.assertClean();
  });
}

test('columns of one’s own, in one’s own order, are remembered', async () => {
  await v.goto('/rounds/8/exports');
  await form().locator('input[value=columns]').check({ force: true });
  await form().locator('details > summary').click();
  for (const box of await form().locator('input[name=column]').all()) {
    await box.setChecked(['number', 'text'].includes(await box.inputValue()));
  }
  await form().locator('input[name="place.text"]').fill('1');
  await form().locator('input[name="place.number"]').fill('2');
  await form().locator('select[name=format]').selectOption('csv');
  await form().locator('button[formmethod=post]').click();
  await v.page.waitForURL('**/rounds/8/exports*');
  const { buffer } = await download(form().locator('button.btn-primary'));
  const table = rows(buffer);
  const head = table.findIndex((row) => row.includes('问题编号'));
  assert.deepEqual(table[head], ['反馈问题（原文）', '问题编号']);
  assert.equal(table.slice(head + 1).filter((row) => /^08-/.test(row[1])).length, 228);
  v.assertClean();
});

test('the supervising ledger holds the 63, and the statistics the figures of the round', async () => {
  await v.goto('/rounds/8/exports');
  const supervision = rows((await download(v.page.locator('main a[href*="/exports/supervision"][href*="csv"]').first())).buffer);
  assert.equal(supervision.filter((row) => row.some((cell) => /^08-[A-Z]{2}-\d{3}$/.test(cell))).length, 63);
  const statistics = (await download(v.page.locator('main a[href*="/exports/statistics"][href*="csv"]').first())).buffer.toString('utf8');
  assert.match(statistics, /228/);
  assert.match(statistics, /88\.6/);
  v.assertClean();
});
