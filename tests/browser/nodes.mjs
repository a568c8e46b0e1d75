// Two real nodes that met, on a small sample market with one finding: what the pages are checked on. Each node is a process
// of its own, ended by its id; everything lies in one temporary folder.
import { execFile, spawn } from 'node:child_process';
import { cp, mkdtemp, open, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

export const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../..');
const execute = promisify(execFile);
const START = '2026-03-09T01:00:00Z';
const RULE = 'price-reference';
const UNITS = [
  { unit: 'province', parent: '', region: '990000', level: 'province', name_zh: '示例省局', name_en: 'Sample Province' },
  { unit: 'city-a', parent: 'province', region: '990100', level: 'city', name_zh: '甲市局', name_en: 'City A' },
  { unit: 'city-b', parent: 'province', region: '990200', level: 'city', name_zh: '乙市局', name_en: 'City B' },
];
const UP_TRIES = 200, UP_PAUSE_MS = 50, STOP_MS = 10_000;

const pause = ms => new Promise(resolve => setTimeout(resolve, ms));

function freePort() {
  return new Promise((resolve, reject) => {
    const server = createServer().on('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });
}

class Node {
  constructor(program, folder, name) {
    Object.assign(this, { program, home: path.join(folder, name), name, clock: path.join(folder, 'clock'), tokens: {} });
  }

  async verb(verb, ...args) {
    const { stdout } = await execute(this.program, [verb, ...args], { cwd: root });
    const lines = stdout.trim().split('\n');
    return lines[0] ? JSON.parse(lines.at(-1)) : null;
  }

  async start(role, zh, en, ...options) {
    this.url = `http://127.0.0.1:${await freePort()}`;
    await this.verb('init', this.home, '--party', this.name, '--role', role, '--name-zh', zh, '--name-en', en, '--url', this.url,
      '--pack', this.pack ?? path.join(root, 'packs/cn'), '--clock', this.clock, '--start', START, ...options);
    const log = await open(`${this.home}.log`, 'w');
    this.process = spawn(this.program, ['serve', this.home], { cwd: root, stdio: ['ignore', log.fd, log.fd] });
    await log.close();
    for (let i = 0; i < UP_TRIES; ++i) {
      if (this.process.exitCode !== null) break;
      if (await fetch(`${this.url}/healthz`).then(r => r.ok, () => false)) return;
      await pause(UP_PAUSE_MS);
    }
    throw new Error(`the node ${this.name} does not answer: ${(await readFile(`${this.home}.log`, 'utf8')).slice(-500)}`);
  }

  // "officer", or "officer li" for somebody of that name.
  async token(who) {
    const [role, name = `browser-${role}`] = who.split(' ');
    this.tokens[who] ??= (await this.verb('token', this.home, '--name', name, '--role', role)).token;
    return this.tokens[who];
  }

  async call(who, method, where, body) {
    const answer = await fetch(this.url + where, { method, body: body && JSON.stringify(body),
      headers: { authorization: `Bearer ${await this.token(who)}`, 'content-type': 'application/json' } });
    const content = await answer.text();
    if (!answer.ok) throw new Error(`${method} ${where} answered ${answer.status}: ${content.slice(0, 300)}`);
    return JSON.parse(content);
  }

  async stop() {
    if (!this.process || this.process.exitCode !== null) return;
    const ended = new Promise(resolve => this.process.once('exit', resolve));
    this.process.kill('SIGTERM');
    if (await Promise.race([ended, pause(STOP_MS).then(() => 'late')]) === 'late') this.process.kill('SIGKILL');
  }
}

// {authority, platform, stop} and what `play` left to be seen; `stop(true)` keeps the folder and says where it is.
export async function startPair(program, play = playMarket) {
  const folder = await mkdtemp(path.join(tmpdir(), 'gongzhi-browser-'));
  const authority = new Node(program, folder, 'authority'), platform = new Node(program, folder, 'platform');
  const stop = async keep => {
    await Promise.all([authority.stop(), platform.stop()]);
    if (keep) console.error(`kept: ${folder}`);
    else await rm(folder, { recursive: true, force: true });
  };
  try {
    return { authority, platform, stop, ...await play(authority, platform, folder) };
  } catch (error) {
    await stop(true);
    throw error;
  }
}

// Two nodes that met, with the market submitted: {market, receipt, settle}. Nobody has looked at anything yet.
export async function submitMarket(authority, platform, folder) {
  await authority.start('authority', '示例省市场监督管理局', 'Sample Province Market Regulator', '--telephone', '000-00000000',
    '--counter-zh', '示例市示例路1号政务服务大厅3号窗口', '--counter-en', 'Service hall, counter 3, 1 Sample Road, Sample City',
    '--hours-zh', '工作日9:00至17:00', '--hours-en', 'working days, 9 to 17');
  await platform.start('platform', '示例电商平台', 'Sample Platform');
  const invitation = await authority.verb('invite', authority.home, 'platform');
  await platform.verb('join', platform.home, invitation.text);
  const market = path.join(folder, 'market'), receipts = path.join(folder, 'receipts');
  await authority.verb('market', market, '--sales', '2000', '--listings', '300');
  for (const unit of UNITS) await authority.call('system_administrator', 'POST', '/v1/units', unit);
  const settle = async () => {
    await platform.call('engineer', 'GET', '/v1/settled');
    await authority.call('officer', 'GET', '/v1/settled');
  };
  await authority.verb('submit', authority.home, path.join(market, 'registry.csv'), '--type', 'registry');
  await settle();
  for (const [type, file] of [['trader', 'traders'], ['coverage', 'coverage'], ['offer', 'offers'], ['sale', 'sales']]) {
    const submitted = await platform.verb('submit', platform.home, path.join(market, `${file}.ndjson`), '--type', type, '--receipts', receipts);
    if (type !== 'trader') continue;
    for (const { entry } of submitted.receipts) await platform.call('clerk', 'POST', '/v1/onward', { entry, to: 'authority' });
  }
  await settle();
  const [receipt] = (await readdir(receipts)).filter(name => name.endsWith('.receipt')).sort();
  return { market, settle, receipt: await readFile(path.join(receipts, receipt), 'utf8') };
}

// The pack as it might be a year later, so that the rule that comes to the platform is an earlier version there.
async function packWithLaterRule(folder) {
  const pack = path.join(folder, 'pack'), rule = path.join(pack, 'rules', RULE, 'rule.yaml');
  await cp(path.join(root, 'packs/cn'), pack, { recursive: true });
  await writeFile(rule, (await readFile(rule, 'utf8')).replace(/^version: 1$/m, 'version: 2'));
  return pack;
}

// Beyond that a rule that ran and a case with every kind of step: {finding, waiting, shop, ruleVersion, caseId, asked, trader, provedReceipt}.
async function playMarket(authority, platform, folder) {
  platform.pack = await packWithLaterRule(folder);
  const submitted = await submitMarket(authority, platform, folder), { market, settle } = submitted;
  await authority.call('officer', 'POST', `/v1/rules/${RULE}/send`, { to: 'platform' });
  await authority.call('officer', 'GET', '/v1/settled');
  await platform.call('engineer', 'GET', '/v1/settled');
  const [bundle] = await platform.call('engineer', 'GET', '/v1/rule-bundles');
  await platform.call('engineer', 'POST', `/v1/rule-bundles/${bundle.message_id}/accept`, {});
  await settle();
  const findings = await authority.call('officer', 'GET', '/v1/findings');
  const finding = findings.find(row => row.verdict === 'suspect');
  if (!finding) throw new Error('the sample market led to no finding');
  const traders = (await readFile(path.join(market, 'traders.ndjson'), 'utf8')).trim().split('\n').map(JSON.parse);
  const trader = traders.find(one => one.shop === finding.shop).trader_id;
  const { caseId, asked } = await playCase(authority, platform, settle, finding, trader);
  const desk = await playDesk(authority, platform, settle, finding, caseId);
  const waiting = findings.find(row => row.verdict === 'suspect' && row.finding_id !== finding.finding_id).finding_id;
  return { ...submitted, finding: finding.finding_id, waiting, shop: finding.shop, ruleVersion: `/rules/${RULE}/versions/${bundle.rule_digest}`, caseId, asked, trader, desk, provedReceipt: () => proved(platform) };
}

// A receipt under a checkpoint that the peer has cosigned; that takes a moment after the last entry.
async function proved(node) {
  const headers = { authorization: `Bearer ${await node.token('engineer')}` };
  const [{ message_id: id }] = await node.call('engineer', 'GET', '/v1/submissions');
  for (let i = 0; i < UP_TRIES; ++i) {
    const text = await (await fetch(`${node.url}/v1/receipts/${id}`, { headers })).text();
    if (text.startsWith('c2sp.org/tlog-proof@v1') && text.split('\n\u2014 ').length > 2) return text;
    await pause(UP_PAUSE_MS);
  }
  throw new Error('no proved receipt with a cosignature came');
}

// A case with a request stopped and one answered, an order, an objection with its answer, and a look at a protected value.
async function playCase(authority, platform, settle, finding, trader) {
  const act = (where, body, who = 'officer') => authority.call(who, 'POST', where, body);
  const { case: id } = await act('/v1/cases', { finding: finding.finding_id });
  const request = { order_type: 'information-request', basis: '电子商务法第二十五条', purpose: '核查疑点所涉成交价格', fields: ['sale.sale_id', 'sale.price'],
    scope: { shop: finding.shop, listing: finding.subject, from_date: '2026-01-01', until_date: '2026-03-09' } };
  await act(`/v1/cases/${id}/requests`, { ...request, fields: ['sale.buyer'] }).catch(() => {});  // stopped, on record
  const { message: asked } = await act(`/v1/cases/${id}/requests`, request);
  await settle();
  await platform.call('clerk', 'POST', `/v1/requests/${asked}/answer`, {});
  await act(`/v1/cases/${id}/file`, { grounds: '核查属实，应予立案' });
  const { message: order } = await act(`/v1/cases/${id}/orders`, { order_type: 'order-to-act', basis: '价格法第四十条', purpose: '改正价格标示',
    measures: ['correct_price_display', 'require_trader_to_correct'], statement: '请标明被比较价格的含义，或者停止比较', shop: finding.shop, listing: finding.subject });
  await settle();
  const { message: objection } = await platform.call('clerk', 'POST', `/v1/orders/${order}/objection`, { by: 'merchant', grounds: '商品详情页下方已说明被比较价格的含义' });
  await settle();
  await act(`/v1/objections/${objection}/answer`, { outcome: 'rejected', reasons: '页面留存显示当时未标明含义' });
  const { reveal } = await act(`/v1/cases/${id}/reveals`, { record_type: 'trader', record_id: trader, field: 'contact', purpose: 'notify_party', note: '送达责令改正通知' });
  await act(`/v1/reveals/${reveal}/decision`, { approved: true }, 'officer li');
  await act(`/v1/reveals/${reveal}/look`, {});
  await settle();
  return { caseId: id, asked };
}

// What waits at the platform's desk: a request, an order and a rule; a check of traders that was answered.
async function playDesk(authority, platform, settle, finding, caseId) {
  const act = (where, body) => authority.call('officer', 'POST', where, body);
  const { message: request } = await act(`/v1/cases/${caseId}/requests`, { order_type: 'information-request', basis: '电子商务法第二十五条', purpose: '核查促销期间的成交',
    fields: ['sale.sale_id', 'sale.sale_time', 'sale.quantity', 'sale.price'], scope: { shop: finding.shop, listing: '', from_date: '2026-02-01', until_date: '2026-03-09' } });
  const { message: order } = await act(`/v1/cases/${caseId}/orders`, { order_type: 'order-to-act', basis: '价格法第四十条', purpose: '改正价格标示',
    measures: ['stop_promotion'], statement: '请停止本次促销', shop: finding.shop, listing: finding.subject });
  await act('/v1/rules/collection-beyond-need/send', { to: 'platform' });
  await settle();
  const bundles = await platform.call('engineer', 'GET', '/v1/rule-bundles');
  const { check } = await platform.call('clerk', 'POST', '/v1/checks/identity', { to: 'authority', items: [{ credit_code: '91350100M000100Y43', name: '示例商贸有限公司' }] });
  const [submission] = await platform.call('clerk', 'GET', '/v1/submissions');
  const waiting = bundles.find(one => one.state === 'waiting').message_id, run = bundles.find(one => one.state === 'run').message_id;
  return { request, order, waiting, run, check, submission: submission.message_id };
}
