// The walk's seven stops, done by people on pages: by keyboard alone and with JavaScript off.
//
//   node walk.mjs PROGRAM [--pictures FOLDER] [--language zh-CN|en]
//   exit code 1 where a stop cannot be done, 77 without Chromium
//
// With --pictures each stop leaves pictures of what the page says: the tour in docs/ is made of them (`./dev tour`).
import { existsSync } from 'node:fs';
import { mkdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { fromWeb } from './checks.mjs';
import { startPair, submitMarket } from './nodes.mjs';

const { chromium } = fromWeb('playwright-core');
const CHROMIUM = process.env.CHROMIUM ?? '/usr/bin/chromium';
const TABS_MAX = 250, WAIT_MS = 20_000, SIZE = { width: 1024, height: 640 }, PICTURE_HEIGHT = 820;
const { values: { pictures, language = 'zh-CN' }, positionals: [program] } = parseArgs({ allowPositionals: true,
  options: { pictures: { type: 'string' }, language: { type: 'string' } } });

const must = (condition, sentence) => { if (!condition) throw new Error(sentence); };

// Somebody with a keyboard and no mouse, signed in at a node.
class Person {
  static async enter(browser, node, who) {
    const context = await browser.newContext({ javaScriptEnabled: false, viewport: SIZE, locale: language, reducedMotion: 'reduce' });
    context.setDefaultTimeout(WAIT_MS);
    const person = Object.assign(new Person(), { node, who, context, page: await context.newPage() });
    const [role, name] = who.split(' ');
    const link = await node.verb('token', node.home, '--name', name, '--role', role, '--once');
    await person.page.goto(`${node.url}/enter?token=${link.token}&next=/`);
    await person.go('/');
    return person;
  }

  // The address line; everything after that is keys.
  async go(where) {
    const answer = await this.page.goto(`${this.node.url}${where}${where.includes('?') ? '&' : '?'}lang=${language}`);
    must(answer.ok(), `${this.who}: ${where} answered ${answer.status()}`);
  }

  async focusOn(selector) {
    const target = await this.page.waitForSelector(selector, { state: 'attached' });
    for (let i = 0; i < TABS_MAX; ++i) {
      if (await target.evaluate(e => e === document.activeElement)) return target;
      await this.page.keyboard.press('Tab');
    }
    throw new Error(`${this.who}: no way by keyboard to ${selector} on ${this.page.url()}`);
  }

  async press(selector) {
    await this.focusOn(selector);
    await Promise.all([this.page.waitForEvent('load'), this.page.keyboard.press('Enter')]);
  }

  async write(fields) {
    for (const [selector, text] of Object.entries(fields)) {
      await this.focusOn(selector);
      await this.page.keyboard.press('Control+A');
      if (await this.page.locator(selector).getAttribute('type') === 'date') await this.page.fill(selector, text);  // its keys depend on the system's language
      else await this.page.keyboard.insertText(text);
    }
  }

  // A radio of a group: the tab key stops at the group, the arrow keys move within it.
  async choose(name, value) {
    const radio = value => `input[type=radio][name="${name}"]${value ? `[value="${value}"]` : ''}`;
    const count = await this.page.locator(radio()).count();
    await this.page.waitForSelector(radio(value));
    for (let i = 0; i < TABS_MAX; ++i) {
      if (await this.page.evaluate(group => document.activeElement?.name === group && document.activeElement.type === 'radio', name)) break;
      await this.page.keyboard.press('Tab');
    }
    await this.page.keyboard.press('Space');
    for (let i = 0; i <= count && !await this.page.locator(radio(value)).isChecked(); ++i) await this.page.keyboard.press('ArrowDown');
    must(await this.page.locator(radio(value)).isChecked(), `${this.who}: ${name} cannot be set to ${value} by keyboard`);
  }

  async tick(selector) {
    await this.focusOn(selector);
    if (!await this.page.locator(selector).isChecked()) await this.page.keyboard.press('Space');
    must(await this.page.locator(selector).isChecked(), `${this.who}: ${selector} cannot be ticked by keyboard`);
  }

  submit() { return this.press('main form button[type=submit]'); }

  // What the page must say, in whichever language; a reader would look for it, too.
  async sees(selector, sentence) { must(await this.page.locator(selector).count() > 0, `${this.who}: ${sentence} (${this.page.url()})`); }

  async picture(name) {
    if (!pictures) return;
    await this.page.evaluate(() => document.activeElement?.blur());
    const main = await this.page.locator('main').boundingBox();
    await this.page.screenshot({ path: path.join(pictures, `${name}.png`), fullPage: true,
      clip: { x: 0, y: main.y, width: SIZE.width, height: Math.min(main.height, PICTURE_HEIGHT) } });
  }

  // From the case's page to one of its forms.
  onCase(id, step) { return this.go(`/cases/${id}`).then(() => this.press(`a[href="/cases/${id}/${step}"]`)); }
}

// 1. A rule travels to the platform, is read and accepted there, and comes back with what it found.
async function supervision({ officer, engineer, settle }) {
  await officer.go('/platforms');
  await officer.press('a[href="/platforms/platform"]');
  await officer.press('a[href="/platforms/platform/rules"]');
  await officer.choose('rule', 'price-reference');
  await officer.submit();
  await settle();
  await engineer.go('/rule-bundles');
  await engineer.press('main a[href^="/rule-bundles/"]');
  await engineer.picture('rule-bundle');
  await engineer.press('a[href$="/accept"]');
  await engineer.tick('input[name=read]');
  await engineer.submit();
  await settle();
  await officer.go('/findings');
  await officer.picture('findings');
  await officer.press('main table a[href^="/findings/"]');
  await officer.picture('finding');
  await officer.press('a[href$="/review"]');
  await officer.choose('outcome', 'case');
  await officer.write({ '#reason': '页面留存与证据一致' });
  await officer.submit();
  return new URL(officer.page.url()).pathname.split('/')[2];
}

// 2. The gate stops what the law does not allow; the rest goes its way: request, filing, order, objection, effect, close.
async function boundPower({ officer, clerk, settle, id }) {
  await officer.onCase(id, 'requests/new');
  await officer.tick('input[value="sale.price"]');
  await officer.submit();
  await officer.sees('.govuk-error-summary a[href="#purpose"]', 'the gate should stop a request without purpose');
  await officer.picture('gate');
  await officer.write({ '#purpose': '核查疑点所涉商品的成交价格' });
  await officer.submit();
  await officer.picture('check-answers');
  await officer.press('button[name=step][value=send]');
  await settle();
  await clerk.go('/due');
  await clerk.picture('due');
  await clerk.go('/requests');
  await clerk.press('main a[href^="/requests/"]');
  await clerk.picture('request');
  await clerk.press('a[href$="/answer"]');
  await clerk.submit();
  await settle();
  await officer.onCase(id, 'file');
  await officer.write({ '#grounds': '核查属实，应予立案' });
  await officer.submit();
  await officer.onCase(id, 'orders/new');
  await officer.write({ '#purpose': '改正价格标示', '#statement': '请标明被比较价格的含义，或者停止比较' });
  await officer.tick('input[value=correct_price_display]');
  await officer.submit();
  await officer.press('button[name=step][value=send]');
  await settle();
  await clerk.go('/requests');
  await clerk.press('main a[href^="/requests/"]');
  const order = new URL(clerk.page.url()).pathname;
  await clerk.press('a[href$="/objection"]');
  await clerk.choose('by', 'merchant');
  await clerk.write({ '#grounds': '商品详情页下方已说明被比较价格的含义' });
  await clerk.submit();
  await settle();
  await officer.go(`/cases/${id}`);
  await officer.press('a[href^="/objections/"]');
  await officer.choose('outcome', 'rejected');
  await officer.write({ '#reasons': '页面留存显示当时未标明含义' });
  await officer.submit();
  await settle();
  await clerk.go(`${order}/answer`);
  await clerk.choose('outcome', 'done');
  await clerk.write({ '#statement': '已停止比较' });
  await clerk.submit();
  await settle();
}

// 3. A protected value: asked for, decided by a second person, shown once; the platform sees it.
async function privacy({ officer, second, clerk, settle, id }) {
  await officer.onCase(id, 'reveals/new');
  await officer.focusOn('input[name=what]');
  await officer.page.keyboard.press('Space');
  await officer.choose('purpose', 'notify_party');
  await officer.write({ '#note': '送达责令改正通知' });
  await officer.submit();
  await second.go('/reveals');
  await second.press('main table a[href^="/reveals/"]');
  await second.picture('reveal-decision');
  await second.choose('decision', 'approve');
  await second.submit();
  await officer.go('/reveals');
  await officer.press('main table a[href$="/look"]');
  await officer.submit();
  await officer.sees('.gz-value', 'the approved value should be shown, once');
  await settle();
  await clerk.go('/looks');
  await clerk.sees('main table', 'the provider should see who looked');
  await clerk.picture('looks');
}

// 4. A dirty file: its bad line comes back with the reason, is mended, sent again.
async function governData({ clerk, market }) {
  const header = 'shop,listing,sale_id,sale_time,quantity,price_amount,price_currency\n';
  const [sale] = (await readFile(path.join(market, 'sales.ndjson'), 'utf8')).trim().split('\n').map(JSON.parse);
  const line = (id, quantity) => `${sale.shop},${sale.listing},${id},2026-03-01T08:00:00+08:00,${quantity},12.50,CNY\n`;
  await clerk.go('/submit/sale/file');
  await clerk.write({ '#pasted': header + line('WALK-1', 1) + line('WALK-2', 'many') });
  await clerk.submit();
  await clerk.sees('main table', 'the refused line should come back with its reason');
  await clerk.picture('submit-checked');
  await clerk.choose('how', 'lenient');
  await clerk.submit();
  await clerk.go('/submit/sale/file');
  await clerk.write({ '#pasted': header + line('WALK-2', 2) });
  await clerk.submit();
  await clerk.submit();
  await clerk.go(`/records/sale/${encodeURIComponent(`${sale.shop}/WALK-2`)}`);
  await clerk.sees('main table', 'the mended record should be there');
}

// 5. Traders are checked against the registry, at once.
async function service({ clerk, market }) {
  const trader = (await readFile(path.join(market, 'traders.ndjson'), 'utf8')).trim().split('\n').map(JSON.parse).find(one => one.credit_code);
  await clerk.go('/checks/new');
  await clerk.write({ '#code': trader.credit_code, '#name': trader.name });
  await clerk.submit();
  await clerk.sees('main .govuk-tag', 'the check should be answered at once');
  await clerk.picture('check');
}

// 6. Both sides' figures. The effect is checked, the case closes, the cockpit counts it.
async function account({ officer, id }) {
  await officer.onCase(id, 'effect');
  await officer.choose('effective', 'yes');
  await officer.write({ '#statement': '再次查看页面，已经停止比较' });
  await officer.submit();
  await officer.onCase(id, 'close');
  await officer.choose('outcome', 'corrected');
  await officer.write({ '#reason': '已改正' });
  await officer.submit();
  await officer.picture('case');
  await officer.go('/cockpit');
  await officer.sees('.gz-bars', 'the cockpit should draw what was found and closed');
  await officer.picture('cockpit');
  await officer.go('/scorecard');
  await officer.picture('scorecard');
}

// 7. A receipt verifies; with one letter changed it does not.
async function proof({ clerk, receipt }) {
  for (const [text, good] of [[receipt.replace('A', 'B'), false], [receipt, true]]) {
    await clerk.go('/verify');
    await clerk.write({ '#receipt': text });
    await clerk.submit();
    await clerk.sees(good ? '.gz-outcome:not(.gz-outcome--bad)' : '.gz-outcome--bad', good ? 'the receipt should hold' : 'the changed receipt should not hold');
  }
  await clerk.picture('verify');
}

const STOPS = { supervision, boundPower, privacy, governData, service, account, proof };

async function walk(browser, pair) {
  const { authority, platform } = pair;
  const enter = (node, who) => Person.enter(browser, node, who);
  const people = { officer: await enter(authority, 'officer wang'), second: await enter(authority, 'officer li'),
    engineer: await enter(platform, 'engineer zhao'), clerk: await enter(platform, 'clerk chen') };
  const scene = { ...pair, ...people };
  for (const [name, stop] of Object.entries(STOPS)) {
    const began = Date.now();
    const result = await stop(scene).catch(async error => {
      for (const person of Object.values(people)) if (error.message.startsWith(person.who)) console.log(await person.page.locator('main').innerText().catch(() => ''));
      throw new Error(`stop ${name}: ${error.message}`);
    });
    scene.id ??= result;
    console.log(`${name}: done by keyboard, without JavaScript (${((Date.now() - began) / 1000).toFixed(1)} s)`);
  }
}

async function main() {
  must(program, 'usage: walk.mjs PROGRAM [--pictures FOLDER] [--language LANGUAGE]');
  if (!existsSync(CHROMIUM)) {
    console.error(`${CHROMIUM} is missing: ./dev setup`);
    return process.env.CI ? 1 : 77;
  }
  if (pictures) await mkdir(pictures, { recursive: true });
  const pair = await startPair(program, submitMarket);
  let browser, failed = true;
  try {
    browser = await chromium.launch({ executablePath: CHROMIUM, args: ['--no-sandbox', '--disable-gpu'] });
    await walk(browser, pair);
    failed = false;
  } catch (error) {
    console.log(error.message);
  } finally {
    await browser?.close();
    await pair.stop(failed);
  }
  return failed ? 1 : 0;
}

process.exitCode = await main();
