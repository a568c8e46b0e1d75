// What every page is held to, whatever it shows. Each check returns sentences; none: the page is as it should be.
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { root } from './nodes.mjs';

export const fromWeb = createRequire(path.join(root, 'web/'));
const { HtmlValidate, StaticConfigLoader } = fromWeb('html-validate');

export const BODY_PX_MIN = 18, SMALLEST_PX_MIN = 16, TARGET_PX_MIN = 44, LARGE_FACTOR_MIN = 1.3;
const HTML_BYTES_MAX = 25_000, CSS_BYTES_MAX = 20_000, FIRST_VIEW_BYTES_MAX = 60_000, REQUESTS_MAX = 6;  // gzip
const SCRIPT_BYTES_MAX = 15_000;  // before gzip, on the one page that has a script
const SCRIPT = /^<script src="\/assets\/verify-[0-9a-f]{16}\.js" defer>$/;
const AXE_TAGS = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'];

const axe = await readFile(fromWeb.resolve('axe-core/axe.min.js'), 'utf8');

const validator = new HtmlValidate(new StaticConfigLoader({
  extends: ['html-validate:standard', 'html-validate:a11y'],
  rules: {
    'no-trailing-whitespace': 'off',
    // The gallery shows navigation samples beside the page's own.
    'unique-landmark': 'off',
    // A redundant role is what assistive technology of a few years ago needs on lists and regions.
    'no-redundant-role': 'off',
  },
}));

export async function validHtml(html) {
  const report = await validator.validateString(html);
  return report.results.flatMap(result => result.messages.map(m => `html-validate ${m.ruleId} line ${m.line}: ${m.message}`));
}

export async function accessible(page) {
  if (!await page.evaluate(() => 'axe' in window)) await page.evaluate(axe);
  const { violations } = await page.evaluate(tags => window.axe.run(document, { runOnly: tags, resultTypes: ['violations'] }), AXE_TAGS);
  return violations.flatMap(v => v.nodes.map(node => `axe ${v.id}: ${v.help}: ${node.target.join(' ')}: ${node.failureSummary?.split('\n')[1]?.trim()}`));
}

// Sizes as laid out: type, targets (links inside a sentence are exempt), nothing wider than the window.
export function elderFriendly(page, large) {
  return page.evaluate(({ BODY_PX_MIN, SMALLEST_PX_MIN, TARGET_PX_MIN, factor }) => {
    const found = [];
    const name = e => `<${e.tagName.toLowerCase()} class="${e.className}"> ${(e.textContent || e.name || '').trim().slice(0, 30)}`;
    const shown = e => e.checkVisibility() && e.getBoundingClientRect().width > 1 && e.getBoundingClientRect().height > 1;
    const size = e => parseFloat(getComputedStyle(e).fontSize);
    for (const e of document.querySelectorAll('body *')) {
      const own = [...e.childNodes].some(n => n.nodeType === 3 && n.textContent.trim());
      if (!own || !shown(e)) continue;
      const body = e.matches('p, li, dd, dt, td, th, label, a, span') && e.closest('main');
      const least = (body && !e.closest('.govuk-tag, .gz-code') ? BODY_PX_MIN : SMALLEST_PX_MIN) * factor;
      if (size(e) < least) found.push(`type of ${size(e)} px, at least ${least}: ${name(e)}`);
    }
    const inSentence = e => getComputedStyle(e).display === 'inline' &&
      [...e.parentElement.childNodes].some(n => n !== e && n.nodeType === 3 && n.textContent.trim());
    for (const e of document.querySelectorAll('a[href], button, input:not([type=hidden]), select, textarea, summary')) {
      if (!shown(e) || inSentence(e)) continue;
      const box = e.getBoundingClientRect();
      if (box.height < TARGET_PX_MIN - 0.5) found.push(`target of ${Math.round(box.height)} px, at least ${TARGET_PX_MIN}: ${name(e)}`);
    }
    const over = document.documentElement.scrollWidth - document.documentElement.clientWidth;
    const wide = [...document.querySelectorAll('body *')].filter(e => !e.closest('.gz-scroll') && shown(e) && e.getBoundingClientRect().right > document.documentElement.clientWidth + 1);
    if (over > 0) found.push(`${over} px wider than the window: ${wide.slice(-1).map(name)}`);
    return found;
  }, { BODY_PX_MIN, SMALLEST_PX_MIN, TARGET_PX_MIN, factor: large ? LARGE_FACTOR_MIN : 1 });
}

