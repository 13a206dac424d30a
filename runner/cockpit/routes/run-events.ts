// The stream behind a live page: progress as it comes, and one last word when the run is over.
import { streamSSE } from 'hono/streaming';
import type { Asked } from '../context.ts';
import { links } from '../html/links.ts';
import type { LiveRuns } from '../live-runs.ts';
import { liveNumbers } from '../pages/live.ts';

export function runEvents(asked: Asked, live: LiveRuns, run: string): Response | Promise<Response> {
  asked.header('X-Accel-Buffering', 'no');
  // A body that is made for HEAD is dropped, and nobody says so to who fills it.
  if (asked.req.method === 'HEAD') return asked.body(null, 200, { 'Content-Type': 'text/event-stream' });
  return streamSSE(asked, async (stream) => {
    const over = Promise.withResolvers<void>();
    let said = '';
    const stop = live.watch(run, (head) => {
      if (head === undefined || head.status !== 'running') {
        // First: who takes nothing in would hold a place for as long as the last word is not written.
        stop?.();
        void stream
          .writeSSE({ event: 'ended', data: JSON.stringify({ address: links.run(run) }) })
          .then(over.resolve);
        return;
      }
      const data = JSON.stringify(liveNumbers(head));
      if (data === said) return;
      said = data;
      void stream.writeSSE({ event: 'progress', data });
    });
    if (stop === undefined) {
      // The browser comes back by itself after this time.
      await stream.writeSSE({ event: 'busy', data: 'too many readers', retry: 30_000 });
      return;
    }
    stream.onAbort(over.resolve);
    await over.promise;
    stop();
  });
}
