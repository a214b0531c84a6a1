// The whole loop through the interface alone, from an empty installation to a
// closed finding, as the people who do it: set-up, round, import, report, review,
// letter, answer, second version, closing. Once on each database.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { confirmLedger, engines, openBrowser, printed, readLedger, startServer, visit } from './lib.mjs';

const ledger = fileURLToPath(new URL('../internal/demo/round8/ledger-all.xlsx', import.meta.url));
const organisations = [
  ['JT', '中共云溪县教育体育局党组', '县教育体育局'], ['WJ', '中共云溪县卫生健康局党组', '县卫生健康局'],
  ['NY', '中共云溪县农业农村局党组', '县农业农村局'], ['MZ', '中共云溪县民政局党组', '县民政局'],
  ['SW', '中共云溪县水务局党组', '县水务局'], ['LC', '中共云溪县林业和草原局党组', '县林业和草原局'],
  ['DX', '中共云溪县委党校校务委员会', '县委党校'],
];
// The smallest organisation of the sample walks the loop: 20 findings.
const own = 'DX';
const disputed = '08-DX-001';
const report = '8-DX-report-1';
const password = 'Yunxi-2026-walk';
const cast = {
  ge: { name: '葛强', role: 'reviewer', body: 'discipline' },
  yin: { name: '尹丽', role: 'reviewer', body: 'personnel' },
  kong: { name: '孔令辉', role: 'reviewer', body: 'team-1' },
  luo: { name: '罗文静', role: 'liaison', organisation: own },
  lin: { name: '林志远', role: 'head', organisation: own },
};

let browser;
before(async () => { browser = await openBrowser(); });
after(async () => { await browser?.close(); });

for (const engine of engines) {
  test(`the loop on ${engine}`, async (t) => {
    const server = await startServer({ command: 'serve', engine });
    const people = {}; // username -> Visit
    const enter = async (username, secret = password) => {
      people[username] = await visit(browser, server.url);
      await people[username].signIn(username, secret);
      return people[username];
    };
    // A step stands on the one before: after a failure the rest tells nothing.
    let sound = true;
    const step = (name, work) => sound && t.test(name, async () => {
      sound = false;
      await work();
      sound = true;
    });
    try {
      await step('set-up through the one-time link', () => setUp(server, enter));
      await step('people get accounts and posts', () => appoint(people.zhou, enter));
      await step('the office opens the round and imports the ledger', () => openRound(people.zhou));
      await step('the organisation reports and the head pledges', () => firstReport(people));
      await step('four parties review, blind', () => firstReview(people));
      await step('the office consolidates and delivers one letter', () => letter(people));
      await step('the organisation answers and sends version 2', () => secondReport(people));
      await step('the parties look again; the finding is closed', () => closing(people));
      await step('the record is sound', () => verify(people.zhou));
    } finally {
      for (const v of Object.values(people)) await v.close();
      await server.stop();
    }
  });
}

async function setUp(server, enter) {
  const [link] = await printed(server, /http:\S+\/setup\S+(?=\s)/);
  const v = await visit(browser, server.url);
  await v.goto(new URL(link).pathname + new URL(link).search + new URL(link).hash);
  const { page } = v;
  await page.fill('textarea[name=teams]', '县委第一巡察组\n县委第二巡察组');
  const inputs = page.locator('fieldset').first();
  await inputs.locator('input[type=text], input:not([type])').nth(0).fill('周明丽');
  await inputs.locator('input[type=text], input:not([type])').nth(1).fill('zhou');
  for (const box of await inputs.locator('input[type=password]').all()) await box.fill(password);
  for (const tick of await inputs.locator('input[type=checkbox]').all()) await tick.check();
  await page.locator('main form button.btn-primary').click();
  await page.waitForURL((url) => url.pathname !== '/setup');
  v.assertClean();
  await v.close();
  await enter('zhou');
}

