// The entry of `charter`. Plain JavaScript, because it switches on Node's compile cache before the first TypeScript file is loaded:
// what was stripped and compiled once is not done again, which halves the time to the first answer.
import { enableCompileCache } from 'node:module';

enableCompileCache();
// By the side door of its room, because the front door leads past much that takes its time.
if (process.argv[2] === 'run') (await import('../execution/warm-worker.ts')).startAhead();
await import('./main.ts');
