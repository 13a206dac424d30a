// Pulls an image, and gives up early where no registry answers. The engine asks, so that its mirrors, proxies and accounts hold.
import { spawn } from 'node:child_process';

export interface Pull {
  /** Whether a registry has the image. */
  readonly answered: Promise<boolean>;
  /** What prevented it; undefined when the image is here. */
  readonly problem: Promise<string | undefined>;
  readonly stop: () => void;
}

const wholeMs = 600_000;

/** `answerMs`: how long a registry may take to say that it has the image. All of it may then take ten minutes. */
export function pull(image: string, answerMs: number): Pull {
  const child = spawn('docker', ['pull', image], { stdio: ['ignore', 'pipe', 'pipe'] });
  const stop = () => void child.kill('SIGKILL');
  const silence = setTimeout(stop, answerMs);
  const whole = setTimeout(stop, wholeMs);
  // Its first line comes with the manifest.
  const answer = Promise.withResolvers<boolean>();
  child.stdout.once('data', () => answer.resolve(true)).resume();
  let said = '';
  child.stderr.on('data', (chunk) => {
    said += chunk;
  });
  const end = Promise.withResolvers<string | undefined>();
  child.once('error', ({ message }) => end.resolve(message));
  child.once('close', (code) =>
    end.resolve(code === 0 ? undefined : said.trim().split('\n').at(-1) || 'no registry answered in time'),
  );
  void end.promise.then((problem) => answer.resolve(problem === undefined));
  void answer.promise.then(() => clearTimeout(silence));
  void end.promise.then(() => clearTimeout(whole));
  return { answered: answer.promise, problem: end.promise, stop };
}
