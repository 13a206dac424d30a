// The word of the store for each exit code, as docs/exit-codes.md has them: said once more, so that tests hold the views against it.
export const statusOf: Readonly<Record<number, string>> = {
  ...{
    0: 'passed',
    1: 'failed',
    2: 'usage',
    3: 'nothing-proven',
    4: 'errors',
    5: 'unwritten',
    7: 'interrupted',
  },
};