// capacity switches the person to the post whose label holds the word.
async function capacity(v, word) {
  await v.goto('/me');
  const { page } = v;
  if ((await page.locator('summary.me .who').innerText()).includes(word)) return;
  await page.locator('summary.me').click();
  await page.locator('form[action="/capacity"] button', { hasText: word }).first().click();
  await page.waitForLoadState();
}

async function appoint(v, enter) {
  await capacity(v, '巡察办');
  const { page } = v;
  for (const [code, full, short] of organisations) {
    await v.goto('/organisations');
    const form = page.locator('#add-organisation');
    await form.locator('[name=code]').fill(code);
    await form.locator('[name=full]').fill(full);
    await form.locator('[name=short]').fill(short);
    await form.locator('button').click();
    await page.waitForLoadState();
  }
  const secrets = {};
  await capacity(v, '系统管理员');
  for (const [username, who] of Object.entries(cast)) {
    await v.goto('/people');
    await page.fill('input[name=name]', who.name);
    await page.fill('input[name=username]', username);
    await page.locator('#add form button, form[action="/people"] button').first().click();
    secrets[username] = (await page.locator('[data-secret]').innerText()).trim();
  }
  await capacity(v, '安全管理员');
  for (const who of Object.values(cast)) {
    await v.goto('/people');
    await page.locator('main a', { hasText: who.name }).click();
    const form = page.locator('form[action$="/posts"]');
    await form.locator('[name=role]').selectOption(who.role);
    if (who.body) await form.locator('[name=body]').selectOption(who.body);
    if (who.organisation) await form.locator('[name=organisation]').fill(who.organisation);
    await form.locator('[name=since]').fill('2025-01-01');
    await form.locator('button').click();
    await page.waitForLoadState();
  }
  v.assertClean();
  for (const username of Object.keys(cast)) {
    const theirs = await enter(username, secrets[username]);
    await theirs.goto('/me');
    await theirs.page.fill('input[name=old]', secrets[username]);
    await theirs.page.fill('input[name=new]', password);
    await theirs.page.fill('input[name=again]', password);
    await theirs.page.locator('form[action="/me/password"] button').click();
    await theirs.page.waitForLoadState();
    if (new URL(theirs.page.url()).pathname === '/signin') await theirs.signIn(username, password);
    theirs.assertClean();
  }
}

async function openRound(v) {
  await capacity(v, '巡察办');
  const { page } = v;
  await v.goto('/rounds/new');
  await page.fill('[name=number]', '8');
  await page.fill('[name=name]', '十四届云溪县委第八轮巡察');
  await page.fill('[name=source]', '县委巡察');
  await page.fill('[name=feedback_on]', '2025-11-20');
  await page.fill('[name=rectify_until]', '2026-02-20');
  for (const [code] of organisations) await page.selectOption(`[name=team-${code}]`, code === own ? 'team-1' : 'team-2');
  await page.locator('#round button.btn-primary').click();
  await page.waitForURL('**/rounds/8/import');

  // A wrong file is refused with the cell, and nothing is written.
  await readLedger(v, 8, {
    name: '错误.csv', mimeType: 'text/csv',
    buffer: Buffer.from('问题编号,被巡察党组织,反馈类别,反馈问题（原文）,整改类型,完成时限\n08-DX-001,中共云溪县委党校校务委员会,决策部署,问题。,限期整改,2026-02-30\n'),
  });
  assert.equal(await page.locator('#faults [aria-invalid=true]').inputValue(), '2026-02-30');
  assert.equal(await page.locator('#confirm').count(), 0, 'with a wrong cell there is nothing to confirm');
  await v.look('walk-import-refused');

  await readLedger(v, 8, ledger);
  await page.waitForSelector('text=228');
  await v.look('walk-import');
  await confirmLedger(v, 8);
  await page.waitForSelector('text=228');
  v.assertClean();
}

