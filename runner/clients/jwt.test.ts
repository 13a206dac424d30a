import { generateKeyPairSync } from 'node:crypto';
import { compactVerify, createLocalJWKSet, importSPKI, jwtVerify, SignJWT } from 'jose';
import { beforeAll, describe, expect, test } from 'vitest';
import { CharterError } from '../errors/index.ts';
import { algNone, decodeToken, hs256WithPublicKey, tamperMiddle, withClaims } from './jwt.ts';

const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
const jwk = publicKey.export({ format: 'jwk' });
const keySet = createLocalJWKSet({ keys: [{ ...jwk, kty: 'RSA', kid: 'k1', alg: 'RS256', use: 'sig' }] });
let token: string;

beforeAll(async () => {
  token = await new SignJWT({ groups: ['analyst'] })
    .setProtectedHeader({ alg: 'RS256', kid: 'k1' })
    .setSubject('carol')
    .sign(privateKey);
});

describe('reading without verifying', () => {
  test('header and payload', () => {
    expect(decodeToken(token)).toEqual({
      header: { alg: 'RS256', kid: 'k1' },
      payload: { sub: 'carol', groups: ['analyst'] },
    });
  });

  test.each(['', 'opaque', 'a.b.c', 'WzFd.WzFd.x', 'a.b.c.d.e'])(
    '%j is no JWT, and the error does not quote it',
    (text) => {
      const read = () => decodeToken(text);
      expect(read).toThrow(CharterError);
      expect(read).toThrow(/^not a JWT: (a part is no JSON object|\d parts instead of 3)$/);
    },
  );
});

describe('forgeries', () => {
  test('the genuine token verifies, so that the refusals below mean something', async () => {
    await expect(jwtVerify(token, keySet)).resolves.toMatchObject({ payload: { sub: 'carol' } });
  });

  test('a changed middle character never verifies', async () => {
    const forged = tamperMiddle(token);
    expect(forged).toHaveLength(token.length);
    expect(forged.split('.').slice(0, 2)).toEqual(token.split('.').slice(0, 2));
    await expect(jwtVerify(forged, keySet)).rejects.toThrow('signature verification failed');
  });

  test('other claims under the old signature', async () => {
    const forged = withClaims(token, { groups: ['admin'] });
    expect(decodeToken(forged).payload).toEqual({ sub: 'carol', groups: ['admin'] });
    await expect(jwtVerify(forged, keySet)).rejects.toThrow('signature verification failed');
  });

  test('alg none keeps the claims and has an empty signature', () => {
    const forged = algNone(token);
    expect(decodeToken(forged)).toMatchObject({
      header: { alg: 'none', kid: 'k1' },
      payload: { sub: 'carol' },
    });
    expect(forged.endsWith('.')).toBe(true);
  });

  test('HS256 with the public key fools exactly the verifier that confuses the algorithms', async () => {
    const forged = hs256WithPublicKey(token, jwk);
    await expect(jwtVerify(forged, keySet)).rejects.toThrow();
    const pem = publicKey.export({ type: 'spki', format: 'pem' }).toString();
    await expect(importSPKI(pem, 'RS256')).resolves.toBeDefined();
    const confused = await compactVerify(forged, new TextEncoder().encode(pem));
    expect(confused.protectedHeader.alg).toBe('HS256');
  });
});
