// Every page that a link leads to, as each of the sample users: it answers, it is
// accessible, it fits, and nothing in it is refused by the content policy. The walk
// finds pages by itself, so a new page is looked at from its first day.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { openBrowser, startServer, visit } from './lib.mjs';

const mostPages = 70; // per person; more are a sign that kindOf tells too many kinds apart

let server, browser, users;
const seen = new Set(); // kinds of page looked at in every view

before(async () => {
  server = await startServer();
  browser = await openBrowser();
  const v = await visit(browser, server.url);
  await v.goto('/signin');
  await v.look('signin');
  users = await v.page.locator('button[name=username]').evaluateAll((buttons) => buttons.map((b) => b.value));
  await v.close();
});
after(async () => {
  await browser?.close();
  await server?.stop();
});

/** The address without what differs from one record, or one filter, to the next: /findings/*. */
function kindOf(path) {
  const url = new URL(path, 'http://x');
  const parts = url.pathname.split('/');
  const isRecord = (part, i) => /\d/.test(part) || (/^(people|bodies|organisations|mechanisms|sheets|closing-forms|documents|templates|exports|designs)$/.test(parts[i - 1]) && part !== 'new');
  return parts.map((part, i) => (isRecord(part, i) ? '*' : part)).join('/') + (url.search && '?');
}

// One bad page does not hide the next: everything found is told at the end.
async function walk(username) {
  const v = await visit(browser, server.url);
  const known = new Map();
  const faults = [];
  const note = (paths) => paths.forEach((path) => known.has(kindOf(path)) || known.set(kindOf(path), path));
  const attempt = (work) => work().catch((err) => faults.push(err.message));
  await v.enterAs(username);
  note(['/', '/me']);
  for (const [kind, path] of known) {
    if (known.size > mostPages) break;
    await attempt(async () => {
      await v.goto(path);
      note(await v.links());
      if (seen.has(kind)) return v.assertClean();
      seen.add(kind);
      await v.look(`site${kind.replace(/[^\w]+/g, '-')}`);
    });
  }
  await v.close();
  assert.equal(faults.join('\n\n'), '');
  assert.ok(known.size <= mostPages, `${username} finds more than ${mostPages} kinds of page: ${[...known.keys()].join(' ')}`);
  assert.ok(known.size > 2, `${username} finds no page but ${[...known.keys()].join(' ')}`);
}

test('there is a sample user for each role', () => assert.ok(users.length >= 8, `users: ${users}`));

test('every page, as every sample user', async (t) => {
  for (const username of users) {
    await t.test(username, () => walk(username));
  }
});
