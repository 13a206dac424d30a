// One call of the helm CLI: an own home that is gone afterwards, everything secret in files of it that nobody else can read, and no child that
// outlives its parent.
import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export interface HelmCall {
  readonly binary: string;
  /** Without kubeconfig and values. */
  readonly args: readonly string[];
  readonly kubeconfig: string;
  /** YAML or JSON for `--values`. */
  readonly values?: string;
  readonly signal: AbortSignal;
  /** Milliseconds after which the process is ended although its own `--timeout` should have ended it. */
  readonly deadlineMs: number;
}

export interface HelmResult {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
  readonly ended: 'by itself' | 'aborted' | 'deadline';
}

/** Time between asking Helm to end and ending it: it writes the release's state when asked. */
export const politeMs = 3_000;
const longestOutput = 4 * 1024 * 1024;
/** For the rest of its output. What Helm has started may hold that open for ever, and is not ended with it. */
const lastWordsMs = 1_000;
/** A timer that is given more fires at once. */
const longestTimerMs = 2 ** 31 - 1;

export async function callHelm(call: HelmCall): Promise<HelmResult> {
  call.signal.throwIfAborted();
  const home = await mkdtemp(join(tmpdir(), 'tenant-helm-'));
  try {
    await mkdir(join(home, 'cache'));
    const kubeconfig = join(home, 'kubeconfig');
    await writeFile(kubeconfig, call.kubeconfig, { mode: 0o600 });
    const values = join(home, 'values.yaml');
    if (call.values !== undefined) await writeFile(values, call.values, { mode: 0o600 });
    const args = [...call.args, '--kubeconfig', kubeconfig];
    if (call.values !== undefined) args.push('--values', values);
    call.signal.throwIfAborted();
    return await ended(start(call.binary, args, home), call);
  } finally {
    // What Helm has started may still write there; the next start of the operator takes it away then.
    await rm(home, { recursive: true, force: true, maxRetries: 3 }).catch(() => {});
  }
}

const setpriv = ['/usr/bin/setpriv', '/bin/setpriv'].find((path) => existsSync(path));

/** In a Pod the kernel ends Helm with the container; elsewhere setpriv asks it to, so that a killed operator leaves none behind. */
function start(binary: string, args: readonly string[], home: string): ChildProcess {
  const command = setpriv === undefined ? [binary] : [setpriv, '--pdeathsig', 'KILL', binary];
  const [program = binary, ...before] = command;
  return spawn(program, [...before, ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: {
      PATH: process.env.PATH,
      HOME: home,
      TMPDIR: home,
      HELM_CACHE_HOME: join(home, 'cache'),
      HELM_CONFIG_HOME: join(home, 'config'),
      HELM_DATA_HOME: join(home, 'data'),
      HELM_DRIVER: 'secret',
      // A proxy that the operator was given is Helm's too.
      ...Object.fromEntries(
        proxies.flatMap((name) => (process.env[name] ? [[name, process.env[name]]] : [])),
      ),
    },
  });
}

const proxies = ['HTTPS_PROXY', 'HTTP_PROXY', 'NO_PROXY', 'https_proxy', 'http_proxy', 'no_proxy'];

function ended(child: ChildProcess, { signal, deadlineMs }: HelmCall): Promise<HelmResult> {
  const { promise, resolve, reject } = Promise.withResolvers<HelmResult>();
  let how: HelmResult['ended'] = 'by itself';
  let kill: NodeJS.Timeout | undefined;
  let lastWords: NodeJS.Timeout | undefined;
  const end = (why: HelmResult['ended']) => {
    how = why;
    child.kill('SIGTERM');
    kill ??= setTimeout(() => child.kill('SIGKILL'), politeMs);
  };
  const abort = () => end('aborted');
  signal.addEventListener('abort', abort, { once: true });
  const deadline = setTimeout(() => end('deadline'), Math.min(deadlineMs, longestTimerMs));
  const [stdout, stderr] = [collect(child.stdout), collect(child.stderr)];
  child.once('error', reject);
  const done = (code: number | null) => resolve({ code, stdout: stdout(), stderr: stderr(), ended: how });
  child.once('close', done);
  child.once('exit', (code) => {
    lastWords = setTimeout(() => done(code), lastWordsMs);
  });
  return promise.finally(() => {
    clearTimeout(lastWords);
    child.stdout?.destroy();
    child.stderr?.destroy();
    clearTimeout(deadline);
    clearTimeout(kill);
    signal.removeEventListener('abort', abort);
  });
}

function collect(stream: NodeJS.ReadableStream | null): () => string {
  const parts: Buffer[] = [];
  let length = 0;
  stream?.on('data', (part: Buffer) => {
    if (length < longestOutput) parts.push(part);
    length += part.length;
  });
  return () => Buffer.concat(parts).toString('utf8');
}
