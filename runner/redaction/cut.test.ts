// Whoever makes a message cuts what he quotes; what is left of a secret then is no secret that anybody knows.
import { describe, expect, it } from 'vitest';
import { RedactingStream, Redactor } from './index.ts';

const piecesOf = (text: string, length: number): string[] =>
  Array.from({ length: Math.max(0, text.length - length + 1) }, (_, at) => text.slice(at, at + length));

describe('a secret that was cut before it came here', () => {
  const secret = 'S3cr&t "quoted" <päss>/+word';
  const cuts: Readonly<Record<string, (text: string, length: number) => string>> = {
    'by a mark': (text, length) => `${text.slice(0, length)}… (2000 characters)`,
    'inside quotes': (text, length) => `'${text.slice(0, length)}…' to be ''`,
    'by Node': (text, length) => `'${text.slice(0, length)}'... 9 more characters`,
    'by dots': (text, length) => `${text.slice(0, length)}...`,
    'and escaped': (text, length) => `"${text.slice(0, length)}\\u2026"`,
  };
  const whole = {
    raw: secret,
    json: JSON.stringify(secret).slice(1, -1),
    Basic: Buffer.from(`alice:${secret}`).toString('base64'),
  };

  it.each(Object.entries(cuts))('is hidden as far as it goes: %s', (_, cut) => {
    const redactor = new Redactor([secret]);
    for (const [form, text] of Object.entries(whole)) {
      for (let length = 11; length <= text.length; length += 1) {
        const shown = cut(text, length);
        const stream = new RedactingStream(redactor);
        const streamed = [...`a ${shown}`].map((unit) => stream.push(unit)).join('') + stream.flush();
        for (const redacted of [redactor.redact(shown), streamed])
          expect(
            piecesOf(text, 4).filter((piece) => redacted.includes(piece)),
            `${form}: ${redacted}`,
          ).toEqual(form === 'Basic' ? piecesOf(text.slice(0, 8), 4) : []);
      }
    }
  });

  it('leaves other text before such a mark alone', () => {
    expect(new Redactor([secret]).redact('secrets… and S3… and so on...')).toBe(
      'secrets… and S3… and so on...',
    );
  });

  it('takes no long time in a text of marks', () => {
    const redactor = new Redactor([secret]);
    for (const text of ['…'.repeat(300_000), "'…".repeat(150_000), 'S3c...'.repeat(100_000)]) {
      const start = process.cpuUsage();
      redactor.redact(text);
      expect(process.cpuUsage(start).user / 1_000).toBeLessThan(1000);
    }
  });
});
