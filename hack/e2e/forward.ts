// A port of this machine that leads to a Pod: `kubectl port-forward`, on a port that kubectl chooses.
import { spawn } from 'node:child_process';
import { kubectl } from '../kind/binaries.ts';
import type { Kube } from './kube.ts';
import { namespace } from './kube.ts';

export interface Door {
  readonly port: number;
  readonly close: () => void;
}

const openMs = 20_000;

/** `to`: a Pod, `deployment/name` or `service/name`. */
export async function forward(kube: Kube, to: string, port: number): Promise<Door> {
  const words = ['--kubeconfig', kube.kubeconfig, '--namespace', namespace, 'port-forward', to, `:${port}`];
  const child = spawn(await kubectl(), words, { stdio: ['ignore', 'pipe', 'pipe'] });
  let said = '';
  return new Promise((resolve, reject) => {
    const give = (error: Error) => {
      clearTimeout(timer);
      child.kill();
      reject(error);
    };
    const timer = setTimeout(() => give(new Error(`port-forward to ${to} did not open: ${said}`)), openMs);
    child.once('exit', (code) => give(new Error(`port-forward to ${to} ended with ${code}: ${said}`)));
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      said += text;
    });
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      said += text;
      const opened = /127\.0\.0\.1:(\d+)/.exec(said)?.[1];
      if (opened === undefined) return;
      clearTimeout(timer);
      child.removeAllListeners('exit');
      resolve({ port: Number(opened), close: () => void child.kill() });
    });
  });
}
