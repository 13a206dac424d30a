// JSON Web Tokens without verification: reading them, and forging the ones a sound platform must refuse.
import { createHmac, createPublicKey, type webcrypto } from 'node:crypto';
import { CharterError } from '../errors/index.ts';

export interface DecodedToken {
  readonly header: Readonly<Record<string, unknown>>;
  readonly payload: Readonly<Record<string, unknown>>;
}

/** Reads without verifying. Throws CHR_TARGET_ANSWER, without quoting the token, when it is no JWT. */
export function decodeToken(token: string): DecodedToken {
  const [header, payload] = partsOf(token);
  return { header: parsePart(header), payload: parsePart(payload) };
}

/**
 * One character in the middle of the signature is another. Not the last one: its low bits carry nothing, so a fourth of
 * such changes still verify.
 */
export function tamperMiddle(token: string): string {
  const [header, payload, signature] = partsOf(token);
  const middle = Math.floor(signature.length / 2);
  const swapped = signature[middle] === 'A' ? 'B' : 'A';
  return `${header}.${payload}.${signature.slice(0, middle)}${swapped}${signature.slice(middle + 1)}`;
}

/** Other claims under the old signature. */
export function withClaims(token: string, claims: Readonly<Record<string, unknown>>): string {
  const [header, payload, signature] = partsOf(token);
  return `${header}.${encodePart({ ...parsePart(payload), ...claims })}.${signature}`;
}

/** The same claims, `alg: none`, no signature. */
export function algNone(token: string): string {
  const [header, payload] = partsOf(token);
  return `${encodePart({ ...parsePart(header), alg: 'none' })}.${payload}.`;
}

/** The same claims, signed by HMAC with the PEM (SPKI) text of the public key: the classic algorithm confusion. */
export function hs256WithPublicKey(token: string, jwk: webcrypto.JsonWebKey): string {
  const [header, payload] = partsOf(token);
  const signed = `${encodePart({ ...parsePart(header), alg: 'HS256' })}.${payload}`;
  const pem = createPublicKey({ key: jwk, format: 'jwk' }).export({ type: 'spki', format: 'pem' });
  return `${signed}.${createHmac('sha256', pem).update(signed).digest('base64url')}`;
}

function partsOf(token: string): [header: string, payload: string, signature: string] {
  const [header, payload, signature, ...more] = token.split('.');
  if (header === undefined || payload === undefined || signature === undefined || more.length > 0) {
    throw new CharterError('CHR_TARGET_ANSWER', `not a JWT: ${token.split('.').length} parts instead of 3`);
  }
  return [header, payload, signature];
}

function parsePart(part: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(Buffer.from(part, 'base64url').toString('utf8'));
    if (typeof value === 'object' && value !== null && !Array.isArray(value))
      return value as Record<string, unknown>;
  } catch {
    // The SyntaxError quotes the token.
  }
  throw new CharterError('CHR_TARGET_ANSWER', 'not a JWT: a part is no JSON object');
}

function encodePart(value: Readonly<Record<string, unknown>>): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url');
}
