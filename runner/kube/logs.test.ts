// Lines of a log go on where a connection broke, end with the Pod, and a refusal is no silence.

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server, type ServerResponse } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type ClusterAccess, connectWithLogs } from './logs.ts';

const source = { namespace: 'ns', pod: 'pod', container: 'probe' };

type Answer = (response: ServerResponse) => void;
let folder: string;
let server: Server;
let access: ClusterAccess;
/** One per connection, the last one for all that follow. */
let answers: Answer[];
let asked: URL[];

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'charter-logs-'));
  asked = [];
  server = createServer(({ url }, response) => {
    const answer = answers[Math.min(asked.length, answers.length - 1)];
    asked.push(new URL(url ?? '', 'http://host'));
    answer?.(response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as { port: number };
  const kubeconfig = join(folder, 'config');
  const cluster = {
    name: 'c',
    cluster: { server: `http://127.0.0.1:${port}`, 'insecure-skip-tls-verify': true },
  };
  const config = {
    ...{ apiVersion: 'v1', kind: 'Config', 'current-context': 'c', clusters: [cluster] },
    users: [{ name: 'c', user: { token: 'none' } }],
    contexts: [{ name: 'c', context: { cluster: 'c', user: 'c' } }],
  };
  writeFileSync(kubeconfig, JSON.stringify(config));
  access = connectWithLogs({ kubeconfig });
});
afterEach(async () => {
  await access.close();
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
  rmSync(folder, { recursive: true, force: true });
});

const lines =
  (...all: readonly string[]): Answer =>
  (response) =>
    response.end(all.map((line) => `${line}\n`).join(''));
const status =
  (code: number): Answer =>
  (response) =>
    response.writeHead(code).end(JSON.stringify({ kind: 'Status', code, message: 'no' }));
const broken: Answer = (response) => {
  response.write('two\nhalf a li');
  setImmediate(() => response.destroy());
};

async function read(signal = new AbortController().signal): Promise<string[]> {
  const got: string[] = [];
  for await (const line of access.follow(source, { signal })) got.push(line);
  return got;
}

test('all lines, over connections that end and break, until the Pod is gone', async () => {
  answers = [lines('one'), broken, lines('three'), status(404)];
  const got = await read();
  expect(got.filter((line) => !line.startsWith('half'))).toEqual(['one', 'two', 'three']);
});

test('the first connection asks for everything, the next for the last seconds', async () => {
  answers = [lines('one'), status(404)];
  await read();
  expect(asked[0]?.pathname).toBe('/api/v1/namespaces/ns/pods/pod/log');
  expect(asked.map(({ searchParams }) => searchParams.get('sinceSeconds') !== null)).toEqual([false, true]);
  expect(asked[0]?.searchParams.get('follow')).toBe('true');
});

test('a container that has not started is waited for', async () => {
  answers = [status(400), lines('one'), status(404)];
  expect(await read()).toEqual(['one']);
});

test('a refusal is thrown', async () => {
  answers = [status(403)];
  await expect(read()).rejects.toMatchObject({ code: 'CHR_KUBE_FORBIDDEN' });
});

test('ends when nobody wants it any more', async () => {
  const { signal, abort } = aborting();
  answers = [(response) => response.write('one\n')];
  const got: string[] = [];
  for await (const line of access.follow(source, { signal })) {
    got.push(line);
    abort();
  }
  expect(got).toEqual(['one']);
});

function aborting(): { readonly signal: AbortSignal; readonly abort: () => void } {
  const controller = new AbortController();
  return { signal: controller.signal, abort: () => controller.abort() };
}
