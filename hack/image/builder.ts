// Who builds: Buildah where it is installed, which needs no daemon and gives the same bytes twice, else docker.
import { attempt } from '../kind/command.ts';
import { buildah } from './buildah.ts';
import { docker } from './docker.ts';

export interface BuildOrder {
  readonly file: string;
  /** Folder; its .dockerignore holds. */
  readonly context: string;
  readonly target?: string;
  /** Build argument BASE. */
  readonly base?: string;
  readonly tag: string;
}

export interface RunOrder {
  readonly image: string;
  /** Paths of this machine and where they are inside. */
  readonly volumes?: Readonly<Record<string, string>>;
  readonly words: readonly string[];
}

export interface Builder {
  readonly name: 'buildah' | 'docker';
  /** Undefined where no image of that name is at hand. */
  readonly idOf: (image: string) => Promise<string | undefined>;
  /** Whether a registry gave it. */
  readonly pull: (image: string) => Promise<boolean>;
  readonly build: (order: BuildOrder) => Promise<void>;
  /** Runs a command in a container that is gone afterwards; what it printed, without the newline at its end. */
  readonly run: (order: RunOrder) => Promise<string>;
  /** Writes a docker-archive, which `ctr images import` and `docker load` take. */
  readonly save: (image: string, archive: string) => Promise<void>;
}

/** `store`: where Buildah keeps its images; docker has a store of its own. */
export async function chooseBuilder(store: string): Promise<Builder> {
  if ((await attempt(['buildah', '--version'])).code === 0) return buildah(store);
  if ((await attempt(['docker', 'info'])).code === 0) return docker();
  throw new Error('neither Buildah nor a Docker engine is here: apt-get install buildah, or make engine');
}
