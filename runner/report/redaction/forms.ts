// Every way a secret may be written down: a platform echoes passwords in JSON, URLs, XML and Basic credentials.

/** Below three characters a secret cannot be told from ordinary text. */
export const shortest = 3;

export function formsOf(secret: string): string[] {
  const text = secret.toWellFormed();
  const forms = new Set<string>([
    secret,
    text,
    ...jsonForms(secret),
    ...jsonForms(text),
    ...urlForms(text),
    ...xmlForms(text),
  ]);
  for (const form of byteForms(Buffer.from(text))) forms.add(form);
  return [...forms].filter((form) => form.length >= shortest && /[^*]/.test(form));
}

/** Escaped once, and twice for JSON that was put into JSON; with and without escaped slashes and non-ASCII. */
function jsonForms(text: string): string[] {
  const once = inner(text);
  const firsts = new Set([once, ascii(once, 'lower'), ascii(once, 'upper')]);
  for (const form of [...firsts]) firsts.add(form.replaceAll('/', '\\/'));
  return [...firsts].flatMap((form) => [form, inner(form)]);
}

const inner = (text: string): string => JSON.stringify(text).slice(1, -1);

function ascii(text: string, letters: 'lower' | 'upper'): string {
  return text.replace(/[\u007f-\uffff]/g, (unit) => {
    const hex = unit.charCodeAt(0).toString(16).padStart(4, '0');
    return `\\u${letters === 'lower' ? hex : hex.toUpperCase()}`;
  });
}

function urlForms(text: string): string[] {
  const component = encodeURIComponent(text);
  const strict = component.replace(/[!'()*~]/g, percent);
  const form = new URLSearchParams([['', text]]).toString().slice(1);
  const forms = [
    component,
    strict,
    form,
    encodeURI(text),
    component.replace(/%20/g, '+'),
    strict.replace(/%20/g, '+'),
  ];
  return forms.flatMap((value) => [value, value.replace(/%[0-9A-F]{2}/g, (code) => code.toLowerCase())]);
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
