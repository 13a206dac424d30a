// Where a node image comes from, with the engine of this machine and a registry on loopback.
import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { afterEach, describe, expect, test } from 'vitest';
import { noRegistry, serveRegistry } from '../../../fixtures/testing/serve-registry.ts';
import { attempt, run } from '../command.ts';
import { mustBeBuilt, nodeImage, type Sources } from './index.ts';
import { pull } from './pull.ts';

const engine = await attempt(['docker', 'version'], { timeoutMs: 15_000 });
const missing = engine.code === 0 ? noRegistry : 'no Docker engine: make engine';
const isHere = async (image: string) => (await attempt(['docker', 'image', 'inspect', image])).code === 0;

const undo: (() => unknown)[] = [];
afterEach(async () => {
  for (const one of undo.splice(0).toReversed()) await one();
});

/** An image of nothing but a label, unlike any other. */
async function makeImage(tag: string): Promise<void> {
  const made = `tar -c -T /dev/null | docker import --change 'LABEL tried=${tag}' - ${tag}`;
  undo.push(() => attempt(['docker', 'rmi', '--force', tag]));
  await run(['bash', '-euo', 'pipefail', '-c', made]);
}

/** A registry with a node image that this engine does not have. */
async function registryWithImage() {
  const { address, stop } = await serveRegistry();
  undo.push(stop);
  const tag = `${address}/kindest/node:v1`;
  await makeImage(tag);
  await run(['docker', 'push', '--quiet', tag]);
  const published = await run(['docker', 'image', 'inspect', '--format', '{{index .RepoDigests 0}}', tag]);
  undo.push(() => attempt(['docker', 'rmi', '--force', published]));
  await run(['docker', 'rmi', '--force', tag, published]);
  expect(await isHere(published)).toBe(false);
  return { published, stop };
}

/** Completes connections and says nothing, as some firewalls' proxies do. */
async function silentRegistry(): Promise<string> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  undo.push(() => server.close());
  const { port } = server.address() as AddressInfo;
  return `127.0.0.1:${port}/kindest/node@sha256:${'0'.repeat(64)}`;
}

function sources(published: string) {
  const built: string[] = [];
  const own = `charter-runner.local/tried:own-${process.pid}`;
  const all: Sources = { published, own, build: async (tag) => void built.push(tag) };
  return { all, own, built };
}

const title = `a node image${missing === undefined ? '' : ` (${missing})`}`;
describe.skipIf(missing !== undefined)(title, { timeout: 60_000 }, () => {
  test('is pulled by digest where a registry has it, also when one was built here before', async () => {
    const { published } = await registryWithImage();
    const { all, own, built } = sources(published);
    await makeImage(own);
    expect(await nodeImage({}, all)).toEqual({ image: published, origin: 'pulled' });
    expect(await isHere(published)).toBe(true);
    expect(built).toEqual([]);
  });

  test('that is at hand is asked of nobody', async () => {
    const { published, stop } = await registryWithImage();
    const { all } = sources(published);
    await nodeImage({}, all);
    await stop();
    expect(await nodeImage({}, all)).toEqual({ image: published, origin: 'pulled' });
    expect(await mustBeBuilt(all)).toBe(false);
  });

  test('that was built here serves where the registry has it not', async () => {
    const { published } = await registryWithImage();
    const { all, own, built } = sources(published.replace(/[0-9a-f]{64}$/, '0'.repeat(64)));
    await makeImage(own);
    expect(await nodeImage({}, all)).toEqual({ image: own, origin: 'built' });
    expect(built).toEqual([]);
  });

  test('need not be built where a registry has it, or where it was built before', async () => {
    const { published } = await registryWithImage();
    expect(await mustBeBuilt(sources(published).all)).toBe(false);
    const { all, own } = sources(await silentRegistry());
    await makeImage(own);
    expect(await mustBeBuilt(all)).toBe(false);
  });

  test('is built where no registry answers', async () => {
    const { published, stop } = await registryWithImage();
    const { all, own, built } = sources(published);
    await stop();
    expect(await mustBeBuilt(all)).toBe(true);
    expect(await nodeImage({}, all)).toEqual({ image: own, origin: 'built' });
    expect(built).toEqual([own]);
  });

  test('that was built here serves where a registry is silent', async () => {
    const { all, own, built } = sources(await silentRegistry());
    await makeImage(own);
    expect(await nodeImage({}, all)).toEqual({ image: own, origin: 'built' });
    expect(built).toEqual([]);
  });

  test('that is to be built is asked of no registry', async () => {
    const { published } = await registryWithImage();
    const { all, own, built } = sources(published);
    expect(await nodeImage({ from: 'build' }, all)).toEqual({ image: own, origin: 'built' });
    expect(built).toEqual([own]);
    expect(await isHere(published)).toBe(false);
  });

  test('of a silent registry is given up', async () => {
    const { answered, problem } = pull(await silentRegistry(), 200);
    expect(await answered).toBe(false);
    expect(await problem).toBe('no registry answered in time');
  });
});
