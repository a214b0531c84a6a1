// The harness of the browser tests: start the program, open a browser, sign in,
// look at a page. It knows the program's command line and sign-in page, but not
// what any page is for; that is in the *.test.mjs files.
import assert from 'node:assert/strict';
import { execFileSync, spawn } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { inflateRawSync } from 'node:zlib';
import { chromium } from 'playwright-core';

const root = fileURLToPath(new URL('..', import.meta.url));
const axeSource = readFileSync(fileURLToPath(import.meta.resolve('axe-core/axe.min.js')), 'utf8');

// Where screenshots go; not tracked.
export const out = join(root, 'e2e', 'out');

// Each page is looked at in each of these. 1366x768 is the usual office
// notebook, 390x844 a phone.
export const views = ['light', 'dark'].flatMap((scheme) => [
  { name: `desktop-${scheme}`, scheme, width: 1366, height: 768 },
  { name: `phone-${scheme}`, scheme, width: 390, height: 844 },
]);

// What axe looks for: WCAG 2.2 A and AA, and its own best practice.
const axeTags = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];

// What the Content-Security-Policy of every page must say. Nothing may be added
// that would let a script or a style in from the text of a page.
const strictPolicy = {
  'default-src': ["'none'"],
  'script-src': ["'self'"],
  'style-src': ["'self'"],
  'frame-ancestors': ["'none'"],
  'base-uri': ["'none'"],
  'form-action': ["'self'"],
};

/** A port nobody listens on at this moment. */
export function freePort() {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });
}

// The databases that a spec about data walks on. PostgreSQL is there when
// scripts/postgres.sh started it ("make e2e" does); "make check" insists on it.
export const engines = process.env.LIANSHEN_TEST_POSTGRES ? ['sqlite', 'postgres'] : ['sqlite'];
if (engines.length === 1 && process.env.LIANSHEN_TEST_POSTGRES_REQUIRED) {
  throw new Error('LIANSHEN_TEST_POSTGRES is empty; run this through "make e2e"');
}

// A server runs on today's date, and deadlines need the plan of its year; a test
// must not stop working when the plans that come with the program are over.
function plainCalendar() {
  const year = new Date().getFullYear();
  const holidays = [year, year + 1].map((y) => ({ year: y, name: '元旦', days: [`${y}-01-01`], makeup_workdays: [], basis: 'test' }));
  return JSON.stringify({ holidays });
}

function freshPostgres() {
  return execFileSync(join(root, 'scripts', 'postgres.sh'), ['database'], { encoding: 'utf8' }).trim();
}

/**
 * Starts bin/lianshen on a fresh database, a fresh data folder and a free port, and
 * waits until it answers. command is "demo" or "serve"; engine is one of engines;
 * env is added to its environment. folder is that of a server stopped with
 * { keep: true }, to go on with its data.
 * Resolves to { url, data, log(), stop() }; stop ends it as Ctrl-C does, removes
 * the folder, and fails if the program did not end cleanly.
 */
