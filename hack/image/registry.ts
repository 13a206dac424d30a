// A registry of images on loopback, gone with what it holds once it is disposed of.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';

export interface Registry extends AsyncDisposable {
  /** `localhost:<port>`, which clients of registries ask by plain HTTP. */
  readonly host: string;
}

/** Debian's docker-registry, with its images in `folder`. */
export async function startRegistry(folder: string): Promise<Registry> {
  const port = await freePort();
  const host = `localhost:${port}`;
  const file = join(folder, 'registry.yaml');
  writeFileSync(
    file,
    JSON.stringify({
      version: '0.1',
      storage: { filesystem: { rootdirectory: join(folder, 'registry') } },
      http: { addr: `127.0.0.1:${port}` },
    }),
  );
  const child = spawn('docker-registry', ['serve', file], { stdio: 'ignore' });
  const ended = once(child, 'exit').catch(() => {
    throw new Error('docker-registry is not here: apt-get install docker-registry');
  });
  await Promise.race([answers(`http://${host}/v2/`), ended]);
  if (child.exitCode !== null) throw new Error(`docker-registry ended with ${child.exitCode}`);
  return {
    host,
    [Symbol.asyncDispose]: async () => {
      child.kill();
      await ended;
    },
  };
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  if (address === null || typeof address === 'string') throw new Error('the port of a server has no number');
  return address.port;
}

async function answers(url: string): Promise<void> {
  for (const end = Date.now() + 10_000; Date.now() < end; ) {
    if (
      await fetch(url).then(
        ({ ok }) => ok,
        () => false,
      )
    )
      return;
    await new Promise((tick) => setTimeout(tick, 50));
  }
  throw new Error(`nothing answers at ${url} within 10 s`);
}
