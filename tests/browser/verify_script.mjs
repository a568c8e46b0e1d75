// The script of /verify gives the verdicts of `gongzhi verify`: on good receipts of both stages, on receipts with one letter
// changed, under other lists of keys; and the page says them in words.
import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';

const CHANGES = 48, OUTCOME_MS = 5_000;

const changed = (text, at) => text.slice(0, at) + (text[at] === 'A' ? 'B' : 'A') + text.slice(at + 1);

// Exit code 0 is valid; what else went wrong than the verdict is no verdict.
function cli(program, folder) {
  let number = 0;
  return async (receipt, policy) => {
    const files = [path.join(folder, `${++number}.receipt`), path.join(folder, `${number}.policy`)];
    await Promise.all([writeFile(files[0], receipt), writeFile(files[1], policy)]);
    return new Promise((resolve, reject) => execFile(program, ['verify', files[0], '--policy', files[1]], error =>
      !error ? resolve(true) : typeof error.code === 'number' ? resolve(false) : reject(error)));
  };
}

// Lists of keys beside the page's own: which are right, which are not.
function policies(own) {
  const lines = own.trim().split('\n'), logs = lines.filter(line => line.startsWith('log ')), witnesses = lines.filter(line => line.startsWith('witness '));
  const names = witnesses.map(line => line.split(' ')[1]), quorum = rest => `${[...logs, ...witnesses, ...rest].join('\n')}\n`;
  return {
    own, reversed: `${[...lines.slice(0, -1).reverse(), 'quorum none'].join('\n')}\n`, any: quorum([`group all-of-them any ${names.join(' ')}`, 'quorum all-of-them']),
    all: quorum([`group all-of-them all ${names.join(' ')}`, 'quorum all-of-them']), 'no-witness': `${logs.join('\n')}\nquorum none\n`,
    'first-log': `${[logs[0], ...witnesses].join('\n')}\nquorum none\n`, 'last-log': `${[logs.at(-1), ...witnesses].join('\n')}\nquorum none\n`,
    'wrong-key': quorum(['quorum none']).replace(/(log \S+\+)(\S+)\+(\S{8})/, '$1$2+AAAAAAAA'), 'no-quorum': quorum([]), 'two-quorums': quorum(['quorum none', 'quorum none']),
    empty: '', words: 'hello\n', 'unknown-member': quorum(['group g any nobody', 'quorum g']),
  };
}

async function sameVerdicts(page, verify, receipts, lists) {
  const problems = [];
  let valid = 0, invalid = 0;
  const compare = async (name, receipt, policy) => {
    const [browser, command] = await Promise.all([page.evaluate(([r, p]) => globalThis.gongzhiVerify(r, p), [receipt, policy]), verify(receipt, policy)]);
    command ? ++valid : ++invalid;
    if (browser.startsWith('valid') !== command) problems.push(`${name}: the browser says "${browser}", gongzhi verify ${command ? 'valid' : 'not valid'}`);
  };
  for (const [stage, receipt] of Object.entries(receipts)) {
    for (const [name, policy] of Object.entries(lists)) await compare(`${stage} ${name}`, receipt, policy);
    for (let i = 0; i < CHANGES; ++i) {
      const at = Math.floor(i * receipt.length / CHANGES);
      await compare(`${stage} changed at ${at}`, changed(receipt, at), lists.own);
      if (i % 8 === 0) await compare(`${stage} cut at ${at}`, receipt.slice(0, at), lists.own);
    }
  }
  if (valid < 4 || invalid < CHANGES) problems.push(`only ${valid} valid and ${invalid} invalid verdicts were compared`);
  console.log(`${valid + invalid} verdicts of the browser compared with gongzhi verify, ${valid} of them valid`);
  return problems;
}

// What the page says after the button: the words of each outcome.
async function inWords(page, receipt, lists) {
  const problems = [];
  const expects = async (name, text, policy, words) => {
    await page.fill('#receipt', text);
    await page.evaluate(value => { document.getElementById('policy').value = value; }, policy);
    await page.click('#check-here');
    const said = page.locator('#browser-outcome', { hasText: words });
    await said.waitFor({ timeout: OUTCOME_MS }).catch(async () => problems.push(`${name}: ${await page.textContent('#browser-outcome')}`));
  };
  await expects('good', receipt, lists.own, '浏览器核对通过');
  await expects('changed', changed(receipt, receipt.indexOf('extra ') + 200), lists.own, '核对不通过');
  await expects('wrong key', receipt, lists['wrong-key'], '公钥清单写得不对');
  await expects('log not named', receipt, lists['first-log'], '核对不通过');
  await expects('nothing', '', lists.own, '粘贴回执的内容');
  return problems;
}

// How many of these checks failed; they were printed.
export async function checkScript(browser, pair, program) {
  const folder = await mkdtemp(path.join(tmpdir(), 'gongzhi-verify-'));
  const page = await (await browser.newContext()).newPage();
  const problems = [];
  page.on('pageerror', error => problems.push(`the script failed: ${error.message}`));
  page.on('request', request => { if (/\/v1\/|policy/.test(request.url())) problems.push(`the page fetched ${request.url()}`); });
  try {
    await page.goto(`${pair.authority.url}/verify?lang=zh-CN`);
    const lists = policies(await page.inputValue('#policy'));
    const receipts = { accepted: pair.receipt, proved: await pair.provedReceipt() };
    problems.push(...await sameVerdicts(page, cli(program, folder), receipts, lists), ...await inWords(page, receipts.proved, lists));
    // Once sent, the page checks by itself what the server checked.
    await page.fill('#receipt', pair.receipt);
    await page.locator('main form button[type=submit]').click();
    await page.locator('#browser-outcome', { hasText: '浏览器核对通过' }).waitFor({ timeout: OUTCOME_MS }).catch(error => problems.push(error.message));
    const said = await page.locator('section[aria-labelledby=result] p').first().textContent();
    if (!/^示例电商平台 2026年3月9日 09:\d\d 存入了一批数据（\d+条），没有改动过。$/.test(said)) problems.push(`the receipt says: ${said}`);
    // A file that is chosen is read here as well, before anything is sent.
    await page.goto(`${pair.authority.url}/verify?lang=zh-CN`);
    await page.setInputFiles('#file', { name: 'a.receipt', mimeType: 'text/plain', buffer: Buffer.from(pair.receipt) });
    await page.click('#check-here');
    await page.locator('#browser-outcome', { hasText: '浏览器核对通过' }).waitFor({ timeout: OUTCOME_MS }).catch(error => problems.push(error.message));
  } finally {
    await page.context().close();
    await rm(folder, { recursive: true, force: true });
  }
  for (const problem of problems) console.log(`verify in the browser: ${problem}`);
  return problems.length;
}
