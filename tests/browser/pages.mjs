// Every type of page, in both languages, at 360 and 1280 px, in normal and large type; and each once with JavaScript off.
//
//   node pages.mjs PROGRAM [--pictures FOLDER]     exit code 1 if any page is not as it should be, 77 without Chromium
import { existsSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { accessible, complete, elderFriendly, fromWeb, inBudget, protectedByHeaders, validHtml } from './checks.mjs';
import { startPair } from './nodes.mjs';

const { chromium } = fromWeb('playwright-core');
const CHROMIUM = process.env.CHROMIUM ?? '/usr/bin/chromium';
const HEIGHT = 800, WAIT_MS = 20_000, WIDTHS = [360, 1280], LANGUAGES = ['zh-CN', 'en'], LANES = 2;
const [program, option, pictures] = process.argv.slice(2);

// Submits the form that holds this field.
const send = (page, field) => page.locator('main form', { has: page.locator(field) }).locator('button[type=submit]').click();
const fillIn = async (page, fields) => {
  for (const [field, value] of Object.entries(fields)) await page.fill(field, value);
  await send(page, Object.keys(fields)[0]);
};

// A page type: where it is, and what a visitor does to get it there. One row more for each new page.
const signInAs = (node, role) => async page => {
  if (await page.locator('#token').count()) await fillIn(page, { '#token': await node.token(role) });  // else still signed in
};
const staffPages = (node, role, places) => Object.entries(places).map(([name, at]) =>
  ({ name, node, at, steps: signInAs(node, role), ...(name === 'message' && { status: 404 }) }));
const sales = 'shop,listing,sale_id,sale_time,quantity,price_amount,price_currency\nS-1,L-1,A-1,2026-03-01T08:00:00+08:00,1,12.50,CNY\nS-1,L-1,A-2,2026-03-01T08:00:00+08:00,many,12.5,CNY\n';
const deskPages = (node, desk) => [
  ...staffPages(node, 'clerk', { due: '/due', requests: '/requests', request: `/requests/${desk.request}`, order: `/requests/${desk.order}`,
    'answer-request': `/requests/${desk.request}/answer`, 'answer-order': `/requests/${desk.order}/answer`, objecting: `/requests/${desk.order}/objection`,
    'rule-bundles': '/rule-bundles', 'rule-bundle': `/rule-bundles/${desk.waiting}`, 'rule-bundle-run': `/rule-bundles/${desk.run}`,
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
  { name: 'verify', at: '/verify' },
  { name: 'verify-empty', at: '/verify', steps: page => fillIn(page, { '#receipt': ' ' }) },
  { name: 'verify-valid', node: pair.platform, at: '/verify', steps: page => fillIn(page, { '#receipt': pair.receipt }) },
  { name: 'verify-invalid', at: '/verify', steps: page => fillIn(page, { '#receipt': pair.receipt.replace('A', 'B') }) },
  { name: 'login', at: '/login' },
  { name: 'login-failed', at: '/login', status: 401, steps: page => fillIn(page, { '#token': 'gz_wrong' }) },
  { name: 'login-wrong-password', at: '/login', status: 401, steps: page => fillIn(page, { '#name': 'wang', '#password': 'wrong' }) },
  { name: 'enter-used', at: '/enter', status: 401 },
  ...staffPages(pair.authority, 'officer', { message: '/findings/none', finding: `/findings/${pair.finding}`, case: `/cases/${pair.caseId}`, cases: '/cases',
    cockpit: '/cockpit', scorecard: '/scorecard', record: `/records/trader/${pair.trader}` }),
  ...staffPages(pair.platform, 'clerk', { looks: '/looks', 'record-own': `/records/trader/${pair.trader}` }),
  ...deskPages(pair.platform, pair.desk),
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
  const html = document.body.toString(), problems = complete(html, language);
  if (document.response.status() !== (type.status ?? 200)) problems.push(`status ${document.response.status()}`);
  if (html.includes('gz-large') !== large) problems.push('the type is not as chosen');
  if (!script) return problems;
  problems.push(...inBudget(fetched), ...protectedByHeaders(document.response.headers()));
  if (!large) problems.push(...await validHtml(html));  // the same markup but for one class
  for (const width of WIDTHS) problems.push(...await atWidth(page, width, large, `${type.name}-${language}-${width}-${large ? 'large' : 'normal'}`));
  return problems;
}

// Axe needs timers, which stand still where JavaScript is off: there only the page itself is looked at.
async function atWidth(page, width, large, picture) {
  await page.setViewportSize({ width, height: HEIGHT });
  const problems = [...await elderFriendly(page, large), ...await accessible(page)];
  if (pictures) await page.screenshot({ path: path.join(pictures, `${picture}.png`), fullPage: true });
  return problems.map(problem => `${width} px: ${problem}`);
}

const within = (ms, promise) => {
  let timer;
  const late = new Promise((_, reject) => { timer = setTimeout(() => reject(new Error(`not done within ${ms} ms`)), ms); });
  return Promise.race([promise, late]).finally(() => clearTimeout(timer));
};

// One visitor: a language, a size of type, with or without JavaScript; sees every page. Returns how many have problems.
async function visitor(browser, pair, choice) {
  const context = await browser.newContext({ javaScriptEnabled: choice.script, viewport: { width: WIDTHS[0], height: HEIGHT }, reducedMotion: 'reduce' });
  context.setDefaultTimeout(WAIT_MS);
  const page = await context.newPage(), loaded = follow(page);
  let failed = 0;
  for (const type of pageTypes(pair)) {
    const problems = await within(WAIT_MS, visit(page, loaded, pair, type, choice)).catch(error => [error.message]);
    if (problems.length) failed++;
    const how = `${choice.language} ${choice.large ? 'large' : 'normal'}${choice.script ? '' : ' no script'}`;
    for (const problem of problems) console.log(`${type.name} ${how}: ${problem}`);
  }
  await context.close();
  return failed;
}

async function checkAll(browser, pair) {
  const choices = [...LANGUAGES.flatMap(language => [false, true].map(large => ({ language, large, script: true }))),
    { language: 'zh-CN', large: false, script: false }];
  let failed = 0, next = 0;
  const lane = async () => {
    for (let choice; (choice = choices[next++]);) {
      const problems = await visitor(browser, pair, choice);  // the other lane counts meanwhile
      failed += problems;
    }
  };
  await Promise.all(Array.from({ length: LANES }, lane));
  console.log(`${choices.length * pageTypes(pair).length} visits at ${WIDTHS.join(' and ')} px, ${failed} with problems`);
  return failed;
}

async function main() {
  if (!program || (option && option !== '--pictures')) throw new Error('usage: pages.mjs PROGRAM [--pictures FOLDER]');
  if (!existsSync(CHROMIUM)) {
    console.error(`${CHROMIUM} is missing: ./dev setup`);
    return process.env.CI ? 1 : 77;
  }
  if (pictures) await mkdir(pictures, { recursive: true });
  const pair = await startPair(program);
  let browser, failed = 1;
  try {
    browser = await chromium.launch({ executablePath: CHROMIUM, args: ['--no-sandbox', '--disable-gpu'] });
    failed = await checkAll(browser, pair);
  } finally {
    await browser?.close();
    await pair.stop(failed > 0);
  }
  return failed ? 1 : 0;
}

process.exitCode = await main();
