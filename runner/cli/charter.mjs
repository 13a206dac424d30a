// The entry of `charter`. Plain JavaScript, because it switches on Node's compile cache before the first TypeScript file is loaded:
// what was stripped and compiled once is not done again, which halves the time to the first answer.
import { enableCompileCache } from 'node:module';

enableCompileCache();
await import('./main.ts');