async function firstReport({ luo, lin }) {
  const { page } = luo;
  await luo.goto(`/findings/${disputed}/fill`);
  await page.fill('textarea[name=progress]', '一是召开会议，传达学习。二是逐步完善，适时推进。');
  // The session is lost while writing: the draft is there after sign-in.
  await page.waitForResponse((r) => r.url().includes('/drafts/') && r.ok());
  await page.context().clearCookies();
  await luo.signIn('luo', password);
  await luo.goto(`/findings/${disputed}/fill`);
  assert.equal(await page.inputValue('textarea[name=progress]'), '一是召开会议，传达学习。二是逐步完善，适时推进。');
  await page.locator('.fillbar button.btn-primary').click();
  await page.waitForLoadState();

  const upload = page.locator('form[action$="/evidence"]');
  await upload.locator('[name=name]').fill('校务委员会会议纪要');
  await upload.locator('[name=doc_number]').fill('云党校纪〔2026〕2号');
  await upload.locator('[name=date]').fill('2026-01-08');
  await upload.locator('#ev-file').setInputFiles({ name: '纪要.txt', mimeType: 'text/plain', buffer: Buffer.from('会议纪要') });
  await upload.locator('> button').click();
  await page.locator('#evidence', { hasText: '云党校纪〔2026〕2号' }).waitFor();
  await luo.look('walk-fill');
  await send(luo, lin);
}

// send walks the next version of the report from the check to the parties.
async function send(luo, lin) {
  await luo.goto('/rounds/8/send/report');
  await luo.page.locator('form[action$="/prepare"] button').click();
  await luo.page.waitForLoadState();
  await lin.goto('/rounds/8/send/report');
  await lin.page.check('input[name=pledge]');
  await lin.page.locator('form[action$="/pledge"] button').click();
  await lin.page.waitForLoadState();
  await luo.goto('/rounds/8/send/report');
  await luo.page.locator('form[action$="/send"] button').click();
  await luo.page.waitForLoadState();
  luo.assertClean();
  lin.assertClean();
}

const criteria = ['responsibility', 'measures', 'result', 'rules', 'effect', 'recognition'];

// judge fills the form of one finding and gives the verdict with the keyboard.
async function judge({ page }, word, conclusion, opinion) {
  for (const c of criteria) {
    await page.check(`input[name="w-${c}"][value="${c === 'result' ? word : 'pass'}"]`, { force: true });
  }
  if (opinion) {
    const box = page.locator('textarea[name="t-result"]').first();
    await box.evaluate((area) => { area.closest('details').open = true; });
    await box.fill(opinion);
    await page.locator('[name="c-result"]').first().fill('补充数据和实例');
  }
  await page.check(`input[name=conclusion][value=${conclusion}]`, { force: true });
  const at = page.url();
  await page.keyboard.press('Control+Enter');
  await page.waitForURL((url) => url.href !== at);
}

async function firstReview({ zhou, ge, yin, kong }) {
  const secret = '只写会议，未见课程修订清单'; // not one of the mechanism's phrases
  for (const v of [ge, yin, kong, zhou]) {
    await v.goto(`/review/${report}/${disputed}`);
    if (v === yin) {
      assert.ok(!(await v.page.content()).includes(secret), 'the organisation department reads another verdict before its own');
      await v.look('walk-review');
      await judge(v, 'pass', 'agree');
    } else {
      await judge(v, 'fail', 'return', `${secret}。`);
    }
    for (let n = 2; n <= 20; n++) {
      await v.goto(`/review/${report}/08-DX-${String(n).padStart(3, '0')}`);
      await judge(v, 'pass', 'agree');
    }
    v.assertClean();
  }
  await yin.goto(`/review/${report}/${disputed}`);
  assert.ok((await yin.page.content()).includes(secret), 'after its own verdict a party reads the others');
}