// Nothing of a page lies where nobody looks: no table is wider than its place, the heading stands on the first view of a
// telephone, a bar is long enough to compare.
const FIRST_VIEW_PX = { normal: 360, large: 520 };  // of the 800 px of a telephone's window; below a list of errors it may be more
export function inSight(page, large) {
  return page.evaluate(limit => {
    const found = [], narrow = document.documentElement.clientWidth < 640;
    for (const e of document.querySelectorAll('.gz-scroll'))
      if (e.scrollWidth > e.clientWidth + 1) found.push(`a table of ${e.scrollWidth} px in ${e.clientWidth}: ${e.querySelector('caption')?.textContent}`);
    for (const cell of document.querySelectorAll('.gz-scroll tbody > tr > :not(:first-child)')) {
      const stacked = getComputedStyle(cell.parentElement).display !== 'table-row';
      if (stacked && cell.textContent.trim() && !cell.closest('.gz-chosen-row') && !cell.dataset.label) found.push(`no heading before ${cell.textContent.trim().slice(0, 30)}`);
    }
    const top = document.querySelector('h1').getBoundingClientRect().top + scrollY;
    if (narrow && top > limit && !document.querySelector('main > .govuk-error-summary')) found.push(`the heading begins at ${Math.round(top)} px, at most ${limit}`);
    for (const bar of document.querySelectorAll('.gz-bars__track'))
      if (bar.getBoundingClientRect().width < bar.closest('.gz-bars').clientWidth / 3) found.push(`a bar of ${Math.round(bar.getBoundingClientRect().width)} px`);
    const menu = document.querySelector('.gz-menu'), places = document.querySelector('.govuk-service-navigation__list');
    if (menu && menu.checkVisibility() === places.checkVisibility()) found.push('the menu is neither folded nor open');
    return found;
  }, FIRST_VIEW_PX[large ? 'large' : 'normal']);
}

// `fetched` holds {type, body} of everything that a first visit loads; sizes as gzip would make them. `script`: whether this
// page has the script that checks receipts.
export function inBudget(fetched, script = false) {
  const found = [], of = type => fetched.filter(one => one.type === type).map(one => gzipSync(one.body).length);
  const sum = list => list.reduce((a, b) => a + b, 0);
  const limits = [['HTML', sum(of('document')), HTML_BYTES_MAX], ['CSS', sum(of('stylesheet')), CSS_BYTES_MAX], ['script', sum(fetched.filter(one => one.type === 'script').map(one => one.body.length)), script ? SCRIPT_BYTES_MAX : 0],
    ['font', sum(of('font')), 0], ['first view', firstViewBytes(fetched), FIRST_VIEW_BYTES_MAX]];
  for (const [what, bytes, limit] of limits) if (bytes > limit) found.push(`${what}: ${bytes} bytes gzip, at most ${limit}`);
  if (fetched.length > REQUESTS_MAX) found.push(`${fetched.length} requests, at most ${REQUESTS_MAX}`);
  return found;
}

// What a first visit moves over the wire, as gzip makes it.
export const firstViewBytes = fetched => fetched.reduce((sum, one) => sum + gzipSync(one.body).length, 0);

// On paper, as a browser prints: how many sides of A4. The pages of a PDF are counted by their objects.
export async function sidesOfA4(page) {
  const pdf = await page.pdf({ format: 'A4', printBackground: false });
  return (pdf.toString('latin1').match(/\/Type\s*\/Page\b(?!s)/g) ?? []).length;
}

export function protectedByHeaders(headers, script = false) {
  const wanted = { 'x-content-type-options': 'nosniff', 'referrer-policy': 'no-referrer', 'cache-control': 'no-store' };
  const found = Object.entries(wanted).filter(([name, value]) => headers[name] !== value).map(([name]) => `header ${name}: ${headers[name]}`);
  const policy = headers['content-security-policy'] ?? '';
  for (const rule of ["default-src 'none'", "style-src 'self'", "form-action 'self'", "frame-ancestors 'none'", "base-uri 'none'"])
    if (!policy.includes(rule)) found.push(`content-security-policy lacks ${rule}`);
  if (script ? !policy.includes("script-src 'self';") : policy.includes('script-src')) found.push(`content-security-policy on scripts: ${policy}`);
  if (policy.includes('unsafe')) found.push('content-security-policy allows something unsafe');
  return found;
}

// What the templates would leave behind if a view or a locale lacked something.
export function complete(html, language, script = false) {
  const found = [];
  if (html.includes('view problems:')) found.push(html.slice(html.indexOf('<!-- view problems:')).trim());
  if (html.includes('{{')) found.push('a template tag was left');
  if (!html.includes(`<html lang="${language}"`)) found.push(`the page is not in ${language}`);
  if ((html.match(/<h1[ >]/g) ?? []).length !== 1) found.push('not exactly one h1');
  if (/\son[a-z]+=|\sstyle=/.test(html)) found.push('an event attribute or a style attribute');
  const scripts = html.match(/<script[^>]*>/gi) ?? [];
  if (scripts.length !== (script ? 1 : 0) || !scripts.every(one => SCRIPT.test(one))) found.push(`scripts: ${scripts.join(' ')}`);
  return found;
}
