import { describe, expect, test } from 'vitest';
import { CharterError } from '../errors/index.ts';
import { type AccessQuestion, selfSubjectAccessReview } from './self-subject-access-review.ts';
import { type ApiServer, apiServer, selfSigned } from './testing.ts';

const question: AccessQuestion = { verb: 'create', resource: 'pods', subresource: 'exec' };

const answering = (status: number, body: string): Promise<ApiServer> =>
  apiServer((_, response) => response.writeHead(status, { 'content-type': 'application/json' }).end(body));
const review = (status: object) =>
  answering(201, JSON.stringify({ kind: 'SelfSubjectAccessReview', status }));

async function failureOf(work: Promise<unknown>): Promise<CharterError> {
  const outcome = await work.catch((error: unknown) => error);
  expect(outcome).toBeInstanceOf(CharterError);
  return outcome as CharterError;
}

describe('the question', () => {
  test('is posted with the token, for the namespace of the Pod', async () => {
    await using server = await review({ allowed: false });
    await selfSubjectAccessReview(server.access, question);
    expect(server.seen).toEqual([
      {
        method: 'POST',
        url: '/apis/authorization.k8s.io/v1/selfsubjectaccessreviews',
        authorization: 'Bearer token-1',
        body: {
          apiVersion: 'authorization.k8s.io/v1',
          kind: 'SelfSubjectAccessReview',
          spec: { resourceAttributes: { ...question, namespace: 'charter' } },
        },
      },
    ]);
  });

  test.each([
    ['', ''],
    [undefined, 'charter'],
    ['other', 'other'],
  ])('namespace %j asks for %j', async (namespace, asked) => {
    await using server = await review({ allowed: true });
    await selfSubjectAccessReview(server.access, { ...question, namespace });
    expect(server.seen[0]?.body).toMatchObject({ spec: { resourceAttributes: { namespace: asked } } });
  });
});

describe('the answer', () => {
  test('is what the API server says', async () => {
    await using yes = await review({ allowed: true, reason: 'RBAC: allowed by RoleBinding "charter"' });
    await using no = await review({ allowed: false, reason: '' });
    expect(await selfSubjectAccessReview(yes.access, question)).toEqual({
      allowed: true,
      reason: 'RBAC: allowed by RoleBinding "charter"',
    });
    expect(await selfSubjectAccessReview(no.access, question)).toEqual({ allowed: false });
  });

  test.each([
    [403, '{"kind":"Status"}', 'got 403'],
    [201, '{"kind":"SelfSubjectAccessReview"}', 'got 201 without status.allowed'],
    [201, 'null', 'got 201 without status.allowed'],
    [201, '{"status":{"allowed":"false"}}', 'got 201 without status.allowed'],
    [200, '<html>', 'got 200'],
  ])('%d %s is no review', async (status, body, seen) => {
    await using server = await answering(status, body);
    const error = await failureOf(selfSubjectAccessReview(server.access, question));
    expect(error.code).toBe('CHR_APISERVER');
    expect(error.message).toContain(seen);
  });
});

describe('no answer is an error, never a denial', () => {
  test('a server with another CA gets no token', async () => {
    await using server = await review({ allowed: false });
    const access = { ...server.access, ca: selfSigned().cert };
    const error = await failureOf(selfSubjectAccessReview(access, question));
    expect(error.message).toMatch(/(CERT|SELF_SIGNED|VERIFY)/);
    expect(server.seen).toEqual([]);
  });

  test('nothing listens', async () => {
    const server = await review({ allowed: false });
    await server[Symbol.asyncDispose]();
    expect((await failureOf(selfSubjectAccessReview(server.access, question))).message).toContain(
      'ECONNREFUSED',
    );
  });
});
