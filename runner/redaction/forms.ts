// Every way a secret may be written down: a platform echoes passwords in JSON, URLs, XML and Basic credentials, and whoever prints
// values quotes them as JavaScript does.
import { inspect } from 'node:util';

/** Below three characters a secret cannot be told from ordinary text. */
export const shortest = 3;

export function formsOf(secret: string): string[] {
  const text = secret.toWellFormed();
  const forms = new Set<string>([
    secret,
    text,
    ...jsonForms(secret),
    ...jsonForms(text),
    ...quotedForms(text),
    ...urlForms(text),
    ...xmlForms(text),
  ]);
  for (const form of byteForms(Buffer.from(text))) forms.add(form);
  return [...forms].filter((form) => form.length >= shortest && /[^*]/.test(form));
}

/** What some writers of JSON escape besides what they must: Go, and with it OPA and the API server; PHP and Flask; Gson. */
const alsoEscaped = [/[<>&\u2028\u2029]/g, /[<>&'\u2028\u2029]/g, /[<>&'=\u2028\u2029]/g];
const notAscii = /[\u007f-\uffff]/g;

/** Escaped once, and twice for JSON that was put into JSON; with and without escaped slashes, marks of HTML and non-ASCII. */
function jsonForms(text: string): string[] {
  const once = inner(text);
  const firsts = new Set([once]);
  for (const letters of ['lower', 'upper'] as const) {
    const some = alsoEscaped.map((characters) => unicode(once, characters, letters));
    for (const form of [once, ...some]) firsts.add(form).add(unicode(form, notAscii, letters));
  }
  for (const form of [...firsts]) firsts.add(form.replaceAll('/', '\\/'));
  return [...firsts].flatMap((form) => [form, inner(form)]);
}

const inner = (text: string): string => JSON.stringify(text).slice(1, -1);

function unicode(text: string, characters: RegExp, letters: 'lower' | 'upper'): string {
  return text.replace(characters, (unit) => {
    const hex = unit.charCodeAt(0).toString(16).padStart(4, '0');
    return `\\u${letters === 'lower' ? hex : hex.toUpperCase()}`;
  });
}

/** chai escapes what has no width, line breaks and its own quote, but no backslash. */
const escapedByChai =
  /[\u007f-\u009f\u00ad\u0600-\u0604\u070f\u17b4\u17b5\u200c-\u200f\u2028-\u202f\u2060-\u206f\ufeff\ufff0-\uffff]/g;

/** As console.log shows a text in an object, and as the message of an assertion does. */
function quotedForms(text: string): string[] {
  const lines = inner(text).replace(/\\(["\\])/g, '$1');
  return [inspect(text).slice(1, -1), unicode(lines.replaceAll("'", "\\'"), escapedByChai, 'lower')];
}

/** What writers of URLs leave as it is, besides letters, digits and `-_.`: by RFC 3986, Python's quote, forms, encodeURI, Go's paths. */
const unescaped = ['', '~', '~/', '*', "~!'()*", "~!'()*;/?:@&=+$,#", '~$&+=:@', '~$&+,/:;=@'];

function urlForms(text: string): string[] {
  const strict = encodeURIComponent(text).replace(/[!'()*~]/g, percent);
  const forms = new Set<string>();
  for (const kept of unescaped) {
    const form = strict.replace(/%[2-7][0-9A-F]/g, (code) => {
      const character = decodeURIComponent(code);
      return kept.includes(character) ? character : code;
    });
    forms.add(form).add(form.replaceAll('%20', '+'));
  }
  return [...forms].flatMap((form) => [form, form.replace(/%[0-9A-F]{2}/g, (code) => code.toLowerCase())]);
}

const percent = (character: string): string => `%${character.charCodeAt(0).toString(16).toUpperCase()}`;

/** Writers agree on `&`, `<` and mostly on `>`; quotes and line breaks each have their own way. */
function xmlForms(text: string): string[] {
  const core = text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
  const forms = new Set<string>();
  for (const more of ['>', '&gt;']) {
    for (const quote of ['"', '&quot;', '&#34;']) {
      for (const apostrophe of ["'", '&apos;', '&#39;', '&#x27;']) {
        for (const feed of ['\n', '&#10;', '&#xA;']) {
          const form = core.replaceAll('>', more).replaceAll('"', quote).replaceAll("'", apostrophe);
          forms.add(form.replaceAll('\n', feed));
        }
      }
    }
  }
  return [...forms];
}

function byteForms(bytes: Buffer): string[] {
  const hex = bytes.toString('hex');
  return [hex, hex.toUpperCase(), ...base64Forms(bytes)];
}

/**
 * The secret alone, and the characters that depend on nothing but the secret when it stands 0, 1 or 2 bytes into a group
 * of three inside a longer text (`user:password`).
 */
function base64Forms(bytes: Buffer): string[] {
  const padded = bytes.toString('base64');
  const forms = [padded, padded.replace(/=+$/, '')];
  for (const offset of [0, 1, 2]) {
    const text = Buffer.concat([Buffer.alloc(offset), bytes]).toString('base64');
    const from = Math.ceil((offset * 8) / 6);
    const to = Math.floor(((offset + bytes.length) * 8) / 6);
    forms.push(text.slice(from, to));
  }
  return forms.flatMap((form) => [form, form.replaceAll('+', '-').replaceAll('/', '_')]);
}
