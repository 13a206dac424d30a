// What a run says that nobody hears of any more: it had said "since", and no time. When it was last heard of stands beside it.
import { endOfGreens } from './010-greens.ts';

const before = 'aborted: no sign of life since';
const after = 'no sign of life any more';

export const lastSigns = [
  endOfGreens.replace(before, after),
  `update charter.run_end set reason = '${after}' where exit_code is null and reason = '${before}'`,
];
