// What hands do at a desk, on the sample round: the keyboard of the review
// workspace, a session lost in the middle of a sentence, two people at one finding,
// a letter taken home.
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

async function person(username) {
  const v = await visit(browser, server.url);
  await v.enterAs(username);
  return v;
}

/** The address changes when something is done that leads on. */
async function leads(page, act) {
  const at = page.url();
  await act();
  await page.waitForURL((url) => url.href !== at);
  await page.waitForLoadState();
}

const submission = '8-JT-report-2';
const path = (page) => new URL(page.url()).pathname;

test('a verdict by keyboard alone', async () => {
  const v = await person('yinli');
  const { page } = v;
  await v.goto(`/review/${submission}`);
  const first = path(page);
  await leads(page, () => page.keyboard.press('j'));
  assert.notEqual(path(page), first, 'J leads to the next finding');
  await leads(page, () => page.keyboard.press('k'));
  assert.equal(path(page), first, 'K leads back');

  const groups = page.locator('#form [role=radiogroup]');
  const criteria = page.locator('#form [data-verdicts]');
  const words = await criteria.count();
  assert.equal(words, 6, 'six criteria');
  for (let i = 0; i < words; i++) {
    await criteria.nth(i).locator('input[type=radio]').first().focus();
    await page.keyboard.press(i === 2 ? '3' : '1');
  }
  assert.equal(await page.locator('input[name="w-result"]:checked').inputValue(), 'fail', '3 is the strictest word');
  assert.equal(await page.locator('input[name="w-measures"]:checked').inputValue(), 'pass', '1 is the mildest');
  const opinion = page.locator('textarea[name="t-result"]').first();
  assert.ok(await opinion.isVisible(), 'a word beyond the line opens the opinion');

  // Keys that are text in a field stay text.
  await opinion.focus();
  await page.keyboard.type('jk123 数据与上报不一致。');
  assert.equal(await opinion.inputValue(), 'jk123 数据与上报不一致。');
  await page.keyboard.press('Escape');
  await page.locator('input[name=conclusion][value=continue]').focus();
  await page.keyboard.press('Space');
  for (const own of await page.locator('.rcheck input[value=again]').all()) await own.check({ force: true });
  await leads(page, () => page.keyboard.press('Control+Enter'));
  assert.notEqual(path(page), first, 'the next finding follows');
  await v.goto(first);
  assert.ok((await page.innerText('main')).includes('数据与上报不一致'), 'the verdict is given');
  assert.equal(await groups.count(), 0, 'and cannot be given again');
  v.assertClean();
  await v.close();
});

test('a session lost while writing a verdict', async () => {
  const v = await person('yinli');
  const { page } = v;
  await v.goto(`/review/${submission}`);
  const at = path(page);
  const note = '佐证材料的日期早于会议日期。';
  await page.locator('textarea[name="t-measures"]').first().evaluate((area) => { area.closest('details').open = true; });
  const kept = page.waitForResponse((r) => r.url().includes('/drafts/') && r.ok());
  await page.locator('textarea[name="t-measures"]').first().fill(note);
  await kept;
  await page.context().clearCookies();
  v.expected.add(401).add(422);
  await page.keyboard.press('Control+Enter');
  await page.waitForURL(/\/signin/);
  await v.enterAs('yinli');
  await v.goto(at);
  assert.equal(await page.locator('textarea[name="t-measures"]').first().inputValue(), note, 'what was written is there');
  v.assertClean();
  await v.close();
});

test('agreeing at once with what has been opened', async () => {
  const v = await person('yinli');
  const { page } = v;
  const bulk = `/review/${submission}/bulk`;
  await v.goto(bulk);
  // Nothing to look at again and nothing written on it: those that can be judged at once.
  const fresh = await page.locator('tbody tr', { hasText: '还没看过' }).locator('a').evaluateAll((list) => list.map((a) => a.getAttribute('href')));
  for (const href of fresh) {
    await v.goto(href);
    await v.goto(bulk);
    if (await page.locator('input[name=id]').count() === 3) break;
  }
  const boxes = page.locator('input[name=id]');
  assert.equal(await boxes.count(), 3, 'what was opened can be ticked, and nothing else');
  const before = await page.locator('tbody tr').count();
  for (const box of await boxes.all()) await box.check();
  await v.look('hands-bulk');
  const answer = page.waitForResponse((r) => r.request().method() === 'POST' && new URL(r.url()).pathname === bulk);
  await page.locator('main form button.btn-primary').click();
  assert.equal((await answer).status(), 303);
  await page.waitForLoadState();
  await v.goto(bulk);
  assert.equal(await page.locator('tbody tr').count(), before - 3, 'three are judged, the others remain');
  v.assertClean();
  await v.close();
});

