// The image of a kind node: kind's own where it is at hand or a registry gives it, else one that is built here and kept.
import { rmSync } from 'node:fs';
import { action, remark } from '../action.ts';
import { attempt } from '../command.ts';
import { temporaryFolder } from '../temporary.ts';
import { kubernetesVersion } from '../tools.ts';
import { buildNodeImage } from './contents/build.ts';
import { hashOf, nodeInputs } from './inputs.ts';
import { pull } from './pull.ts';
import { removeSuperseded } from './superseded.ts';

export interface NodeImage {
  readonly image: string;
  readonly origin: 'pulled' | 'built';
}

export interface Wish {
  /** `build` never asks a registry. */
  readonly from?: 'anywhere' | 'build';
}

export interface Sources {
  /** With a digest. */
  readonly published: string;
  /** Tag of the image that is built here; it tells what it was built from. */
  readonly own: string;
  readonly build: (tag: string) => Promise<void>;
}

const sources = (): Sources => ({
  // kind's own image of this Kubernetes minor, from the release notes of the kind that makes the clusters, v0.33.0.
  published: 'kindest/node:v1.34.11@sha256:44e222ee2132dab25ff87301682f89eb82c7880ea3a1bf543bfe9708fd08d67d',
  own: `charter-runner.local/node:${kubernetesVersion}-${hashOf(nodeInputs())}`,
  build: buildOwn,
});

/** A build takes minutes: worth a longer wait for a slow registry than an image that is here already. */
const answerMs = { withOwn: 2_500, without: 15_000 };

export async function nodeImage(
  { from = 'anywhere' }: Wish = {},
  { published, own, build }: Sources = sources(),
): Promise<NodeImage> {
  if (from === 'anywhere' && (await isPresent(published))) return { image: published, origin: 'pulled' };
  const isBuilt = await isPresent(own);
  if (from === 'anywhere') {
    const problem = await pullWithin(published, isBuilt ? answerMs.withOwn : answerMs.without);
    if (problem === undefined) return { image: published, origin: 'pulled' };
    remark(
      `no registry gave the node image (${problem}): ${isBuilt ? 'the one built here serves' : 'it is built here'}`,
    );
  }
  if (!isBuilt) {
    await build(own);
    await removeSuperseded(own);
  }
  return { image: own, origin: 'built' };
}

/** Whether a new cluster would need an image that nobody has and no registry gives. Pulls nothing. */
export async function mustBeBuilt({ published, own }: Sources = sources()): Promise<boolean> {
  if ((await isPresent(published)) || (await isPresent(own))) return false;
  const { answered, problem, stop } = pull(published, answerMs.withOwn);
  const isGiven = await answered;
  stop();
  await problem;
  return !isGiven;
}

/** What prevented it; undefined when the image is here. */
async function pullWithin(image: string, ms: number): Promise<string | undefined> {
  const { answered, problem } = pull(image, ms);
  if (!(await action('ask the registry for the node image', () => answered))) return problem;
  const whole = async () => {
    const prevented = await problem;
    if (prevented !== undefined) throw new Error(prevented);
  };
  return action('pull the node image', whole).then(
    () => undefined,
    () => problem,
  );
}

async function isPresent(image: string): Promise<boolean> {
  return (await attempt(['docker', 'image', 'inspect', '--format', '{{.Id}}', image])).code === 0;
}

async function buildOwn(tag: string): Promise<void> {
  const folder = temporaryFolder('node-image');
  try {
    await buildNodeImage(tag, folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
