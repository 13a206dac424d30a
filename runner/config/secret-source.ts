// The persona Secret, however it is reached: files that the kubelet mounted, or one answer of the API server.
import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';

/** Passed in by who may ask the API server. `why` there is no data, as an end of "Secret <name> …". */
export type SecretReader = (
  name: string,
) => Promise<
  { readonly data: Readonly<Record<string, Uint8Array>>; readonly where: string } | { readonly why: string }
>;

export interface SecretSource {
  readonly name: string;
  /** As in "Secret pw <where> has no key x". */
  readonly where: string;
  /** Why the whole Secret is not there. */
  readonly absent?: string;
  /** Undefined where there is no such key. */
  readonly read: (key: string) => Promise<Uint8Array | undefined>;
}

const nothing = async () => undefined;

export async function mountedSecret(name: string, directory: string): Promise<SecretSource> {
  const where = `at ${directory}`;
  const isMounted = await stat(directory).then(
    () => true,
    () => false,
  );
  if (!isMounted) return { name, where, absent: `is not mounted at ${directory}`, read: nothing };
  const read = (key: string) =>
    readFile(join(directory, key)).catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return undefined;
      throw error;
    });
  return { name, where, read };
}

/** Without a reader nothing is asked: `charter config check` contacts nobody. */
export async function askedSecret(name: string, reader: SecretReader | undefined): Promise<SecretSource> {
  const where = 'as the API server has it';
  if (reader === undefined)
    return { name, where, absent: 'is read from the API server, which only a run asks', read: nothing };
  const answer = await reader(name);
  if ('why' in answer) return { name, where, absent: answer.why, read: nothing };
  const { data } = answer;
  return {
    name,
    where: answer.where,
    read: async (key) => (Object.hasOwn(data, key) ? data[key] : undefined),
  };
}
