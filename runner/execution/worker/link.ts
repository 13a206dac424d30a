// The worker's end of the channel: says hello, receives the assignment, and makes the runtime campaigns are imported into.
import { fstatSync } from 'node:fs';
import { Socket } from 'node:net';
import { makeClients, runningCase, setRuntime } from '../../campaign/index.ts';
import { type Config, fromWire } from '../../config/index.ts';
import { type Channel, channelOver } from '../channel.ts';
import { networkSettledMs } from '../new-pod.ts';
import { type Assignment, channelFd, type SupervisorMessage, type WorkerMessage } from '../protocol.ts';
import { now } from './clock.ts';
import { captureOutput } from './output.ts';

export interface WorkerLink {
  readonly assignment: Assignment;
  readonly config: Config;
  readonly send: (message: WorkerMessage) => void;
  /** Settles when the kernel has all that was sent, with whether that had to be waited for. */
  readonly sent: () => Promise<boolean>;
  /** Settles with the attempts to run when the supervisor has chosen. */
  readonly start: Promise<Readonly<Record<string, number>>>;
  readonly stopping: () => boolean;
  /** Settles when a case may start, or never will: asks the clock each time, because the process may have slept for longer than its lock. */
  readonly permission: () => Promise<void>;
}

/** The worker's end of the channel. Throws in a process that the supervisor did not start. */
export function ownEnd(): number {
  if (isSocket(channelFd)) return channelFd;
  throw new Error('the worker is started by `charter run`');
}

function isSocket(fd: number): boolean {
  try {
    return fstatSync(fd).isSocket();
  } catch {
    return false;
  }
}

export async function connect(): Promise<WorkerLink> {
  const socket = new Socket({ fd: ownEnd(), readable: true, writable: true });
  const channel = channelOver<WorkerMessage, SupervisorMessage>(socket);
  channel.onClose(() => process.kill(process.pid, 'SIGKILL'));

  let stopping = false;
  let allowedUntil = Number.POSITIVE_INFINITY;
  let changed = Promise.withResolvers<void>();
  const assigned = Promise.withResolvers<Assignment>();
  const started = Promise.withResolvers<Readonly<Record<string, number>>>();
  channel.onMessage((message) => {
    if (message.type === 'assignment') assigned.resolve(message);
    else if (message.type === 'start') started.resolve(message.attempts);
    else if (message.type === 'allowed') allowedUntil = message.until;
    else stopping = true;
    changed.resolve();
    changed = Promise.withResolvers();
  });
  channel.send({ type: 'hello' });
  const assignment = await assigned.promise;
  captureOutput((text) => channel.send({ type: 'output', text, from: runningCase() }));
  const config = fromWire(assignment.config);
  bindRuntime(channel, config, assignment.runId);
  const permission = async () => {
    while (!stopping && now() >= allowedUntil) await changed.promise;
  };
  return {
    ...{ assignment, config, permission },
    ...{ send: channel.send, sent: channel.sent },
    start: started.promise,
    stopping: () => stopping,
  };
}

function bindRuntime(
  channel: Channel<WorkerMessage, SupervisorMessage>,
  config: Config,
  runId: string,
): void {
  const secret = (text: string) => channel.send({ type: 'secret', text });
  setRuntime({
    config,
    runId,
    clients: makeClients(config, { onSecret: secret, onRowValue: secret, settleMs: networkSettledMs }),
    property: (name, value) => channel.send({ type: 'property', name, value }),
  });
}
