// Which store a command means: --store, else charter.yaml, else the folder beside the reports; and its quarantine file.
import { existsSync, mkdirSync, statSync } from 'node:fs';
import { hostname } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import type { Command } from 'commander';
import { type ConfigData, loadConfigData, loadWhereabouts } from '../config/index.ts';
import { CharterError } from '../errors/index.ts';
import { acquireLock, lockHolder } from '../execution/index.ts';
import {
  noQuarantine,
  openStore,
  postgresConnection,
  type Quarantine,
  readQuarantine,
  type Store,
  type StorePlace,
  syncJournals,
} from '../store/index.ts';
import { heldAs } from './job.ts';

export interface StoreFlags {
  readonly config: string;
  readonly store?: string;
  readonly out: string;
}

export function withStore(command: Command): Command {
  return command
    .hook('preAction', refuseAbsentConfig)
    .option(
      '--config <file>',
      'the charter, for its part store',
      process.env.CHARTER_CONFIG ?? 'charter.yaml',
    )
    .option(
      '--store <where>',
      'a folder, a file with a postgres:// URL, or `postgres` for PGHOST and the like; default: charter.yaml',
    )
    .option('--out <dir>', 'folder of the reports', process.env.CHARTER_OUT ?? 'charter-out');
}

/** Where nobody names a charter.yaml there need be none; one that is named may say where the results are. */
function refuseAbsentConfig(command: Command): void {
  const { config } = command.opts<StoreFlags>();
  if (command.getOptionValueSource('config') !== 'cli' || existsSync(config)) return;
  throw new CharterError('CHR_CONFIG_UNREADABLE', `--config ${config}: no such file`);
}

export interface KnownStore {
  readonly place: StorePlace;
  /** Of charter.yaml, defaults where there is none. */
  readonly settings: ConfigData['store'] | undefined;
  readonly quarantine: () => Quarantine;
}

/** Throws CHR_USAGE, CHR_STORE and what charter.yaml throws. `application` is shown in pg_stat_activity. */
export async function knownStore(
  { config, store, out }: StoreFlags,
  application: string,
): Promise<KnownStore> {
  const settings = existsSync(config) ? await settingsIn(config) : undefined;
  const beside = besideOf(config);
  const file = beside(settings?.quarantine);
  const quarantine = () => (file === undefined ? noQuarantine : readQuarantine(file, new Date()));
  if (store !== undefined)
    return { place: placeOf(store, beside(settings?.caFile), application), settings, quarantine };
  if (settings?.mode === 'postgres')
    return { place: postgresOf(settings, config, application), settings, quarantine };
  return {
    place: folderPlace(beside(settings?.folder) ?? join(out, 'store')),
    settings,
    quarantine,
  };
}

/** A charter that is wrong elsewhere still says where the runs are that it had refused. */
async function settingsIn(config: string): Promise<ConfigData['store']> {
  try {
    return (await loadConfigData(config)).store;
  } catch (error) {
    const found = await loadWhereabouts(config);
    if (found === undefined) throw error;
    return found.store;
  }
}

export function postgresOf(
  { connectionFile, caFile }: ConfigData['store'],
  config: string,
  application: string,
): Extract<StorePlace, { kind: 'postgres' }> {
  const beside = besideOf(config);
  const source = { file: beside(connectionFile), caFile: beside(caFile), env: process.env, application };
  return { kind: 'postgres', connection: postgresConnection(source) };
}

/** A relative path starts at charter.yaml. */
const besideOf = (config: string) => (path: string | undefined) =>
  path === undefined ? undefined : resolve(dirname(config), path);

/** Also with a slash too few, without a scheme, and as libpq takes `password=…`. */
const connectionForm = /^postgres(?:ql)?:|:\/\/|:[^/]*@|(?:^|\s)password\s*=/i;

/** What the charter says of the server's proof holds for this connection too: plaintext in silence is nobody's wish. */
function placeOf(store: string, caFile: string | undefined, application: string): StorePlace {
  // Its words are not repeated: they may hold a password.
  if (connectionForm.test(store))
    throw new CharterError('CHR_USAGE', '--store is a connection itself and not the place of one', {
      hint: 'Other processes see its password there: write the URL into a file and name that, or give `postgres` for PGHOST and the like.',
    });
  const source = { env: process.env, application, fallbackCaFile: caFile };
  if (store === 'postgres') return { kind: 'postgres', connection: postgresConnection(source) };
  const found = statSync(store, { throwIfNoEntry: false });
  // One that is misspelt would become a new folder.
  if (found === undefined)
    throw new CharterError('CHR_USAGE', `--store ${store}: no such file or folder`, {
      hint: 'Make the folder first, or give a file that holds a postgres:// URL, or `postgres` for PGHOST and the like.',
    });
  if (found.isDirectory()) return folderPlace(store);
  return { kind: 'postgres', connection: postgresConnection({ file: store, ...source }) };
}

function folderPlace(path: string): StorePlace {
  const part = 'store';
  const who = `process ${process.pid} on ${hostname()}`;
  const lock = () => {
    mkdirSync(path, { recursive: true });
    return acquireLock(path, who, part).catch(async (cause) => {
      const by = (await lockHolder(path, part)) ?? 'one that does not say who it is';
      throw new CharterError('CHR_STORE', `The store ${path} is open in another process: ${by}`, {
        hint: 'A folder takes one process at a time: wait for that one to end, or end it. docs/store.md.',
        cause,
      });
    });
  };
  return { kind: 'folder', path, lock };
}

export interface ReadableStore {
  readonly store: Store;
  readonly quarantine: Quarantine;
}

/** Those beside a folder. A run that holds the lock of its folder goes on, however long its journal is silent. */
export function takeInJournals(store: Store, { out }: Pick<StoreFlags, 'out'>): Promise<number> {
  const isAlive = async (run: string, shard: string | undefined) => {
    const holder = await lockHolder(out, shard);
    return holder?.startsWith(heldAs(run)) === true;
  };
  return syncJournals(store, out, isAlive, (trouble) => {
    if (!toldOf.has(trouble)) process.stderr.write(`not among the runs: ${trouble}\n`);
    toldOf.add(trouble);
  });
}

/** The cockpit looks again at every page. */
const toldOf = new Set<string>();

/** Open and up to date: a folder takes in the journals beside it first. */
export async function openForReading(flags: StoreFlags, application: string): Promise<ReadableStore> {
  const { place, quarantine } = await knownStore(flags, application);
  const known = quarantine();
  const store = await openStore(place, { schema: place.kind === 'folder' ? 'migrate' : 'expect' });
  try {
    if (place.kind === 'folder') await takeInJournals(store, flags);
    return { store, quarantine: known };
  } catch (error) {
    await store.close();
    throw error;
  }
}
