// Every type of page, in both languages, at 360 and 1280 px, in normal and large type; and each once with JavaScript off.
//
//   node pages.mjs PROGRAM [--pictures FOLDER] [--only PATTERN] [--language zh-CN|en] [--figures]
//   exit code 1 if any page is not as it should be, 77 without Chromium
import { existsSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { accessible, complete, elderFriendly, firstViewBytes, fromWeb, inBudget, inSight, protectedByHeaders, sidesOfA4, validHtml } from './checks.mjs';
import { startPair } from './nodes.mjs';
import { checkScript } from './verify_script.mjs';

const { chromium } = fromWeb('playwright-core');
const CHROMIUM = process.env.CHROMIUM ?? '/usr/bin/chromium';
const HEIGHT = 800, WAIT_MS = 40_000, WIDTHS = [360, 1280], LANGUAGES = ['zh-CN', 'en'], LANES = 2;
const { values: { pictures, only, figures, language: oneLanguage }, positionals: [program] } = parseArgs({ allowPositionals: true,
  options: { figures: { type: 'boolean' }, pictures: { type: 'string' }, only: { type: 'string' }, language: { type: 'string' } } });

const bytes = {};  // of the first view of each page type, in the language in which it is larger

// Submits the form that holds this field.
const send = (page, field) => page.locator('main form', { has: page.locator(field) }).locator('button[type=submit]').click();
const fillIn = async (page, fields) => {
  for (const [field, value] of Object.entries(fields)) await page.fill(field, value);
  await send(page, Object.keys(fields)[0]);
};

// A page type: where it is, and what a visitor does to get it there; `sides` on how many sides of A4 it must fit, `script` where it is the page that has one, `shows`
// what must stand on it in both languages. One row more for each new page.
const signInAs = (node, role) => async page => {
  if (await page.locator('#token').count()) await fillIn(page, { '#token': await node.token(role) });  // else still signed in
};
const staffPages = (node, role, places) => Object.entries(places).map(([name, at]) =>
  ({ name, node, at, steps: signInAs(node, role), ...(name === 'message' && { status: 404 }) }));
const publicPages = (node, places) => Object.entries(places).map(([name, at]) => ({ name, node, at }));
const sales = 'shop,listing,sale_id,sale_time,quantity,price_amount,price_currency\nS-1,L-1,A-1,2026-03-01T08:00:00+08:00,1,12.50,CNY\nS-1,L-1,A-2,2026-03-01T08:00:00+08:00,many,12.5,CNY\n';
const deskPages = (node, { desk, ruleVersion }) => [
  ...staffPages(node, 'clerk', { due: '/due', requests: '/requests', request: `/requests/${desk.request}`, order: `/requests/${desk.order}`,
    'answer-request': `/requests/${desk.request}/answer`, 'answer-order': `/requests/${desk.order}/answer`, objecting: `/requests/${desk.order}/objection`,
    'rule-bundles': '/rule-bundles', 'rule-bundle': `/rule-bundles/${desk.waiting}`, 'rule-bundle-run': `/rule-bundles/${desk.run}`,
    'rule-desk': '/rules/price-reference', 'rule-version-earlier': ruleVersion,
    submit: '/submit', 'submit-record': '/submit/trader', 'submit-file': '/submit/sale/file', submission: `/submissions/${desk.submission}`,
    checks: '/checks', 'check-new': '/checks/new', check: `/checks/${desk.check}`, figures: '/figures', comment: '/comments/new?about=metric:submissions-on-time' }),
  { name: 'submit-errors', node, at: '/submit/sale', status: 422, steps: async page => {
    await signInAs(node, 'clerk')(page);
    await fillIn(page, { '#field_quantity': 'many' });
  } },
  { name: 'submit-checked', node, at: '/submit/sale/file', steps: async page => {
    await signInAs(node, 'clerk')(page);
    await fillIn(page, { '#pasted': sales });
  } },
];
const pageTypes = pair => [
  { name: 'home', at: '/', shows: 'href="/tour"' },
  ...publicPages(pair.authority, { about: '/about', scorecard: '/scorecard', rules: '/rules', rule: '/rules/collection-beyond-need', 'rule-version': pair.ruleVersion,
    dictionary: '/dictionary', 'dictionary-type': '/dictionary/trader', shops: '/shops',
    objections: '/objections-and-complaints', help: '/help', 'help-officer': '/help/officer', glossary: '/glossary' }),
  ...publicPages(pair.platform, { 'home-platform': '/', 'ways-unknown': '/ways' }),
  { name: 'tour', at: '/tour', shows: 'href="/cockpit"' }, { name: 'tour-platform', node: pair.platform, at: '/tour', shows: 'href="/due"' },
  { name: 'ways', at: '/ways', shows: '000-00000000' },
  { name: 'shops-unknown', at: '/shops', steps: page => fillIn(page, { '#q': '91350100M000100Y43' }) },
  { name: 'shops-found', at: '/shops', steps: page => fillIn(page, { '#q': pair.shop }) },
  { name: 'shops-mistyped', at: '/shops', steps: page => fillIn(page, { '#q': '91350100M000100Y44' }) },
  { name: 'unknown-address', at: '/nothing/here', status: 404 },
  { name: 'verify', script: true, at: '/verify' },
  { name: 'verify-empty', script: true, at: '/verify', steps: page => fillIn(page, { '#receipt': ' ' }) },
  { name: 'verify-valid', script: true, node: pair.platform, at: '/verify', steps: page => fillIn(page, { '#receipt': pair.receipt }) },
  { name: 'verify-file', script: true, node: pair.platform, at: '/verify', steps: async page => {
    await page.setInputFiles('#file', { name: 'a.receipt', mimeType: 'text/plain', buffer: Buffer.from(pair.receipt) });
    await send(page, '#receipt');
  } },
  { name: 'verify-invalid', script: true, at: '/verify', steps: page => fillIn(page, { '#receipt': pair.receipt.replace('A', 'B') }) },
  { name: 'login', at: '/login' }, { name: 'login-needed', at: '/cockpit' },
  { name: 'login-failed', at: '/login', status: 401, steps: page => fillIn(page, { '#token': 'gz_wrong' }) },
  { name: 'login-wrong-password', at: '/login', status: 401, steps: page => fillIn(page, { '#name': 'wang', '#password': 'wrong' }) },
  { name: 'enter-used', at: '/enter', status: 401 },
  ...staffPages(pair.authority, 'officer', { message: '/findings/none', finding: `/findings/${pair.finding}`, case: `/cases/${pair.caseId}`, cases: '/cases',
    cockpit: '/cockpit', 'scorecard-staff': '/scorecard', record: `/records/trader/${pair.trader}`, findings: '/findings', review: `/findings/${pair.waiting}/review`,
    reveals: '/reveals', platforms: '/platforms', platform: '/platforms/platform', 'send-rule': '/platforms/platform/rules',
    'ask-category': '/platforms/platform/requests/new', 'request-sent': `/requests/${pair.asked}`, 'rule-run': '/rules/price-reference/run', 'rule-staff': '/rules/price-reference',
    ...Object.fromEntries(['file', 'move', 'effect', 'close', 'requests/new', 'orders/new', 'reveals/new'].map(step => [`case-${step.replace('/', '-')}`, `/cases/${pair.caseId}/${step}`])) }),
  ...staffPages(pair.authority, 'officer', { 'cases-mine': '/cases?queue=mine&order=oldest', 'cases-narrowed': '/cases?words=L-&platform=platform&rule=price-reference',
    'cases-none': '/cases?words=nothing', judge: `/findings/judge?finding=${pair.waiting}`, 'judge-nothing-ticked': '/findings/judge' }),
  { name: 'judge-missing', node: pair.authority, at: `/findings/judge?finding=${pair.waiting}`, status: 422,
    steps: async page => { await signInAs(pair.authority, 'officer')(page); await page.locator('main form button[type=submit]').click(); } },
  { name: 'cockpit-printed', node: pair.authority, at: '/cockpit', sides: 1, steps: signInAs(pair.authority, 'officer') },
  { name: 'review-missing', node: pair.authority, at: `/findings/${pair.waiting}/review`, status: 422,
    steps: async page => { await signInAs(pair.authority, 'officer')(page); await page.locator('main form button[type=submit]').click(); } },
  { name: 'request-stopped', node: pair.authority, at: `/cases/${pair.caseId}/requests/new`, status: 422,
    steps: async page => { await signInAs(pair.authority, 'officer')(page); await page.locator('main form button[type=submit]').click(); } },
  { name: 'request-check', node: pair.authority, at: `/cases/${pair.caseId}/requests/new`, steps: async page => {
    await signInAs(pair.authority, 'officer')(page);
    await page.fill('#purpose', '核查疑点所涉商品的成交价格');
    await page.check('input[value="sale.price"]');
    await page.locator('main form button[type=submit]').click();
  } },
  ...staffPages(pair.platform, 'clerk', { looks: '/looks', 'record-own': `/records/trader/${pair.trader}` }),
  ...deskPages(pair.platform, pair),
  { name: 'gallery', at: '/gallery' },
];

// The last answer that holds a document, and everything that the visit loaded for it.
function follow(page) {
  let fetched = [];
  page.on('response', response => {
    const type = response.request().resourceType();
    if (type === 'document') fetched = [];
    fetched.push({ type, response, body: response.body().catch(() => Buffer.alloc(0)) });
  });
  return async () => Promise.all(fetched.map(async one => ({ ...one, body: await one.body })));
}

// Goes to a page as a visitor would and looks at what came.
async function visit(page, loaded, pair, type, { language, large, script }) {
  const node = type.node ?? pair.authority;
  await page.setViewportSize({ width: WIDTHS[0], height: HEIGHT });
  await page.goto(`${node.url}${type.at}${type.at.includes('?') ? '&' : '?'}lang=${language}&type=${large ? 'large' : 'normal'}`);
  if (type.steps) await type.steps(page, pair);
  await page.waitForLoadState('load');
  const fetched = await loaded(), document = fetched.find(one => one.type === 'document');
  const html = document.body.toString(), problems = complete(html, language, type.script);
  if (document.response.status() !== (type.status ?? 200)) problems.push(`status ${document.response.status()}`);
  if (type.shows && !html.includes(type.shows)) problems.push(`the page lacks ${type.shows}`);
  if (html.includes('gz-large') !== large) problems.push('the type is not as chosen');
  if (!script) return problems;
  problems.push(...inBudget(fetched, type.script), ...protectedByHeaders(document.response.headers(), type.script));
  if (!large) problems.push(...await validHtml(html));  // the same markup but for one class
  if (!large) bytes[type.name] = Math.max(bytes[type.name] ?? 0, firstViewBytes(fetched));
  if (type.sides && !large) {
    const sides = await sidesOfA4(page);
    if (sides > type.sides) problems.push(`${sides} sides of A4, at most ${type.sides}`);
  }
  for (const width of WIDTHS) problems.push(...await atWidth(page, width, large, `${type.name}-${language}-${width}-${large ? 'large' : 'normal'}`));
  return problems;
}

// Axe needs timers, which stand still where JavaScript is off: there only the page itself is looked at.
async function atWidth(page, width, large, picture) {
  await page.setViewportSize({ width, height: HEIGHT });
  const problems = [...await elderFriendly(page, large), ...await inSight(page, large), ...await accessible(page)];
  if (pictures) await page.screenshot({ path: path.join(pictures, `${picture}.png`), fullPage: true });
  return problems.map(problem => `${width} px: ${problem}`);
}

const within = (ms, promise) => {
  let timer;
  const late = new Promise((_, reject) => { timer = setTimeout(() => reject(new Error(`not done within ${ms} ms`)), ms); });
  return Promise.race([promise, late]).finally(() => clearTimeout(timer));
};

const chosenTypes = pair => pageTypes(pair).filter(type => !only || new RegExp(only).test(type.name));

// One visitor: a language, a size of type, with or without JavaScript; sees every page. Returns how many have problems.
async function visitor(browser, pair, choice) {
  const context = await browser.newContext({ javaScriptEnabled: choice.script, viewport: { width: WIDTHS[0], height: HEIGHT }, reducedMotion: 'reduce' });
  context.setDefaultTimeout(WAIT_MS);
  const page = await context.newPage(), loaded = follow(page);
  let failed = 0;
  for (const type of chosenTypes(pair)) {
    const problems = await within(WAIT_MS, visit(page, loaded, pair, type, choice)).catch(error => [error.message]);
    if (problems.length) failed++;
    const how = `${choice.language} ${choice.large ? 'large' : 'normal'}${choice.script ? '' : ' no script'}`;
    for (const problem of problems) console.log(`${type.name} ${how}: ${problem}`);
  }
  await context.close();
  return failed;
}

async function checkAll(browser, pair) {
  const choices = [...LANGUAGES.filter(one => !oneLanguage || one === oneLanguage).flatMap(language => [false, true].map(large => ({ language, large, script: true }))),
    { language: oneLanguage ?? 'zh-CN', large: false, script: false }];
  let failed = 0, next = 0;
  const lane = async () => {
    for (let choice; (choice = choices[next++]);) {
      const problems = await visitor(browser, pair, choice);  // the other lane counts meanwhile
      failed += problems;
    }
  };
  await Promise.all(Array.from({ length: LANES }, lane));
  if (figures) console.log(JSON.stringify({ name: 'page_bytes_first_view', value: Math.max(...Object.values(bytes)), unit: 'bytes gzip', budget: 60_000, pages: bytes }));
  console.log(`${choices.length * chosenTypes(pair).length} visits at ${WIDTHS.join(' and ')} px, ${failed} with problems`);
  return failed;
}

async function main() {
  if (!program) throw new Error('usage: pages.mjs PROGRAM [--pictures FOLDER] [--only PATTERN] [--language LANGUAGE]');
  if (!existsSync(CHROMIUM)) {
    console.error(`${CHROMIUM} is missing: ./dev setup`);
    return process.env.CI ? 1 : 77;
  }
  if (pictures) await mkdir(pictures, { recursive: true });
  const pair = await startPair(program);
  let browser, failed = 1;
  try {
    browser = await chromium.launch({ executablePath: CHROMIUM, args: ['--no-sandbox', '--disable-gpu'] });
    failed = await checkAll(browser, pair) + await checkScript(browser, pair, program);
  } finally {
    await browser?.close();
    await pair.stop(failed > 0);
  }
  return failed ? 1 : 0;
}

process.exitCode = await main();
