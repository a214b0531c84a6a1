// Evidence comes in: many files at once, by drag and drop, over a line that breaks and
// through a reload, corrected, replaced and used for another finding. From the
// interface alone.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { openBrowser, startServer, visit } from './lib.mjs';

let browser, server;
before(async () => {
  server = await startServer();
  browser = await openBrowser();
});
after(async () => {
  await browser?.close();
  await server?.stop();
});

const liaison = 'furong';
const fill = '/findings/08-LC-001/fill';
const file = (name, text) => ({ name, mimeType: 'text/plain', buffer: Buffer.from(text) });
const cards = (page) => page.locator('#evidence .ev .en').allInnerTexts();

async function enter(options) {
  const v = await visit(browser, server.url, options);
  await v.enterAs(liaison);
  await v.goto(fill);
  return v;
}

/** The page shows the file among its evidence; it reloads by itself when all has arrived. */
async function shown(page, name) {
  await page.locator('#evidence .ev .en', { hasText: name }).waitFor();
}

test('many files at once, one of them refused', async () => {
  const v = await enter();
  const { page } = v;
  v.expected.add(422);
  const before = (await cards(page)).length;
  await page.fill('#ev-issuer', '县林业和草原局');
  await page.setInputFiles('#ev-file', [file('一.txt', '第一份'), file('二.txt', '第二份'), file('三.txt', '第三份'), file('假.pdf', 'MZ')]);
  await page.locator('form[data-tus] > button').click();
  const refused = page.locator('[data-tus-list] [data-state=failed]');
  await refused.waitFor();
  assert.match(await refused.innerText(), /与扩展名/);
  await page.waitForFunction(() => document.querySelectorAll('[data-tus-list] [data-state=done]').length === 3);
  await v.look('upload-list');
  await refused.locator('button', { hasText: '取消' }).click();
  await v.goto(fill);
  const names = await cards(page);
  assert.equal(names.length, before + 3);
  assert.ok(['一.txt', '二.txt', '三.txt'].every((n) => names.includes(n)), names.join());
  v.assertClean();
  await v.close();
});

test('dropped on the page, cut off, paused, reloaded: it goes on where it was', async () => {
  const v = await enter();
  const { page } = v;
  const size = 3 * 1048576 + 17;
  let sent = 0;
  let cut = 2;
  await page.route('**/uploads/*', async (route) => {
    const request = route.request();
    if (request.method() === 'PATCH' && cut > 0) {
      cut--;
      return route.abort('connectionreset');
    }
    if (request.method() === 'PATCH') sent += Number(request.headers()['content-length'] ?? 0);
    return route.continue();
  });
  // Faults that this test makes: a line that is cut, and the console that says so.
  page.removeAllListeners('console');
  const data = await page.evaluateHandle((n) => {
    const t = new DataTransfer();
    t.items.add(new File(['草'.repeat(Math.floor(n / 3)) + 'x'.repeat(n % 3)], '现场记录.txt', { type: 'text/plain' }));
    return t;
  }, size);
  await page.dispatchEvent('[data-drop]', 'dragover', { dataTransfer: data });
  await page.dispatchEvent('[data-drop]', 'drop', { dataTransfer: data });
  assert.equal(await page.locator('#ev-file').evaluate((el) => el.files.length), 1, 'the drop is taken');
  await page.locator('form[data-tus] > button').click();
  await page.locator('[data-tus-list] button', { hasText: '暂停' }).click();
  await page.locator('[data-tus-list] [data-state=paused]').waitFor();
  await page.reload();
  await shown(page, '现场记录.txt'); // taken up by itself
  assert.equal(cut, 0, 'the line was cut');
  v.assertClean();
  await v.close();
});

test('particulars, a corrected file, and the same file for another finding', async () => {
  const v = await enter();
  const { page } = v;
  const card = page.locator('#evidence li.evact', { has: page.locator('text=一.txt') });
  await card.locator('a', { hasText: '编辑' }).click();
  await page.fill('#ev-number', '云林草发〔2026〕7号');
  await page.fill('#ev-proves', '复绿已经验收');
  await page.locator('#ev-m-0').check();
  await v.look('evidence-edit');
  await page.locator('#particulars button').click();
  await page.waitForURL((u) => u.pathname === fill);
  assert.ok((await page.innerText('#evidence')).includes('复绿已经验收'));
  await page.locator('#evidence li.evact', { has: page.locator('text=一.txt') }).locator('a', { hasText: '编辑' }).click();
  await page.setInputFiles('#file', [file('一（更正）.txt', '更正后的第一份')]);
  await page.locator('#versions form button').click();
  await page.locator('#versions', { hasText: '第2版' }).waitFor();
  await page.locator('#also input[type=checkbox]').first().check();
  const other = await page.locator('#also input[type=checkbox]').first().getAttribute('value');
  await page.locator('#also button').click();
  await page.locator('#versions', { hasText: other }).waitFor();
  await v.goto('/rounds/8/evidence?noted=reused');
  await v.look('evidence-list');
  const rows = await page.innerText('main');
  assert.ok(rows.includes(other) && rows.includes('2个问题共用'), rows);
  v.assertClean();
  await v.close();
});

test('without a script the form sends its files whole', async () => {
  const v = await enter({ javaScript: false });
  const { page } = v;
  await page.setInputFiles('#ev-file', [file('四.txt', '第四份'), file('五.txt', '第五份')]);
  await page.locator('form[data-tus] > button').click();
  await page.waitForURL((u) => u.pathname === fill);
  const names = await cards(page);
  assert.ok(names.includes('四.txt') && names.includes('五.txt'), names.join());
  v.assertClean();
  await v.close();
});
