// The harness itself: a check that finds nothing on a bad page is worth nothing,
// so each check is shown one page that it must refuse.
import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { openBrowser, policyFaults, startServer, visit } from './lib.mjs';

const strict = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'";
const page = (body) => `<!doctype html><html lang="zh-CN"><head><meta charset="utf-8"><title>页</title>
<meta name="viewport" content="width=device-width"><link rel="icon" href="data:,"></head><body><main><h1>页</h1>${body}</main></body></html>`;
const pages = {
  '/good': page('<p>正文</p>'),
  '/wide': page(`<pre>${'x'.repeat(400)}</pre>`),
  '/unlabelled': page('<input name="text">'),
  '/inline': page('<p onclick="alert(1)" style="color:red">正文</p>'),
  '/throws': page('<script src="/throws.js"></script>'),
};

let browser, server, base;
before(async () => {
  server = createServer((request, response) => {
    const body = pages[request.url];
    if (request.url === '/throws.js') return response.setHeader('content-type', 'text/javascript').end('throw new Error("broken")');
    response.writeHead(body ? 200 : 404, { 'content-type': 'text/html; charset=utf-8', 'content-security-policy': strict });
    response.end(body ?? page('<p>没有</p>'));
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  base = `http://127.0.0.1:${server.address().port}`;
  browser = await openBrowser();
});
after(async () => {
  await browser?.close();
  server?.close();
});

async function lookAt(path) {
  const v = await visit(browser, base);
  try {
    await v.goto(path);
    await v.look(`harness${path.replace('/', '-')}`);
  } finally {
    await v.close();
  }
}

test('a good page passes in every view', () => lookAt('/good'));
test('a page wider than the window is refused', () => assert.rejects(lookAt('/wide'), /wider than the window/));
test('a field without a label is refused', () => assert.rejects(lookAt('/unlabelled'), /label/));
test('inline style and script are refused', () => assert.rejects(lookAt('/inline'), /Content-Security-Policy: .*inline/));
test('a script error is refused', () => assert.rejects(lookAt('/throws'), /script error: broken/));
test('a missing page is refused', () => assert.rejects(lookAt('/missing'), /answered 404/));

test('an answer that the spec expects is no fault', async () => {
  const v = await visit(browser, base);
  v.expected.add(404);
  await v.goto('/missing');
  v.assertClean();
  await v.close();
});

test('a policy is strict or named', () => {
  assert.deepEqual(policyFaults(strict), []);
  assert.match(policyFaults(undefined)[0], /no Content-Security-Policy/);
  assert.match(policyFaults(strict.replace("script-src 'self'", "script-src 'self' 'unsafe-inline'")).join(), /script-src/);
  assert.match(policyFaults(strict.replace("; base-uri 'none'", '')).join(), /base-uri/);
});

// Stands in for the program, with its command line and its way of ending.
const program = `#!/usr/bin/env node
const addr = process.argv[process.argv.indexOf('--addr') + 1];
if (process.env.BREAK === 'start') { console.error('no database'); process.exit(1); }
require('http').createServer((q, r) => r.end('here')).listen(Number(addr.split(':')[1]), '127.0.0.1');
process.on('SIGINT', () => process.exit(process.env.BREAK === 'stop' ? 1 : 0));
`;

test('the program is started, and its failures are told', async (t) => {
  const dir = await mkdtemp(join(tmpdir(), 'lianshen-harness-'));
  process.env.LIANSHEN_BINARY = join(dir, 'program.cjs');
  t.after(async () => {
    delete process.env.LIANSHEN_BINARY;
    await rm(dir, { recursive: true });
  });
  await writeFile(process.env.LIANSHEN_BINARY, program);
  await chmod(process.env.LIANSHEN_BINARY, 0o755);

  const good = await startServer();
  assert.equal(await (await fetch(good.url)).text(), 'here');
  await good.stop();
  await assert.rejects(startServer({ env: { BREAK: 'start' } }), /ended with 1[^]*no database/);
  const dirty = await startServer({ env: { BREAK: 'stop' } });
  await assert.rejects(dirty.stop(), /ended with 1/);
});
