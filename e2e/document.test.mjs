// The official documents of the sample round, made from the interface alone: each
// kind is found, filled in, looked at and downloaded, and what was downloaded is a
// Word file that says what was typed.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { readFile } from 'node:fs/promises';
import { openBrowser, partOf, startServer, visit } from './lib.mjs';

let browser, server;
before(async () => {
  server = await startServer();
  browser = await openBrowser();
});
after(async () => {
  await browser?.close();
  await server?.stop();
});

async function person(username, options) {
  const v = await visit(browser, server.url, options);
  await v.enterAs(username);
  return v;
}

/** Presses the download button and reads the text of the Word file. */
async function download(page) {
  const [got] = await Promise.all([page.waitForEvent('download'), page.locator('#fields button[formaction]').click()]);
  assert.match(got.suggestedFilename(), /\.docx$/);
  const file = await readFile(await got.path());
  for (const part of ['[Content_Types].xml', 'word/styles.xml']) assert.ok(partOf(file, part), part);
  const text = partOf(file, 'word/document.xml').replaceAll('</w:p>', '\n').replaceAll(/<[^>]+>/g, '');
  assert.ok(!text.includes('{{'), 'no field is left unfilled');
  return text;
}

// What each kind must say, of whom, and what is typed into it.
const kinds = [
  { kind: 'plan', says: ['县教育体育局党组', '问题清单', '任务清单', '责任清单', '08-JT-041'], typed: ['leadership', '由党组书记任组长，每周调度。'] },
  { kind: 'report', says: ['集中整改进展情况的报告', '41个问题'], typed: ['organising', '召开党组会9次，现场督办11次。'] },
  { kind: 'head_report', says: ['主要负责人'], typed: ['text', '一、学习部署情况\n主持召开党组会3次。'] },
  { kind: 'public', says: ['整改进展情况的通报'], typed: ['contact', '0887-0000000'] },
  { kind: 'immediate_notice', says: ['立行立改通知书', '签收回执'], typed: ['number', '云巡办函〔2026〕18号'], pick: '08-JT-005' },
  { kind: 'order', says: ['督办单', '核验意见'], typed: ['number', '云巡办函〔2026〕19号'], pick: '08-JT-003' },
  { kind: 'reminder', says: ['提醒书'], typed: ['requirement', '请抓紧补齐佐证材料。'], pick: '08-JT-003' },
  { kind: 'warning', says: ['告诫书', '最后期限'], typed: ['requirement', '请书面说明逾期原因。'], pick: '08-JT-003' },
  { kind: 'visit', says: ['回访督查记录', '核查所见'], typed: ['lead', '葛强'], pick: '08-JT-001' },
  { kind: 'duty_list', says: ['监督责任清单'] },
  { kind: 'circular', says: ['整改情况的通报', '228', '202', '88.6%'], typed: ['demands', '请逐条对照意见补充完善。'] },
];

test('the clerk finds, fills in and downloads every kind', async () => {
  const v = await person('jiangyifan');
  const { page } = v;
  await page.locator('nav a[href="/rounds/8/documents"]').first().click();
  await page.waitForURL('**/rounds/8/documents');
  await v.look('document-list');
  for (const { kind, says, typed, pick } of kinds) {
    await v.goto('/rounds/8/documents');
    const own = page.locator(`form[action="/rounds/8/documents/${kind}"]`);
    if (await own.count()) {
      await own.locator('select').selectOption('JT');
      await own.locator('button').click();
    } else {
      await page.locator(`a[href="/rounds/8/documents/${kind}"]`).first().click();
    }
    await page.waitForURL(`**/documents/${kind}**`);
    if (pick) await page.locator(`input[name=finding][value="${pick}"]`).check();
    if (typed) await page.locator(`#fields [name="${typed[0]}"]`).fill(typed[1]);
    const text = await download(page);
    const wanted = [...says, ...(pick ? [pick] : []), ...(typed ? typed[1].split('\n').map((line) => line.replace(/^一、/, '')) : [])];
    for (const want of wanted) {
      assert.ok(text.includes(want), `${kind} does not say ${want}`);
    }
    if (kind === 'plan' || kind === 'order' || kind === 'public') await v.look(`document-${kind}`);
    v.assertClean();
  }
  await v.close();
});

test('what was typed is previewed, kept and given up', async () => {
  const v = await person('jiangyifan');
  const { page } = v;
  await v.goto('/findings/08-JT-003');
  await page.locator('a[href*="/documents/order"]').click();
  await page.waitForURL('**/documents/order**');
  assert.ok(await page.locator('input[name=finding][value="08-JT-003"]').isChecked(), 'the finding one came from is chosen');
  const field = page.locator('#fields [name=number]');
  await Promise.all([page.waitForResponse((r) => r.url().includes('/drafts/')), field.fill('云巡办函〔2026〕20号')]);
  await page.locator('#fields button:not([formaction]):not([name])').click();
  await page.locator('article.docx', { hasText: '云巡办函〔2026〕20号' }).waitFor();
  await v.goto('/rounds/8/documents/order?organisation=JT');
  assert.equal(await field.inputValue(), '云巡办函〔2026〕20号', 'the draft is still there');
  await page.locator('#fields button[name=propose]').click();
  await page.waitForLoadState();
  assert.equal(await field.inputValue(), '', 'what was proposed is back');
  v.assertClean();
  await v.close();
});

test('an organisation makes its own plan without scripts, and no notice', async () => {
  const v = await person('furong', { javaScript: false });
  const { page } = v;
  await v.goto('/rounds/8/fill');
  await page.locator('#make a[href="/rounds/8/documents/plan"]').click();
  assert.match(await page.locator('article.docx').first().innerText(), /县林业和草原局党组/);
  assert.ok((await download(page)).includes('08-LC-029'));
  v.expected.add(404);
  assert.equal((await v.goto('/rounds/8/documents/plan?organisation=JT')).status(), 404);
  assert.equal((await v.goto('/rounds/8/documents/warning')).status(), 404);
  await v.close();
});
