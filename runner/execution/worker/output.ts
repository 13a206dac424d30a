// What a campaign prints goes the way of all other messages, so that secrets told before it are known when it is shown.

export function captureOutput(emit: (text: string) => void): void {
  for (const stream of [process.stdout, process.stderr]) {
    stream.write = (chunk: Uint8Array | string, ...rest: unknown[]): boolean => {
      emit(typeof chunk === 'string' ? chunk : Buffer.from(chunk).toString('utf8'));
      const done = rest.find((argument) => typeof argument === 'function');
      if (done !== undefined) (done as () => void)();
      return true;
    };
  }
}