async function letter({ zhou, luo }) {
  const { page } = zhou;
  await zhou.goto('/rounds/8/consolidate');
  await page.locator(`form[action="/consolidate/${report}/agreed"] button`).click();
  await page.waitForLoadState();
  await zhou.goto(`/consolidate/${report}/${disputed}`);
  await zhou.look('walk-consolidate');
  if (await page.locator('input[name^=origin]').count() === 0) {
    await page.locator('#add-entry').click();
    await page.waitForSelector('input[name^=origin]');
  }
  for (const box of await page.locator('input[name^=origin]').all()) await box.check({ force: true });
  await page.locator('textarea[name^=text]').first().fill('整改完成情况不具体，请补充数据和实例。');
  await page.selectOption('select[name=conclusion]', 'return');
  await page.fill('textarea[name=reason]', '三方认为缺少数据，组织部认为方向可以。');
  await page.locator('button[name=act][value=confirm]').click();
  await page.waitForURL((url) => !url.pathname.endsWith(disputed));
  await zhou.goto(`/submissions/${report}/letter`);
  await zhou.look('walk-letter');
  const [file] = await Promise.all([page.waitForEvent('download'), page.locator('a[href$="letter.docx"]').first().click()]);
  assert.match(file.suggestedFilename(), /\.docx$/);
  await page.fill('input[name=number]', '云巡办函〔2026〕3号');
  await page.locator('form[action$="/deliver"] button').click();
  await page.waitForLoadState();
  zhou.assertClean();
  await luo.goto(`/submissions/${report}/letter`);
  const text = await luo.page.innerText('main');
  assert.ok(text.includes('请补充数据和实例'), 'the organisation reads the letter');
  assert.ok(!text.includes('组织部认为'), 'the reason for a disagreement stays inside');
}

async function secondReport({ luo, lin }) {
  const { page } = luo;
  await luo.goto(`/submissions/${report}/answers`);
  await page.locator('form[action$="/receive"] button').click();
  await page.waitForLoadState();
  const entry = page.locator(`form[action$="/answers/${disputed}/1"]`);
  await entry.locator('input[value=adopted]').check({ force: true });
  await entry.locator('[name=place]').fill('第二部分第1条');
  await entry.locator('button').click();
  await page.waitForSelector('text=已答复');
  await luo.look('walk-answers');
  await luo.goto(`/findings/${disputed}/fill`);
  await page.fill('textarea[name=progress]', '一是1月8日召开校务委员会，明确3项任务。二是2月底前完成课程修订12门，主体班占比由62%提高到75%。');
  await page.locator('.fillbar button.btn-primary').click();
  await page.waitForLoadState();
  await send(luo, lin);
}

async function closing({ zhou, ge, yin, kong }) {
  const second = '8-DX-report-2';
  for (const v of [ge, yin, kong, zhou]) {
    await v.goto(`/review/${second}/${disputed}`);
    assert.ok((await v.page.content()).includes('主体班占比'), 'version 2 is shown');
    for (const own of await v.page.locator('.rcheck input[value=content]').all()) await own.check({ force: true });
    if (v === ge) await v.look('walk-review-again');
    await judge(v, 'pass', 'agree');
    v.assertClean();
  }
  const { page } = zhou;
  await zhou.goto('/rounds/8/consolidate');
  await page.locator(`form[action="/consolidate/${second}/agreed"] button`).click();
  await page.waitForLoadState();
  await zhou.goto(`/submissions/${second}/letter`);
  await page.fill('input[name=number]', '云巡办函〔2026〕9号');
  await page.locator('form[action$="/deliver"] button').click();
  await page.waitForLoadState();
  await zhou.goto(`/findings/${disputed}`);
  await page.locator('form[action$="/close"] button').first().click();
  await page.waitForLoadState();
  await zhou.goto(`/findings/${disputed}`);
  assert.ok((await page.innerText('main')).includes('已销号'));
  await zhou.look('walk-finding-closed');
  await zhou.goto('/rounds/8');
  const overview = await page.innerText('main');
  assert.match(overview, /20\s*\/\s*228/, 'twenty findings are recognised');
  assert.match(overview, /202\s*\/\s*228/, 'the claimed rate is another figure');
  assert.match(overview, /(^|\D)1\s*\/\s*228/, 'one finding is closed');
  await zhou.look('walk-overview');
}

async function verify(v) {
  await capacity(v, '审计员');
  await v.goto('/trail');
  await v.page.locator('form[action="/trail/verify"] button').click();
  await v.page.waitForSelector('text=校验通过');
  v.assertClean();
}
