// What is secret stays secret, in whatever form a platform repeats it and however the text is cut.
import { inspect } from 'node:util';
import fc from 'fast-check';
import { chai, describe, expect, it } from 'vitest';
import type { JournalEvent } from '../journal/index.ts';
import { RedactingStream, Redactor, redactEvent } from './index.ts';

const asciiJson = (text: string, characters: RegExp, letters: 'toLowerCase' | 'toUpperCase') =>
  JSON.stringify(text).replace(
    characters,
    (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')[letters]()}`,
  );
const rfc3986 = (text: string) =>
  encodeURIComponent(text).replace(/[!'()*]/g, (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`);
const base64 = (text: string) => Buffer.from(text).toString('base64');
const xml = (text: string, quotes: Record<string, string>) => text.replace(/[&<>"']/g, (c) => quotes[c] ?? c);

/** How a platform may repeat a secret. Written without the code under test. */
const encodings: Readonly<Record<string, (secret: string) => string>> = {
  raw: (secret) => secret,
  json: (secret) => JSON.stringify({ password: 1, value: secret }),
  'json in json': (secret) => JSON.stringify(JSON.stringify([secret])),
  'json, ASCII only': (secret) => asciiJson(secret, /[\u007f-\uffff]/g, 'toLowerCase'),
  'json of Go': (secret) => asciiJson(secret, /[<>&\u2028\u2029]/g, 'toLowerCase'),
  'json of Gson': (secret) => asciiJson(secret, /[<>&'=\u2028\u2029]/g, 'toLowerCase'),
  'json of PHP': (secret) => asciiJson(secret, /[<>&'\u007f-\uffff]/g, 'toUpperCase'),
  'message of an assertion': (secret) => chai.util.inspect({ password: secret, n: 1 }),
  'what console.log shows': (secret) => inspect({ password: secret, "it's": 1 }),
  'URL component': (secret) => `?q=${encodeURIComponent(secret)}&x`,
  'URL component, lower case': (secret) =>
    encodeURIComponent(secret).replace(/%../g, (code) => code.toLowerCase()),
  'URL component by RFC 3986': (secret) => `?q=${rfc3986(secret)}&x`,
  'URL component by RFC 3986, lower case': (secret) =>
    rfc3986(secret).replace(/%../g, (code) => code.toLowerCase()),
  'path of Python': (secret) => `/x/${rfc3986(secret).replaceAll('%2F', '/')}?y`,
  'form of curl': (secret) => rfc3986(secret).replaceAll('%20', '+'),
  'URL form': (secret) => new URLSearchParams({ q: secret }).toString(),
  'XML text': (secret) => xml(secret, { '&': '&amp;', '<': '&lt;', '>': '&gt;' }),
  'XML attribute': (secret) =>
    xml(secret, { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&apos;' }),
  HTML: (secret) => xml(secret, { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' }),
  base64: (secret) => base64(secret),
  base64url: (secret) => Buffer.from(secret).toString('base64url'),
  'base64, one byte in': (secret) => base64(`x${secret}`),
  'base64, two bytes in': (secret) => base64(`xy${secret}`),
  'Basic credentials': (secret) => base64(`alice:${secret}`),
  'base64url inside a longer text': (secret) =>
    Buffer.from(`{"user":"bob","p":"${secret}"}`).toString('base64url'),
  hex: (secret) => Buffer.from(secret).toString('hex'),
  'hex, upper case': (secret) => Buffer.from(secret).toString('hex').toUpperCase(),
};
const names = Object.keys(encodings);

const bytesOf = (codes: string) => Buffer.from(codes.replaceAll('%', ''), 'hex').toString();
const decoders: readonly ((text: string) => string)[] = [
  (text) => text.replace(/\\u([0-9a-f]{4})/gi, (_, hex) => String.fromCharCode(Number.parseInt(hex, 16))),
  (text) =>
    text
      .replace(/\\(["'\\/])/g, '$1')
      .replace(/\\n/g, '\n')
      .replace(/\\t/g, '\t'),
  (text) => text.replaceAll("\\'", "'").replaceAll('\\n', '\n').replaceAll('\\t', '\t'),
  (text) => text.replace(/(?:%[0-9a-f]{2})+/gi, bytesOf),
  (text) => text.replaceAll('+', ' ').replace(/(?:%[0-9a-f]{2})+/gi, bytesOf),
  (text) =>
    text
      .replace(/&(?:quot|#34);/g, '"')
      .replace(/&(?:apos|#39|#x27);/g, "'")
      .replaceAll('&lt;', '<')
      .replaceAll('&gt;', '>')
      .replaceAll('&amp;', '&'),
];

/** Whether the secret can be read from the text: plainly, decoded once or twice, or in the bytes behind any stretch of it. */
function readable(secret: string, text: string): boolean {
  const once = decoders.map((decode) => decode(text));
  const twice = once.flatMap((decoded) => decoders.map((decode) => decode(decoded)));
  if ([text, ...once, ...twice].some((candidate) => candidate.includes(secret))) return true;
  const bytes = Buffer.from(secret);
  for (const run of text.match(/[A-Za-z0-9+/_-]{4,}/g) ?? []) {
    for (let from = 0; from < 4; from += 1)
      if (Buffer.from(run.slice(from), 'base64').includes(bytes)) return true;
    for (let from = 0; from < 2; from += 1)
      if (Buffer.from(run.slice(from), 'hex').includes(bytes)) return true;
  }
  return false;
}

const secrets = fc
  .oneof(
    fc.string({ minLength: 6, maxLength: 40 }),
    fc.string({ minLength: 6, maxLength: 24, unit: 'grapheme' }),
    fc.string({ minLength: 6, maxLength: 32, unit: fc.constantFrom(...'aZ09 /+=&<>"\'\\%\n\t:;é€😀') }),
  )
  .filter((secret) => secret.isWellFormed() && /[^*]{6}/.test(secret));

const around = fc.string({ maxLength: 30, unit: fc.constantFrom(...'abcXYZ019 .,:;="\'{}\n') });

describe('a secret the redactor was told', () => {
  it('cannot be read from any output, in any encoding, whole or in pieces (1,000 random secrets)', () => {
    fc.assert(
      fc.property(
        secrets,
        fc.shuffledSubarray(names, { minLength: 3, maxLength: 6 }),
        around,
        fc.array(fc.nat(400), { maxLength: 8 }),
        (secret, chosen, padding, cuts) => {
          const redactor = new Redactor();
          redactor.add(secret);
          const text = chosen.map((name) => `${padding}${encodings[name]?.(secret)}${padding}`).join('\n');
          const whole = redactor.redact(text);
          expect(readable(secret, whole), whole).toBe(false);
          expect(redactor.redact(whole)).toBe(whole);

          const stream = new RedactingStream(redactor);
          let shown = '';
          let from = 0;
          for (const cut of [...cuts, text.length].toSorted((a, b) => a - b)) {
            shown += stream.push(text.slice(from, cut));
            from = Math.max(from, cut);
          }
          shown += stream.flush();
          expect(readable(secret, shown), shown).toBe(false);
        },
      ),
      { numRuns: 1000 },
    );
  });

  it('is found by this test in every encoding when nothing is redacted', () => {
    for (const name of names)
      expect(readable('pä"ss/wörd&1', encodings[name]?.('pä"ss/wörd&1') ?? ''), name).toBe(true);
  });

  it('is caught at every cut, one character at a time', () => {
    const redactor = new Redactor();
    redactor.add('s3cret-päss/word');
    for (const name of names) {
      const text = `before ${encodings[name]?.('s3cret-päss/word')} after`;
      const stream = new RedactingStream(redactor);
      const shown = [...text].map((character) => stream.push(character)).join('') + stream.flush();
      expect(readable('s3cret-päss/word', shown), name).toBe(false);
      expect(shown, name).toMatch(/^before .*after$/s);
    }
  });

  it('leaves no part behind where two secrets overlap', () => {
    const redactor = new Redactor();
    redactor.add('abcdef');
    redactor.add('defghi');
    expect(redactor.redact('x abcdefghi y')).toBe('x *** y');
  });

  it('is hidden in its longest form', () => {
    const redactor = new Redactor();
    redactor.add('secret');
    redactor.add('secret-of-alice');
    expect(redactor.redact('secret-of-alice secret')).toBe('*** ***');
  });

  it('spares other text', () => {
    const redactor = new Redactor();
    redactor.add('s3cret');
    expect(redactor.redact('S3CRET s3cre t3 no change')).toBe('S3CRET s3cre t3 no change');
  });

  it('is refused when it is too short to tell from other text', () => {
    const redactor = new Redactor();
    expect([redactor.add('a'), redactor.add('ab'), redactor.add('abc')]).toEqual([false, false, true]);
  });

  it('is hidden in 1 MB among 100 secrets within 200 ms of processor time', () => {
    const redactor = new Redactor();
    const own = Array.from({ length: 100 }, (_, index) => `pässword-${index}-${Math.sin(index)}"&/`);
    for (const secret of own) redactor.add(secret);
    const filler = Array.from(
      { length: 9000 },
      (_, index) => `line ${index} {"key":"value ${Math.cos(index)}", "token":[1,2,3]} GET /v1/data?x=%20y`,
    );
    const lines = filler.map((line, index) => (index % 90 === 0 ? line + own[index / 90] : line));
    const text = lines.join('\n').slice(0, 1_000_000);
    redactor.redact(text.slice(0, 200_000));
    const best = Math.min(
      ...Array.from({ length: 5 }, () => {
        const start = process.cpuUsage();
        redactor.redact(text);
        return process.cpuUsage(start).user / 1_000;
      }),
    );
    expect(best).toBeLessThan(200);
    const shown = redactor.redact(text);
    expect(own.some((secret) => shown.includes(secret))).toBe(false);
  });
});

describe('a stream', () => {
  it('holds back no more than the longest form', () => {
    const redactor = new Redactor();
    redactor.add('x'.repeat(50));
    const stream = new RedactingStream(redactor);
    const text = 'nothing to hide here. '.repeat(100);
    expect(stream.push(text).length).toBeGreaterThan(text.length - redactor.longest);
    expect(redactor.longest).toBeLessThan(1000);
  });

  it('never parts a surrogate pair', () => {
    const stream = new RedactingStream(new Redactor());
    const text = '😀'.repeat(200);
    let shown = '';
    for (const unit of text.split('')) {
      const piece = stream.push(unit);
      expect(piece.isWellFormed()).toBe(true);
      shown += piece;
    }
    expect(shown + stream.flush()).toBe(text);
  });
});

describe('an event', () => {
  const redactor = new Redactor();
  for (const secret of ['alice', 'failed', 'assertion', 'hunter2']) redactor.add(secret);
  const event: JournalEvent = {
    event: 'case-ended',
    at: '2026-11-21T01:00:00Z',
    key: 'C-10/10.3[alice]',
    attempt: 1,
    durationMs: 5,
    outcome: {
      verdict: 'failed',
      failure: {
        kind: 'assertion',
        message: 'got hunter2',
        observations: ['hunter2'],
        http: { method: 'GET', url: 'http://x/?p=hunter2', body: '{"p":"hunter2"}', timings: { total: 1 } },
      },
    },
    warnings: ['hunter2'],
  };

  it('keeps what decides how a run ended, and loses the secret beside it', () => {
    const at = event.at;
    const planned = { id: '1', campaign: 'C-10', file: 'f', tags: [], targets: [] };
    const own = new Redactor(['hunter2', 'interrupted', '1']);
    const redacted = (what: JournalEvent) => redactEvent(own, what);
    const cases = [{ ...planned, key: 'C-10/hunter2', title: 'shows hunter2' }];
    expect(redacted({ event: 'planned', at, cases })).toMatchObject({
      cases: [{ key: 'C-10/hunter2', title: 'shows ***' }],
    });
    expect(redacted({ event: 'property', at, name: 'of hunter2', value: 'true' })).toMatchObject({
      ...{ name: 'of ***', value: 'true' },
    });
    const reason = 'interrupted by hunter2';
    expect(redacted({ event: 'run-ended', at, exitCode: 7, reason })).toMatchObject({
      reason: 'interrupted by ***',
    });
  });

  it('keeps its case and its verdict, and loses the secret everywhere else', () => {
    const redacted = redactEvent(redactor, event);
    expect(JSON.stringify(redacted)).not.toContain('hunter2');
    expect(redacted).toMatchObject({
      key: 'C-10/10.3[alice]',
      outcome: {
        verdict: 'failed',
        failure: { kind: 'assertion', http: { url: 'http://x/?p=***', timings: { total: 1 } } },
      },
    });
  });
});
