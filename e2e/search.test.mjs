// Evidence in, found by its words, seen as pictures, handed out as a pack that is
// checked without the server: from the interface alone, on the sample round.
import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { after, before, test } from 'node:test';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { openBrowser, startServer, visit } from './lib.mjs';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const finding = '08-LC-001';
let browser, server, folder;
before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lianshen-pack-'));
  server = await startServer();
  browser = await openBrowser();
});
after(async () => {
  await browser?.close();
  await server?.stop();
  await rm(folder, { recursive: true, force: true });
});

test('evidence is found by its words, seen as a picture, and handed out as a pack', async () => {
  const v = await visit(browser, server.url);
  await v.enterAs('furong');
  const { page } = v;
  const pdf = await readFile(join(root, 'internal', 'extract', 'testdata', 'minutes.pdf'));
  await v.goto(`/findings/${finding}/fill`);
  const upload = page.locator('form[action$="/evidence"]');
  await upload.locator('#ev-file').setInputFiles({ name: '会议记录.pdf', mimeType: 'application/pdf', buffer: pdf });
  await upload.locator('[name=name]').fill('公务卡专题会议记录');
  await upload.locator('button.btn').click();
  await page.getByText('公务卡专题会议记录').first().waitFor();

  // The text is taken after the upload, in the background.
  let found = false;
  for (let i = 0; i < 40 && !found; i++) {
    await v.goto(`/search?q=${encodeURIComponent('逐项')}&kind=evidence`);
    found = (await page.locator('#found-evidence mark').count()) > 0;
    if (!found) await page.waitForTimeout(1000);
  }
  assert.ok(found, 'two characters of the PDF find it');
  assert.equal(await page.locator('#found-evidence mark').first().innerText(), '逐项');
  await v.look('search');
  await page.locator('#found-evidence .ht').first().click();
  await page.waitForLoadState();
  assert.ok((await page.locator('#text mark').count()) > 0, 'the page of the evidence marks the words too');
  const picture = page.locator('.pv img');
  await picture.waitFor();
  assert.ok(await picture.evaluate((img) => img.decode().then(() => img.naturalWidth > 300)), 'a page of the PDF is a picture');
  await v.look('preview');

  // Filters keep the words.
  await v.goto(`/search?q=${encodeURIComponent('公务卡')}`);
  assert.ok((await page.locator('mark').count()) > 0);

  await v.goto(`/findings/${finding}`);
  const [download] = await Promise.all([page.waitForEvent('download'), page.locator('a[href$="/pack.zip"]').first().click()]);
  const file = join(folder, 'pack.zip');
  await download.saveAs(file);
  const binary = process.env.LIANSHEN_BINARY ?? join(root, 'bin', 'lianshen');
  const said = JSON.parse(execFileSync(binary, ['verify', file, '--format', 'json'], { encoding: 'utf8' }));
  assert.ok(said.ok && said.files >= 3, JSON.stringify(said));

  // One byte of the file in the pack is enough.
  const bytes = await readFile(file);
  const at = bytes.indexOf('%PDF');
  assert.ok(at > 0, 'the pack holds the PDF');
  bytes[at + 6] ^= 1;
  await writeFile(file, bytes);
  const broken = spawnSync(binary, ['verify', file, '--lang', 'zh'], { encoding: 'utf8' });
  assert.notEqual(broken.status, 0);
  assert.match(broken.stdout + broken.stderr, /会议记录\.pdf.*内容被改动/);
  v.assertClean();
  await v.close();
});
