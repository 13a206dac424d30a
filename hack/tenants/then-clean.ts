// Cleans up after success and after failure. What went wrong first is what is thrown; a clean-up that fails after it is only told.

export async function thenClean<Result>(
  act: () => Promise<Result>,
  clean: () => Promise<unknown>,
  tell: (line: string) => void = (line) => void process.stderr.write(`${line}\n`),
): Promise<Result> {
  let result: Result;
  try {
    result = await act();
  } catch (error) {
    await clean().catch((after: unknown) => tell(`nor could it be cleaned up: ${after}`));
    throw error;
  }
  await clean();
  return result;
}