export async function startServer({ command = 'demo', engine = 'sqlite', args = [], env = {}, folder } = {}) {
  const data = folder ?? (await mkdtemp(join(tmpdir(), 'lianshen-e2e-')));
  if (command === 'serve') await writeFile(join(data, 'calendar.json'), plainCalendar());
  const url = `http://127.0.0.1:${await freePort()}`;
  const binary = process.env.LIANSHEN_BINARY ?? join(root, 'bin', 'lianshen');
  const database = engine === 'postgres' ? ['--db', freshPostgres()] : [];
  const child = spawn(binary, [command, '--addr', new URL(url).host, '--data', data, ...database, ...args], {
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let log = '';
  child.stdout.on('data', (text) => (log += text));
  child.stderr.on('data', (text) => (log += text));
  const asking = new AbortController(); // stops asking a program that is gone
  const ended = new Promise((resolve) => {
    child.once('error', (err) => resolve(`could not start ${binary}: ${err.message}`));
    child.once('exit', (code, signal) => resolve(signal ?? code));
  }).finally(() => asking.abort());
  const stop = async ({ keep = false } = {}) => {
    child.kill('SIGINT');
    const status = await within(15_000, ended, 'the program to end after SIGINT');
    if (!keep) await rm(data, { recursive: true, force: true });
    assert.equal(status, 0, `lianshen ${command} ended with ${status}:\n${log}`);
  };
  try {
    const dead = ended.then((status) => Promise.reject(new Error(`ended with ${status}`)));
    await within(60_000, Promise.race([answers(url, asking.signal), dead]), url);
    dead.catch(() => {}); // from here on stop() tells how it ended
  } catch (err) {
    asking.abort();
    child.kill('SIGKILL');
    await rm(data, { recursive: true, force: true });
    throw new Error(`lianshen ${command} did not come up: ${err.message}\n${log}`);
  }
  return { url, data, log: () => log, stop };
}

async function answers(url, signal) {
  while (!signal.aborted) {
    try {
      return await fetch(url, { redirect: 'manual' });
    } catch {
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }
}

/**
 * Waits for the program to print what pattern describes and gives the match. It can
 * answer before its output has come through the pipe, so the log is asked again.
 */
export async function printed(server, pattern) {
  const until = Date.now() + 10_000;
  for (;;) {
    const found = server.log().match(pattern);
    if (found) return found;
    assert.ok(Date.now() < until, `not printed within 10 s: ${pattern}\n${server.log()}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

/** The parts of a zip in their order, read from its directory at the end. */
export function unzip(file) {
  const parts = [];
  let at = file.lastIndexOf(Buffer.from('PK\x05\x06'));
  const count = file.readUInt16LE(at + 10);
  at = file.readUInt32LE(at + 16);
  for (let i = 0; i < count; i++) {
    const size = file.readUInt32LE(at + 20);
    const [name, extra, comment] = [28, 30, 32].map((o) => file.readUInt16LE(at + o));
    const local = file.readUInt32LE(at + 42);
    const start = local + 30 + file.readUInt16LE(local + 26) + file.readUInt16LE(local + 28);
    const packed = file.subarray(start, start + size);
    parts.push({ name: file.toString('utf8', at + 46, at + 46 + name), data: file.readUInt16LE(at + 10) ? inflateRawSync(packed) : packed });
    at += 46 + name + extra + comment;
  }
  return parts;
}

/** The text of one part of a zip, such as word/document.xml. */
export function partOf(file, name) {
  const part = unzip(file).find((p) => p.name === name);
  assert.ok(part, `no ${name} in the file`);
  return part.data.toString('utf8');
}

/** Sends a ledger in, from the import page of a round to the check of its rows. */
export async function readLedger(v, round, file) {
  const { page } = v;
  await v.goto(`/rounds/${round}/import`);
  await page.setInputFiles('input[name=file]', file);
  await page.locator('form[data-upload] button.btn-primary').click();
  await page.waitForURL(/\/import\/[^/]+\/(columns|check)$/);
  if (page.url().endsWith('/columns')) await page.locator('main form button.btn-primary').click();
  await page.waitForURL(/\/import\/[^/]+\/check$/);
}

/** Confirms what the check shows, and goes on to the ledger. */
export async function confirmLedger(v, round) {
  await v.page.locator('#confirm button.btn-primary').click();
  await v.page.waitForURL(`**/imports/${round}-import-*`);
  await v.goto(`/rounds/${round}/ledger`);
}

function within(ms, promise, what) {
  let timer;
  const late = new Promise((_, reject) => {
    timer = setTimeout(() => reject(new Error(`waited ${ms / 1000} s for ${what}`)), ms);
  });
  return Promise.race([promise, late]).finally(() => clearTimeout(timer));
}

/** Debian's Chromium, or the one that CHROMIUM names. Close it after the tests. */
export function openBrowser() {
  return chromium.launch({
    executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
    args: ['--no-sandbox', '--disable-gpu', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'],
  });
}

/**
 * A page in a session of its own (no cookie is shared with another one), which
 * takes note of everything that went wrong in it; see Visit.
 */
export async function visit(browser, base, { locale = 'zh-CN', javaScript = true } = {}) {
  const context = await browser.newContext({
    baseURL: base,
    locale,
    timezoneId: 'Asia/Shanghai',
    javaScriptEnabled: javaScript,
    viewport: { width: 1366, height: 768 },
  });
  context.setDefaultTimeout(10_000);
  const page = await context.newPage();
  const v = new Visit(page);
  await v.watch();
  return v;
}

/** One person at one browser. page is Playwright's; the rest is what every spec needs. */
export class Visit {
  // Answers that are part of a test (a refused form, a conflict) are not faults
  // of the page; a spec names them: v.expected.add(422).
  expected = new Set();
  #faults = [];
  #shot = 0;

  constructor(page) {
    this.page = page;
  }

  async watch() {
    const { page } = this;
    page.on('pageerror', (err) => this.#fault(`script error: ${err.message}`));
    page.on('console', (message) => {
      if (message.type() === 'error' && !this.#isExpectedStatus(message.text())) {
        this.#fault(`console: ${message.text()}`);
      }
    });
    page.on('response', (response) => this.#judge(response));
    await page.exposeBinding('lianshenViolation', (_, text) => this.#fault(`Content-Security-Policy: ${text}`));
    await page.addInitScript(() => {
      document.addEventListener('securitypolicyviolation', (e) => {
        window.lianshenViolation(`${e.violatedDirective} refused ${e.blockedURI} ${e.sourceFile ?? ''}:${e.lineNumber}`);
      });
    });
  }

  #isExpectedStatus(text) {
    return [...this.expected].some((status) => text.includes(`status of ${status} `));
  }

  #judge(response) {
    const status = response.status();
    const at = `${response.request().method()} ${response.url()}`;
    if (status >= 400 && !this.expected.has(status)) this.#fault(`${at} answered ${status}`);
    const headers = response.headers();
    if (response.request().resourceType() === 'document' && (headers['content-type'] ?? '').startsWith('text/html')) {
      for (const fault of policyFaults(headers['content-security-policy'])) this.#fault(`${at}: ${fault}`);
    }
  }

  #fault(text) {
    this.#faults.push(`${this.page.url()}: ${text}`);
  }

  /** Fails with everything that went wrong since the last call. */
  assertClean() {
    const faults = this.#faults;
    this.#faults = [];
    assert.deepEqual(faults, []);
  }

  async goto(path) {
    return this.page.goto(path);
  }

  /** In a demonstration: signs in with one click as the user with that name. */
  async enterAs(username) {
    await this.page.goto('/signin');
    await this.page.locator(`button[name=username][value="${username}"]`).click();
    await this.page.waitForURL((url) => url.pathname !== '/signin');
  }

  /** Signs in by the form, as everybody else does. */
  async signIn(username, password) {
    await this.page.goto('/signin');
    await this.page.fill('input[name=username]', username);
    await this.page.fill('input[name=password]', password);
    await this.page.locator('main form').first().locator('button').click();
    await this.page.waitForURL((url) => url.pathname !== '/signin');
  }

  /** The addresses of this site that the page links to and that show a page. */
  async links() {
    const found = await this.page.evaluate(() =>
      [...document.querySelectorAll('a[href]')]
        .filter((a) => a.origin === location.origin && !a.hasAttribute('download'))
        .map((a) => a.pathname + a.search));
    return [...new Set(found)].filter((path) => !/\.(docx|pdf|xlsx|csv|zip|json|yaml)\b|\/export|\/evidence\//.test(path));
  }

  /**
   * Looks at the page as it stands now, in each view: no axe violation, nothing
   * wider than the window, no icon missing, nothing wrong so far; leaves a picture of each view in
   * e2e/out/NAME-VIEW.png. The page is not loaded again, so a half-filled form
   * can be looked at.
   */
  async look(name) {
    for (const view of views) {
      await this.show(view);
      await this.picture(`${name}-${view.name}`);
      await this.#assertFits(`${name} ${view.name}`);
      await this.#assertAccessible(`${name} ${view.name}`);
    }
    await this.#assertIcons(name);
    await this.show(views[0]);
    this.assertClean();
  }

  /** Turns the window to a view, as a person does who turns the phone or the lights. */
  async show(view) {
    await this.page.setViewportSize({ width: view.width, height: view.height });
    await this.page.emulateMedia({ colorScheme: view.scheme, reducedMotion: 'reduce' });
    // The theme is an attribute that the server writes from a cookie; without a
    // new load the attribute is all there is to change.
    await this.page.evaluate((scheme) => document.documentElement.setAttribute('data-bs-theme', scheme), view.scheme);
  }

  async picture(name) {
    await mkdir(out, { recursive: true });
    await this.page.screenshot({ path: join(out, `${name}.png`), fullPage: true });
  }

  async #assertFits(what) {
    const wide = await this.page.evaluate(() => {
      const width = document.documentElement.clientWidth;
      const reached = document.documentElement.scrollWidth;
      if (reached <= width) return [];
      // The box of an element can be narrow while its text runs out of it, so the
      // culprits are those with something wide inside.
      const culprits = [...document.querySelectorAll('body *')]
        .filter((e) => Math.max(e.getBoundingClientRect().right, e.getBoundingClientRect().left + e.scrollWidth) > width + 1)
        .slice(0, 8)
        .map((e) => `${e.tagName.toLowerCase()}.${e.getAttribute('class') ?? ''}`);
      return [`${reached} of ${width} px`, ...culprits];
    });
    assert.deepEqual(wide, [], `${what}: wider than the window`);
  }

  /** An icon that the sprite lacks leaves a hole and says nothing. */
  async #assertIcons(what) {
    const lacking = await this.page.evaluate(async () => {
      const asked = new Set([...document.querySelectorAll('use')].map((u) => u.getAttribute('href')));
      const sprites = {};
      const holes = [];
      for (const href of asked) {
        const [file, id] = href.split('#');
        sprites[file] ??= await (await fetch(file)).text();
        if (!sprites[file].includes(`id="${id}"`)) holes.push(id);
      }
      return holes;
    });
    assert.deepEqual(lacking, [], `${what}: icons that are not in the sprite`);
  }

  async #assertAccessible(what) {
    await this.page.evaluate(axeSource);
    const violations = await this.page.evaluate(async (tags) => {
      const result = await window.axe.run(document, { runOnly: tags, resultTypes: ['violations'] });
      return result.violations.map((v) => `${v.id} (${v.impact}): ${v.help}: ${v.nodes.slice(0, 3).map((n) => n.target.join(' ')).join(' | ')}`);
    }, axeTags);
    assert.deepEqual(violations, [], `${what}: axe`);
  }

  close() {
    return this.page.context().close();
  }
}

/** What a Content-Security-Policy lacks or allows too much, in words; [] if it is strict. */
export function policyFaults(header) {
  if (!header) return ['no Content-Security-Policy'];
  const directives = Object.fromEntries(
    header.split(';').map((d) => d.trim().split(/\s+/)).map(([name, ...values]) => [name, values]),
  );
  const faults = [];
  for (const [name, values] of Object.entries(strictPolicy)) {
    if (directives[name]?.join(' ') !== values.join(' ')) {
      faults.push(`Content-Security-Policy has ${name} ${directives[name]?.join(' ') ?? '(none)'}, not ${values.join(' ')}`);
    }
  }
  if (/unsafe-|\*|http:/.test(header)) faults.push(`Content-Security-Policy is not strict: ${header}`);
  return faults;
}
