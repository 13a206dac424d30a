// JSON lines over a stream socket. A line that the kernel has (`sent`) outlives the process that wrote it.
import type { Socket } from 'node:net';

export interface Channel<Out, In> {
  readonly send: (message: Out) => void;
  /** Settles when the kernel has all that was sent, or nobody is there to take it, with whether that had to be waited for. */
  readonly sent: () => Promise<boolean>;
  readonly onMessage: (listener: (message: In) => void) => void;
  readonly onClose: (listener: () => void) => void;
}

// Campaigns may put other things in their place.
const { parse, stringify } = JSON;

/** Who sends what is no JSON, or what `isIn` refuses, is not to be believed any more: the channel is closed. */
export function channelOver<Out, In>(
  socket: Socket,
  isIn: (message: unknown) => boolean = () => true,
): Channel<Out, In> {
  const listeners: ((message: In) => void)[] = [];
  let waiting: In[] = [];
  // A plan of 100,000 cases arrives in hundreds of pieces: they are joined once, when the line is whole.
  let pieces: string[] = [];
  socket.setEncoding('utf8');
  socket.on('error', () => socket.destroy());
  socket.on('data', (chunk) => {
    pieces.push(String(chunk));
    if (!pieces.at(-1)?.includes('\n')) return;
    const lines = pieces.join('').split('\n');
    pieces = [lines.pop() ?? ''];
    for (const line of lines) take(line);
  });

  function take(line: string): void {
    if (socket.destroyed) return;
    const message = parsed(line);
    if (message !== undefined && isIn(message)) deliver(message as In);
    else socket.destroy();
  }

  function deliver(message: In): void {
    if (listeners.length === 0) waiting.push(message);
    for (const listener of listeners) listener(message);
  }

  return {
    send: (message) => {
      if (socket.writable) socket.write(`${stringify(message)}\n`);
    },
    sent: () =>
      new Promise((resolve) => {
        if (socket.writable && socket.writableLength > 0) socket.write('', () => resolve(true));
        else resolve(false);
      }),
    onMessage: (listener) => {
      listeners.push(listener);
      const early = waiting;
      waiting = [];
      for (const message of early) listener(message);
    },
    onClose: (listener) => {
      if (socket.destroyed) listener();
      else socket.once('close', () => listener());
    },
  };
}

/** `undefined` for what is no JSON. */
function parsed(line: string): unknown {
  try {
    return parse(line);
  } catch {
    return undefined;
  }
}
