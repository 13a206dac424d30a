// Finds the credentials in headers, so that every one this room sends or receives is redacted from all outputs.
import type { ResponseHeaders } from './result.ts';

/** A shorter one is a word that a test made up; redacting it would blacken ordinary text. */
const shortest = 20;

export function secretsInRequest(pairs: readonly (readonly [string, string])[]): string[] {
  const found: string[] = [];
  for (const [name, value] of pairs) {
    const key = name.toLowerCase();
    if (key === 'authorization' || key === 'proxy-authorization') found.push(value.replace(/^\S+\s+/, ''));
    else if (key === 'cookie') found.push(...value.split(';').map(cookieValue));
    else if (key === 'x-auth-request-access-token') found.push(value);
  }
  return found.filter((text) => text.length >= shortest);
}

export function secretsInResponse(headers: ResponseHeaders): string[] {
  const cookies = headers['set-cookie'];
  if (cookies === undefined) return [];
  return [cookies]
    .flat()
    .map((cookie) => cookieValue(cookie.split(';', 1)[0] ?? ''))
    .filter((text) => text.length >= shortest);
}

function cookieValue(cookie: string): string {
  return cookie.slice(cookie.indexOf('=') + 1).trim();
}
