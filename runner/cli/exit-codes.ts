// What the exit code of `charter run` says; docs/exit-codes.md explains each.
export const exitCodes = {
  passed: 0,
  failed: 1,
  usage: 2,
  nothingProven: 3,
  errors: 4,
  unwritten: 5,
  locked: 6,
  interrupted: 7,
} as const;
