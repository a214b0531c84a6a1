// An office puts a template of its own in force, from the interface alone: it takes
// the program's own home, changes it, is told what is wrong with it, says what its
// own names mean, looks at it, uses it, and the letter is made from it.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { readFile } from 'node:fs/promises';
import { crc32 } from 'node:zlib';
import { openBrowser, partOf, startServer, unzip, visit } from './lib.mjs';

let browser, server;
before(async () => {
  server = await startServer({ args: ['--browser', process.env.CHROMIUM ?? '/usr/bin/chromium'] });
  browser = await openBrowser();
});
after(async () => {
  await browser?.close();
  await server?.stop();
});

/** A zip of parts, not packed. */
function zip(parts) {
  const bodies = [], directory = [];
  let offset = 0;
  for (const { name, data } of parts) {
    const head = Buffer.alloc(30), entry = Buffer.alloc(46), path = Buffer.from(name);
    head.writeUInt32LE(0x04034b50, 0);
    entry.writeUInt32LE(0x02014b50, 0);
    for (const [b, o] of [[head, 14], [entry, 16]]) {
      b.writeUInt32LE(crc32(data), o);
      b.writeUInt32LE(data.length, o + 4);
      b.writeUInt32LE(data.length, o + 8);
      b.writeUInt16LE(path.length, o + 12);
    }
    entry.writeUInt32LE(offset, 42);
    bodies.push(head, path, data);
    directory.push(entry, path);
    offset += head.length + path.length + data.length;
  }
  const end = Buffer.alloc(22), list = Buffer.concat(directory);
  end.writeUInt32LE(0x06054b50, 0);
  end.writeUInt16LE(parts.length, 8);
  end.writeUInt16LE(parts.length, 10);
  end.writeUInt32LE(list.length, 12);
  end.writeUInt32LE(offset, 16);
  return Buffer.concat([...bodies, list, end]);
}

/** The Word file with words of its text in place of others, as a person would type them. */
function rewritten(file, pairs) {
  return zip(unzip(file).map(({ name, data }) => {
    if (name !== 'word/document.xml') return { name, data };
    let text = data.toString('utf8');
    for (const [from, to] of pairs) {
      assert.ok(text.includes(from), `the template has ${from}`);
      text = text.replaceAll(from, to);
    }
    return { name, data: Buffer.from(text) };
  }));
}

async function download(page, press) {
  const [got] = await Promise.all([page.waitForEvent('download'), press()]);
  return readFile(await got.path());
}

const textOf = (file) => partOf(file, 'word/document.xml').replaceAll(/<[^>]+>/g, '');

async function upload(page, name, file) {
  await page.locator('#file').setInputFiles({ name, mimeType: 'application/vnd.openxmlformats-officedocument.wordprocessingml.document', buffer: file });
  await page.locator('form[enctype] button').click();
}

const letter = '8-JT-report-1';

test("an office's own template, from the file to the letter", async () => {
  const v = await visit(browser, server.url);
  const { page } = v;
  v.expected.add(422);
  await v.enterAs('jiangyifan');
  await v.goto('/templates');
  await page.locator('main a[href="/templates/letter"]').click();
  await page.waitForURL('**/templates/letter');
  await v.look('template-kind');
  const builtin = await download(page, () => page.locator('main a[href="/templates/letter/0/file.docx"]').first().click());

  // A part that does not end: the page names the field and the place.
  await upload(page, '缺结尾.docx', rewritten(builtin, [['{{/具体意见}}', '']]));
  const faults = page.locator('#faults');
  await faults.waitFor();
  assert.match(await faults.innerText(), /具体意见[\s\S]*正文：“\{\{#具体意见\}\}”[\s\S]*没有结束。请在它的末尾写上 \{\{\/具体意见\}\}/);
  await page.evaluate(() => document.querySelectorAll('[data-toast]').forEach((t) => t.remove())); // that the download is there
  await v.look('template-faults');

  // Names of the office's own: asked about one by one.
  const own = rewritten(builtin, [['{{标题}}', '【云溪】{{公文标题}}'], ['{{成文日期}}', '{{印章}}{{成文日期}}']]);
  await upload(page, '云溪审核意见函.docx', own);
  await page.waitForURL('**/templates/letter/1');
  const names = page.locator('#names');
  assert.match(await names.innerText(), /公文标题[\s\S]*印章/);
  assert.equal(await page.locator('#use button').count(), 0, 'with open names it cannot be used');
  await names.getByLabel('公文标题').selectOption('title');
  await names.getByLabel('印章').selectOption('-');
  await names.locator('button').click();
  await page.waitForURL('**/templates/letter/1?saved**');
  await page.locator('.docx').waitFor();
  assert.match(await page.locator('.docx').innerText(), /【云溪】关于/);
  await v.look('template-version');

  const before = textOf(await download(page, () => page.locator('main a[href*="preview.docx"]').click()));
  assert.match(before, /【云溪】/, 'the preview to download is made from it');
  await page.locator('#use button').click();
  await page.waitForURL('**/templates/letter?used');
  assert.match(await page.locator('#history').innerText(), /第1号模板/);
  v.assertClean();
  await page.context().close();
});

test('a letter given out stays; a new one is made from the new template, also as PDF', async () => {
  const v = await visit(browser, server.url);
  const { page } = v;
  await v.enterAs('jiangyifan');
  await v.goto(`/submissions/${letter}/letter`);
  assert.doesNotMatch(await page.locator('.docx').innerText(), /【云溪】/, 'it was delivered before');
  const pdf = await download(page, () => page.locator('main a[href$="/letter.pdf"]').click());
  assert.equal(pdf.subarray(0, 5).toString(), '%PDF-');
  assert.ok(pdf.length > 5000, 'there is something on it');
  await v.goto('/submissions/8-JT-report-2/letter');
  assert.match(await page.locator('.docx').innerText(), /【云溪】关于/, 'what is not delivered yet is made from the new one');
  v.assertClean();
  await page.context().close();
});
