// Where the chart is.
import { join } from 'node:path';

export const chartFolder = join(import.meta.dirname, '..', '..', 'charts', 'akko-charter-runner');
