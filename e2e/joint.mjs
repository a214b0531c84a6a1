// What the tests of the joint review have in common: a demonstration whose clock can
// be moved, its people, a round of a few sample findings under any mechanism, and
// the forms that every mechanism walks through.
import assert from 'node:assert/strict';
import { confirmLedger, readLedger, startServer, visit } from './lib.mjs';

export const organisation = { code: 'LC', name: '中共云溪县林业和草原局党组' };
const team = 'team-1';

/** A demonstration, and one window for each person in it. */
export class Office {
  #windows = new Map();

  static async open(browser) {
    const office = new Office();
    office.browser = browser;
    office.server = await startServer();
    return office;
  }

  /** The window of a person, signed in; as switches to the post whose label holds the word. */
  async as(username, post) {
    if (!this.#windows.has(username)) {
      const v = await visit(this.browser, this.server.url);
      await v.enterAs(username);
      this.#windows.set(username, v);
    }
    const v = this.#windows.get(username);
    if (post) await capacity(v, post);
    return v;
  }

  /** Stops the program and starts it again so many days later. */
  async pass(days) {
    await this.#leave();
    await this.server.stop({ keep: true });
    this.server = await startServer({ folder: this.server.data, args: ['--ahead', String(days)] });
  }

  /** Everything that went wrong in any window. */
  assertClean() {
    for (const v of this.#windows.values()) v.assertClean();
  }

  async #leave() {
    for (const v of this.#windows.values()) await v.close();
    this.#windows.clear();
  }

  async close() {
    await this.#leave();
    await this.server.stop();
  }
}

/** The steps of a walk: each stands on the one before, and after a failure the rest tells nothing. */
export function steps(t) {
  let sound = true;
  return (name, work) => sound && t.test(name, async () => {
    sound = false;
    await work();
    sound = true;
  });
}

/** Switches the person to the post whose label holds the word. */
export async function capacity(v, word) {
  const { page } = v;
  await v.goto('/me');
  if ((await page.locator('summary.me .who').innerText()).includes(word)) return;
  await page.locator('summary.me').click();
  await page.locator('form[action="/capacity"] button', { hasText: word }).first().click();
  await page.waitForLoadState();
}

/** A click that loads another page. */
export async function press(page, locator) {
  await Promise.all([page.waitForEvent('framenavigated'), locator.click()]);
  await page.waitForLoadState();
}

/** Rows of a CSV file, as lists of fields. */
export function parseCSV(text) {
  const rows = [[]];
  for (const [, quoted, plain, end] of text.replace(/^\ufeff/, '').matchAll(/(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r?\n|$)/g)) {
    rows.at(-1).push(quoted === undefined ? plain : quoted.replaceAll('""', '"'));
    if (end !== ',') rows.push([]);
    if (end === '') break;
  }
  return rows.filter((row) => row.some((field) => field !== ''));
}

export const formatCSV = (rows) =>
  '\ufeff' + rows.map((row) => row.map((field) => `"${field.replaceAll('"', '""')}"`).join(',')).join('\r\n');

/** The rows of some findings of the sample as a ledger of another round and organisation. */
export async function sampleLedger(v, round, numbers) {
  const answer = await v.page.request.get('/rounds/8/ledger/export?format=csv&view=all');
  const [head, ...rows] = parseCSV(await answer.text());
  const at = (title) => head.findIndex((h) => h.startsWith(title));
  const [number, unit, measure] = [at('问题编号'), at('被巡察党组织'), at('措施编号')];
  let current = '';
  const picked = [];
  for (const row of rows) {
    current = row[number] || current;
    const i = numbers.indexOf(current);
    if (i < 0) continue;
    const own = `${String(round).padStart(2, '0')}-${organisation.code}-${String(i + 1).padStart(3, '0')}`;
    const copy = [...row];
    if (row[number]) copy[number] = own;
    if (row[unit]) copy[unit] = organisation.name;
    if (measure >= 0) copy[measure] = row[measure].replace(current, own);
    picked.push(copy);
  }
  assert.equal(new Set(picked.map((row) => row[number]).filter(Boolean)).size, numbers.length, 'every finding of the sample is in the ledger');
  return formatCSV([head, ...picked]);
}

/** Opens a round under the mechanism and imports the findings. */
export async function openRound(v, { round, mechanism, ledger }) {
  const { page } = v;
  await v.goto('/rounds/new');
  await page.fill('[name=number]', String(round));
  await page.fill('[name=name]', `第${round}轮（${mechanism}）`);
  await page.fill('[name=source]', '县委巡察');
  await page.fill('[name=feedback_on]', '2025-11-20');
  await page.fill('[name=rectify_until]', '2026-06-30');
  await page.selectOption('[name=mechanism]', mechanism);
  await page.selectOption(`[name=team-${organisation.code}]`, team);
  await press(page, page.locator('#round button.btn-primary'));
  await page.waitForURL(`**/rounds/${round}/import`);
  await readLedger(v, round, { name: '台账.csv', mimeType: 'text/csv', buffer: Buffer.from(ledger) });
  await confirmLedger(v, round);
  v.assertClean();
}

/** Walks the next version of a document from the check to the parties. */
export async function send(liaison, head, round, doc) {
  const path = `/rounds/${round}/send/${doc}`;
  await liaison.goto(path);
  await press(liaison.page, liaison.page.locator('form[action$="/prepare"] button'));
  if (head) {
    await head.goto(path);
    await head.page.check('input[name=pledge]');
    await press(head.page, head.page.locator('form[action$="/pledge"] button'));
    await liaison.goto(path);
  }
  await press(liaison.page, liaison.page.locator('form[action$="/send"] button'));
  liaison.assertClean();
}

/**
 * Gives a verdict in the workspace: on every criterion the mildest word, or with an
 * opinion the strictest on the first criterion, where the opinion goes.
 */
export async function judge(v, submission, finding, { conclusion = 'agree', opinion, change, grade } = {}) {
  const { page } = v;
  await v.goto(`/review/${submission}/${finding}`);
  const names = await page.locator('#form input[type=radio][name^="w-"]').evaluateAll((all) => [...new Set(all.map((i) => i.name))]);
  for (const [i, name] of names.entries()) {
    const choices = page.locator(`#form input[name="${name}"]`);
    await (opinion && i === 0 ? choices.last() : choices.first()).check({ force: true });
  }
  if (grade) await page.locator(`#form input[name=grade][value="${grade}"]`).check({ force: true });
  if (opinion) {
    const on = names[0].slice(2);
    const box = page.locator(`textarea[name="t-${on}"]`).first();
    await box.evaluate((area) => { area.closest('details').open = true; });
    await box.fill(opinion);
    await page.locator(`[name="c-${on}"]`).first().fill(change ?? '补充数据、实例和佐证。');
  }
  for (const own of await page.locator('.rcheck input[value=content]').all()) await own.check({ force: true });
  await page.check(`#form input[name=conclusion][value=${conclusion}]`, { force: true });
  const at = page.url();
  await page.keyboard.press('Control+Enter');
  await page.waitForURL((url) => url.href !== at);
  v.assertClean();
}

/**
 * Fills a form by the names of its fields and presses its button, or the one with
 * the value. Panels that are folded away are opened first, as a person would.
 */
export async function fill(v, form, fields, button = 'button.btn-primary, button.btn') {
  const { page } = v;
  const at = page.locator(form).first();
  await at.evaluate((node) => {
    for (let d = node.closest('details'); d; d = d.parentElement.closest('details')) d.open = true;
    for (const d of node.querySelectorAll('details')) d.open = true;
  });
  for (const [name, value] of Object.entries(fields)) {
    const field = at.locator(`[name="${name}"]`);
    const kind = await field.first().evaluate((e) => (e.tagName === 'SELECT' ? 'select' : e.type));
    if (kind === 'select') await field.first().selectOption(value);
    else if (kind === 'radio') await at.locator(`[name="${name}"][value="${value}"]`).check({ force: true });
    else if (kind === 'checkbox') await field.first().check({ force: true });
    else await field.first().fill(value);
  }
  await press(page, at.locator(button).first());
  v.assertClean();
}

/** What the parties together say of a finding, and the entries of the letter from all that was raised. */
export async function consolidate(v, submission, finding, { conclusion, reason, text }) {
  const { page } = v;
  await v.goto(`/consolidate/${submission}/${finding}`);
  if (text && (await page.locator('input[name^=origin]').count()) === 0) {
    await page.locator('#add-entry').click();
    await page.waitForSelector('input[name^=origin]');
  }
  for (const box of await page.locator('input[name^=origin]').all()) await box.check({ force: true });
  if (text) await page.locator('textarea[name^=text]').first().fill(text);
  await page.selectOption('select[name=conclusion]', conclusion);
  if (reason) await page.fill('textarea[name=reason]', reason);
  const at = page.url();
  await page.locator('button[name=act][value=confirm]').click();
  await page.waitForURL((url) => url.href !== at);
  v.assertClean();
}

/** Consolidates what everybody agrees on, and delivers the letter. */
export async function deliver(v, round, submission, letter) {
  await v.goto(`/rounds/${round}/consolidate?submission=${submission}`);
  const agreed = v.page.locator(`form[action="/consolidate/${submission}/agreed"] button`);
  if (await agreed.count()) await press(v.page, agreed.first());
  await v.goto(`/submissions/${submission}/letter`);
  await fill(v, 'form[action$="/deliver"]', { number: letter }, 'button');
}

/** Takes delivery of a letter and answers every entry of it. */
export async function answer(v, submission) {
  const { page } = v;
  await v.goto(`/submissions/${submission}/answers`);
  const receive = page.locator('form[action$="/receive"] button');
  if (await receive.count()) await press(page, receive.first());
  const forms = page.locator('form[action*="/answers/"]');
  for (const action of await forms.evaluateAll((all) => all.map((f) => f.getAttribute('action')))) {
    const form = page.locator(`form[action="${action}"]`);
    await form.locator('input[value=adopted]').check({ force: true });
    await form.locator('[name=place]').fill('第二部分');
    await press(page, form.locator('button').first());
  }
  v.assertClean();
}

/** Writes the progress of a finding anew. */
export async function rewrite(v, finding, text) {
  await v.goto(`/findings/${finding}/fill`);
  await v.page.fill('textarea[name=progress]', text);
  await press(v.page, v.page.locator('.fillbar button.btn-primary'));
  v.assertClean();
}

/** Gives a person another post, as the security administrator. */
export async function appoint(v, name, post) {
  await v.goto('/people');
  await press(v.page, v.page.locator('main a', { hasText: name }).first());
  await fill(v, 'form[action$="/posts"]', { since: '2025-01-01', ...post }, 'button');
}
