// Checks a receipt in the visitor's own browser, as `gongzhi verify` does: docs/formats/receipt.md and entry.md, C2SP
// signed-note, tlog-checkpoint, tlog-cosignature and tlog-policy. Sends nothing anywhere. The page works without it.
(() => {
  'use strict';
  const RECEIPT_CHARS_MAX = 4 << 20, NOTE_SIGNATURES_MAX = 16, PATH_HASHES_MAX = 63, POLICY_CHARS_MAX = 64 << 10;
  const INT64_MAX = (1n << 63n) - 1n;
  const ED25519 = 1, COSIGNATURE = 4;
  const SPACES = /[ \u0085\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]/;
  const encoder = new TextEncoder(), decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

  class Refusal extends Error {}  // its message is one of: malformed, policy, signature, proof
  const need = (condition, why) => { if (!condition) throw new Refusal(why); };

  const bytesOf = part => typeof part === 'string' ? encoder.encode(part) : part;
  function join(...parts) {
    const all = parts.map(bytesOf), out = new Uint8Array(all.reduce((sum, one) => sum + one.length, 0));
    let at = 0;
    for (const one of all) { out.set(one, at); at += one.length; }
    return out;
  }
  const sha256 = async (...parts) => new Uint8Array(await crypto.subtle.digest('SHA-256', join(...parts)));
  const same = (a, b) => a.length === b.length && a.every((byte, i) => byte === b[i]);
  const u32 = (bytes, at) => new DataView(bytes.buffer, bytes.byteOffset).getUint32(at);
  const u64 = (bytes, at) => new DataView(bytes.buffer, bytes.byteOffset).getBigUint64(at);
  const toBase64 = bytes => btoa(Array.from(bytes, byte => String.fromCharCode(byte)).join(''));

  // Strict: one text for each value.
  function base64(text, why = 'malformed') {
    need(/^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/.test(text), why);
    const bytes = Uint8Array.from(atob(text), c => c.charCodeAt(0));
    need(toBase64(bytes) === text, why);
    return bytes;
  }
  function decimal(text, why = 'malformed') {
    need(/^(?:0|[1-9][0-9]{0,18})$/.test(text) && BigInt(text) <= INT64_MAX, why);
    return BigInt(text);
  }
  function hash(text) {
    const bytes = base64(text);
    need(bytes.length === 32, 'malformed');
    return bytes;
  }
  const isClean = text => !/[\u0000-\u0009\u000b-\u001f\u007f]/.test(text) && !/\p{Surrogate}/u.test(text);
  const isKeyName = name => name !== '' && bytesOf(name).length <= 255 && !/[+\n]/.test(name) && isClean(name) && !SPACES.test(name);

  // "name+hex8(id)+base64(type ‖ key)"
  async function verifierKey(text) {
    const first = text.indexOf('+'), second = first < 0 ? -1 : text.indexOf('+', first + 1);
    need(second > 0 && isKeyName(text.slice(0, first)), 'policy');
    const name = text.slice(0, first), raw = base64(text.slice(second + 1), 'policy');
    need(raw.length === 33 && (raw[0] === ED25519 || raw[0] === COSIGNATURE), 'policy');
    const id = u32(await sha256(name, '\n', raw), 0);
    need(text.slice(first + 1, second) === id.toString(16).padStart(8, '0'), 'policy');
    return { name, id, type: raw[0], key: raw.slice(1) };
  }

  function readGroup(policy, words) {
    const [, name, count, ...members] = words, taken = new Set([...policy.groups.values()].flatMap(group => group.members));
    need(!policy.knows(name) && name !== 'none', 'policy');
    need(members.every((one, i) => policy.knows(one) && members.indexOf(one) === i && !taken.has(one)), 'policy');
    const needed = count === 'any' ? 1 : count === 'all' ? members.length : Number(decimal(count, 'policy'));
    need(needed >= 1 && needed <= members.length, 'policy');
    policy.groups.set(name, { needed, members });
  }

  async function readPolicy(text) {
    need(text.length <= POLICY_CHARS_MAX, 'policy');
    const policy = { logs: [], witnesses: new Map(), groups: new Map(), quorum: null };
    policy.knows = name => policy.witnesses.has(name) || policy.groups.has(name);
    for (const line of text.split('\n')) {
      const words = line.split(/[ \t]+/).filter(Boolean), [kind] = words;
      if (!kind || kind.startsWith('#')) continue;
      if (kind === 'log' && (words.length === 2 || words.length === 3)) {
        const key = await verifierKey(words[1]);
        need(key.type === ED25519, 'policy');
        policy.logs.push(key);
      } else if (kind === 'witness' && (words.length === 3 || words.length === 4)) {
        const key = await verifierKey(words[2]);
        need(key.type === COSIGNATURE && !policy.knows(words[1]) && words[1] !== 'none', 'policy');
        need([...policy.witnesses.values()].every(other => !same(other.key, key.key)), 'policy');
        policy.witnesses.set(words[1], key);
      } else if (kind === 'group' && words.length >= 4) {
        readGroup(policy, words);
      } else {
        need(kind === 'quorum' && words.length === 2 && policy.quorum === null, 'policy');
        need(words[1] === 'none' || policy.knows(words[1]), 'policy');
        policy.quorum = words[1];
      }
    }
    need(policy.quorum !== null && policy.logs.length > 0, 'policy');
    return policy;
  }

  function satisfied(policy, name, signed) {
    if (policy.witnesses.has(name)) return signed.has(name);
    const group = policy.groups.get(name);
    return group.members.filter(member => satisfied(policy, member, signed)).length >= group.needed;
  }

  function signatureLine(line) {
    need(line.startsWith('\u2014 '), 'malformed');
    const rest = line.slice(2), space = rest.indexOf(' ');
    need(space > 0 && isKeyName(rest.slice(0, space)), 'malformed');
    const raw = base64(rest.slice(space + 1));
    need(raw.length >= 5, 'malformed');
    return { name: rest.slice(0, space), id: u32(raw, 0), payload: raw.slice(4) };
  }

  function readNote(text) {
    const split = text.lastIndexOf('\n\n');
    need(isClean(text) && split >= 0 && text.length > split + 2 && text.endsWith('\n'), 'malformed');
    const signatures = text.slice(split + 2, -1).split('\n').map(signatureLine);
    need(signatures.length <= NOTE_SIGNATURES_MAX, 'malformed');
    need(new Set(signatures.map(one => `${one.name} ${one.id}`)).size === signatures.length, 'malformed');
    return { text: text.slice(0, split + 1), signatures };
  }

  async function ed25519(key, signature, message) {
    const imported = await crypto.subtle.importKey('raw', key, 'Ed25519', false, ['verify']);
    return crypto.subtle.verify('Ed25519', imported, signature, bytesOf(message));
  }

  // Whether this key signed; a line of this key that does not verify refuses the note.
  async function signedBy(note, key) {
    const line = note.signatures.find(one => one.name === key.name && one.id === key.id);
    if (!line) return false;
    if (key.type === ED25519) {
      need(line.payload.length === 64 && await ed25519(key.key, line.payload, note.text), 'signature');
      return true;
    }
    need(line.payload.length === 72, 'signature');
    const time = u64(line.payload, 0);
    need(time > 0n && time <= INT64_MAX, 'signature');
    need(await ed25519(key.key, line.payload.slice(8), `cosignature/v1\ntime ${time}\n${note.text}`), 'signature');
    return true;
  }

  async function checkLog(policy, note, origin) {
    let signed = false;
    for (const key of policy.logs) if (key.name === origin) signed = await signedBy(note, key) || signed;
    need(signed, 'signature');
  }

  async function cosigners(policy, note) {
    const signed = new Map();
    for (const [name, key] of policy.witnesses) if (await signedBy(note, key)) signed.set(name, key.name);
    need(policy.quorum === 'none' || satisfied(policy, policy.quorum, signed), 'signature');
    return [...signed.values()];
  }

  // A letter changed in a line by a key that the policy does not name would go unnoticed: refused.
  function refuseUnknown(policy, text) {
    const keys = [...policy.logs, ...policy.witnesses.values()];
    for (const line of text.split('\n').filter(one => one.startsWith('\u2014 '))) {
      const { name, id } = signatureLine(line);
      need(keys.some(key => key.name === name && key.id === id), 'proof');
    }
  }

  function reader(bytes) {
    let at = 0;
    const take = count => { need(at + count <= bytes.length, 'malformed'); at += count; return bytes.slice(at - count, at); };
    return { take, sized: max => { const size = u32(take(4), 0); need(size <= max, 'malformed'); return take(size); },
      end: () => need(at === bytes.length, 'malformed') };
  }

  function json(bytes) {
    try {
      const value = JSON.parse(decoder.decode(bytes));
      need(value !== null && typeof value === 'object' && !Array.isArray(value), 'malformed');
      return value;
    } catch {
      throw new Refusal('malformed');
    }
  }

  // The signature base must cover this header and the body that it names.
  function checkBase(base, header, headerBytes) {
    const lines = decoder.decode(base).split('\n');
    const value = name => {
      const found = lines.filter(line => line.startsWith(`"${name}": `));
      need(found.length === 1, 'signature');
      return found[0].slice(name.length + 4);
    };
    const digest = Uint8Array.from(header.body?.digest?.match(/../g) ?? [], pair => parseInt(pair, 16));
    need(value('gongzhi-message') === `:${toBase64(headerBytes)}:`, 'signature');
    need(value('content-digest') === `sha-256=:${toBase64(digest)}:`, 'signature');
  }

  async function readOpening(bytes) {
    const opening = reader(bytes);
    need(opening.take(1)[0] === 1, 'malformed');
    const salt = opening.take(32), envelope = opening.sized(65536), statement = opening.sized(262144);
    opening.end();
    const says = json(statement);
    need(typeof says.kind === 'string', 'malformed');
    if (envelope.length > 0) {
      const parts = reader(envelope);
      need(parts.take(1)[0] === 1, 'malformed');
      const [header, base, signature, keyId] = [16384, 24576, 4096, 256].map(max => parts.sized(max));
      parts.end();
      const signed = signature.length > 0;
      need((base.length > 0) === signed && (keyId.length > 0) === signed, 'malformed');
      const message = json(header);
      if (signed) checkBase(base, message, header);
    }
    const length = new Uint8Array(4);
    new DataView(length.buffer).setUint32(0, envelope.length);
    const commitment = await sha256('gongzhi/entry/v1\n', salt, length, envelope, statement);
    return { kind: says.kind, leaf: await sha256(Uint8Array.of(0), Uint8Array.of(1), commitment) };
  }

  // RFC 9162 §2.1.3.2.
  async function checkInclusion(index, size, leaf, path, root) {
    need(index < size, 'proof');
    let fn = index, sn = size - 1n, computed = leaf;
    for (const sibling of path) {
      need(sn > 0n, 'proof');
      if (fn & 1n || fn === sn) {
        computed = await sha256(Uint8Array.of(1), sibling, computed);
        while (!(fn & 1n) && fn !== 0n) { fn >>= 1n; sn >>= 1n; }
      } else {
        computed = await sha256(Uint8Array.of(1), computed, sibling);
      }
      fn >>= 1n;
      sn >>= 1n;
    }
    need(sn === 0n && same(computed, root), 'proof');
  }

  function readReceipt(text) {
    need(text.length <= RECEIPT_CHARS_MAX, 'malformed');
    const end = text.indexOf('\n\n'), lines = text.slice(0, Math.max(end, 0)).split('\n');
    need(end > 0 && ['gongzhi/accepted@v1', 'c2sp.org/tlog-proof@v1'].includes(lines[0]), 'malformed');
    need(lines[1]?.startsWith('extra ') && lines[2]?.startsWith('index '), 'malformed');
    const path = lines.slice(3);
    need(path.length <= PATH_HASHES_MAX, 'malformed');
    return { accepted: lines[0].startsWith('gongzhi'), extra: base64(lines[1].slice(6)), index: decimal(lines[2].slice(6)),
      path: path.map(hash), note: readNote(text.slice(end + 2)) };
  }

  // Returns {stage, origin, index, kind, cosigners}; throws a Refusal.
  async function verify(receiptText, policyText) {
    const text = receiptText.replaceAll('\r', '').replace(/([^\n])$/, '$1\n');
    const policy = await readPolicy(policyText.replaceAll('\r', ''));
    const receipt = readReceipt(text), { note, index } = receipt;
    refuseUnknown(policy, text);
    const entry = await readOpening(receipt.extra), lines = note.text.split('\n');
    const result = { stage: receipt.accepted ? 'accepted' : 'proved', index: index.toString(), kind: entry.kind, cosigners: [] };
    if (receipt.accepted) {
      need(lines.length === 5 && lines[0].endsWith('/accepted') && !Number.isNaN(Date.parse(lines[3])), 'malformed');
      const [first, count, surplus] = lines[1].split(' '), from = decimal(first), size = decimal(count ?? '');
      need(surplus === undefined, 'malformed');
      result.origin = lines[0].slice(0, -'/accepted'.length);
      await checkLog(policy, note, result.origin);
      need(index >= from && index - from < size, 'proof');
      await checkInclusion(index - from, size, entry.leaf, receipt.path, hash(lines[2]));
    } else {
      need(lines.length === 4 && lines[0] !== '', 'malformed');
      result.origin = lines[0];
      await checkLog(policy, note, result.origin);
      result.cosigners = await cosigners(policy, note);
      await checkInclusion(index, decimal(lines[1]), entry.leaf, receipt.path, hash(lines[2]));
    }
    return result;
  }

  // "valid accepted", "valid proved", or what was wrong: for tests, and for the curious at the browser's console.
  globalThis.gongzhiVerify = (receipt, policy) => verify(receipt, policy).then(one => `valid ${one.stage}`,
    error => error instanceof Refusal ? error.message : Promise.reject(error));

  const box = document.getElementById('browser'), outcome = document.getElementById('browser-outcome');
  const button = document.getElementById('check-here'), words = box.dataset;

  async function canCheck() {
    try {
      await crypto.subtle.importKey('raw', new Uint8Array(32), 'Ed25519', false, ['verify']);
      return true;
    } catch {
      return false;  // an old browser, or no protected connection
    }
  }

  function say(text, bad) {
    outcome.textContent = text;
    box.hidden = false;
    box.classList.toggle('gz-outcome--bad', bad);
  }

  async function run() {
    const receipt = await document.getElementById('file').files[0]?.text() ?? document.getElementById('receipt').value;
    if (receipt.trim() === '') return say(words.empty, true);
    say(words.running, false);
    try {
      const found = await verify(receipt, document.getElementById('policy').value);
      const values = { origin: found.origin, index: found.index, witnesses: found.cosigners.join(', ') || words.none };
      say((found.stage === 'proved' ? words.proved : words.accepted).replace(/\{(\w+)\}/g, (_, name) => values[name]), false);
    } catch (error) {
      say(error instanceof Refusal ? words[error.message] : words.failed, true);
    }
  }

  canCheck().then(able => {
    if (!able) return say(words.unable, true);
    button.hidden = false;
    document.getElementById('keys').hidden = false;
    button.addEventListener('click', run);
    return words.run === 'yes' ? run() : undefined;
  });
})();