test('two people at one finding', async () => {
  const [one, two] = [await person('furong'), await person('furong')];
  await one.goto('/rounds/8/fill');
  const finding = await one.page.locator('tbody tr a[href$="/fill"]').first().getAttribute('href');
  await one.goto(finding);
  await two.goto(finding);
  const [first, second] = ['已完成林区防火道路巡护43次。', '已完成林区防火道路巡护51次，整改隐患9处。'];
  await one.page.fill('textarea[name=progress]', first);
  await two.page.fill('textarea[name=progress]', second);
  await one.page.locator('.fillbar button.btn-primary').click();
  await one.page.waitForLoadState();
  two.expected.add(409);
  const answer = two.page.waitForResponse((r) => r.request().method() === 'POST' && new URL(r.url()).pathname === finding);
  await two.page.locator('.fillbar button.btn-primary').click();
  assert.equal((await answer).status(), 409, 'the second is told, not written over');
  await two.page.waitForSelector('.conflict');
  const shown = await two.page.innerText('.conflict');
  assert.ok(shown.includes(first) && shown.includes(second), 'both versions are shown');
  await two.look('hands-conflict');
  await two.page.locator('.conflict form button.btn-primary').click();
  await two.page.waitForLoadState();
  await two.goto(finding);
  assert.equal(await two.page.inputValue('textarea[name=progress]'), second, 'the text that was kept is saved');
  one.assertClean();
  two.assertClean();
  await one.close();
  await two.close();
});

test('the letter as a file says what the letter on screen says', async () => {
  const v = await person('furong');
  const { page } = v;
  await v.goto('/submissions/8-LC-report-1/letter');
  const opinions = await page.locator('.paper li, .paper p, article p').allInnerTexts();
  const [file] = await Promise.all([page.waitForEvent('download'), page.locator('a[href$="letter.docx"]').first().click()]);
  const text = partOf(await readFile(await file.path()), 'word/document.xml').replace(/<[^>]+>/g, '');
  const long = opinions.map((line) => line.trim().split('\n')[0]).filter((line) => line.length > 25).slice(0, 5);
  assert.ok(long.length >= 3, `the letter on screen holds ${opinions.length} lines`);
  for (const line of long) assert.ok(text.includes(line.slice(-15)), `the file lacks: ${line}`);
  assert.ok(text.includes('云巡办函〔2026〕6号'), 'the file carries the number of the letter');
  v.assertClean();
  await v.close();
});

// The goal is 100 ms from the key to the next finding on the screen. What a busy
// machine adds is not the program's, so the median of many is held to it.
test('the next finding opens without a reload, in the time of a glance', async () => {
  const v = await person('youzhigang');
  const { page } = v;
  await v.goto(`/review/${submission}`);
  await page.evaluate(() => { window.stillHere = true; });
  const times = [];
  for (const key of 'jjjjjjjkkkkkkk') {
    times.push(await page.evaluate((k) => new Promise((resolve) => {
      const began = performance.now();
      document.addEventListener('htmx:afterSettle', () => requestAnimationFrame(() => resolve(performance.now() - began)), { once: true });
      document.querySelector(k === 'j' ? '[data-next]' : '[data-prev]').click();
    }), key));
  }
  times.sort((a, b) => a - b);
  const median = times[times.length >> 1];
  console.log(`next finding in the workspace: median ${median.toFixed(0)} ms, slowest of ${times.length} ${times.at(-1).toFixed(0)} ms, goal 100 ms`);
  assert.ok(await page.evaluate(() => window.stillHere), 'the page was never loaded anew');
  assert.ok(median < 400, `median ${median} ms: four times the goal even on a busy machine`);
  v.assertClean();
  await v.close();
});
