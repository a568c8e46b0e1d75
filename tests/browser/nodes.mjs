// Two real nodes that met, on a small sample market with one finding: what the pages are checked on. Each node is a process
// of its own, ended by its id; everything lies in one temporary folder.
import { execFile, spawn } from 'node:child_process';
import { mkdtemp, open, readdir, readFile, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

export const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../..');
const execute = promisify(execFile);
const START = '2026-03-09T01:00:00Z';
const RULE = 'price-reference';
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

  async start(role, zh, en) {
    this.url = `http://127.0.0.1:${await freePort()}`;
    await this.verb('init', this.home, '--party', this.name, '--role', role, '--name-zh', zh, '--name-en', en, '--url', this.url,
      '--pack', path.join(root, 'packs/cn'), '--clock', this.clock, '--start', START);
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

  async token(role) {
    this.tokens[role] ??= (await this.verb('token', this.home, '--name', `browser-${role}`, '--role', role)).token;
    return this.tokens[role];
  }

  async call(role, method, where, body) {
    const answer = await fetch(this.url + where, { method, body: body && JSON.stringify(body),
      headers: { authorization: `Bearer ${await this.token(role)}`, 'content-type': 'application/json' } });
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

// {authority, platform, finding, receipt, stop}: `stop(true)` keeps the folder and says where it is.
export async function startPair(program) {
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

async function play(authority, platform, folder) {
  await authority.start('authority', '示例省市场监督管理局', 'Sample Province Market Regulator');
  await platform.start('platform', '示例电商平台', 'Sample Platform');
  const invitation = await authority.verb('invite', authority.home, 'platform');
  await platform.verb('join', platform.home, invitation.text);
  const market = path.join(folder, 'market'), receipts = path.join(folder, 'receipts');
  await authority.verb('market', market, '--sales', '2000', '--listings', '300');
  for (const [type, file] of [['trader', 'traders'], ['coverage', 'coverage'], ['offer', 'offers'], ['sale', 'sales']])
    await platform.verb('submit', platform.home, path.join(market, `${file}.ndjson`), '--type', type, '--receipts', receipts);
  const settle = async () => {
    await platform.call('engineer', 'GET', '/v1/settled');
    await authority.call('officer', 'GET', '/v1/settled');
  };
  await settle();
  await authority.call('officer', 'POST', `/v1/rules/${RULE}/send`, { to: 'platform' });
  await authority.call('officer', 'GET', '/v1/settled');
  await platform.call('engineer', 'GET', '/v1/settled');
  const [bundle] = await platform.call('engineer', 'GET', '/v1/rule-bundles');
  await platform.call('engineer', 'POST', `/v1/rule-bundles/${bundle.message_id}/accept`, {});
  await settle();
  const findings = await authority.call('officer', 'GET', '/v1/findings');
  const finding = findings.find(row => row.verdict === 'suspect')?.finding_id;
  if (!finding) throw new Error('the sample market led to no finding');
  const [receipt] = (await readdir(receipts)).filter(name => name.endsWith('.receipt')).sort();
  return { finding, receipt: await readFile(path.join(receipts, receipt), 'utf8') };
}
