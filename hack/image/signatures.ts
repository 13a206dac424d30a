// Proves what docs/image.md says of signing: its commands sign, and the sample policy admits what they signed and nothing else.
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { action } from '../kind/action.ts';
import { attempt, run } from '../kind/command.ts';
import { projectRoot } from '../kind/paths.ts';
import { temporaryFolder } from '../kind/temporary.ts';
import { build, modules } from '../kind/tools.ts';
import { buildahCommand } from './buildah.ts';
import { startRegistry } from './registry.ts';

/** As docs/image.md and the sample write it. */
const documentedHost = 'registry.example.com';
const repository = 'akko-charter-runner';

interface Scene {
  readonly folder: string;
  readonly host: string;
  readonly cosign: string;
  readonly kyverno: string;
}

interface Expectation {
  readonly what: string;
  /** Reference in the Pod. */
  readonly image: string;
  /** What Kyverno says of it, where it refuses. */
  readonly refusal?: RegExp;
}

/** One line for each thing proven; throws at the first that does not hold. */
export async function checkSignatures(): Promise<string[]> {
  const cosign = join(await build(modules.cosign), 'cosign');
  const kyverno = join(await build(modules.kyverno), 'kyverno');
  const folder = temporaryFolder('signatures');
  try {
    await using registry = await startRegistry(folder);
    const scene: Scene = { folder, host: registry.host, cosign, kyverno };
    const policy = await policyOf(scene);
    const lines: string[] = [];
    for (const expectation of await images(scene)) lines.push(await asked(scene, policy, expectation));
    return lines;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Four images, signed or not, and what the policy is to say of each. */
async function images(scene: Scene): Promise<readonly Expectation[]> {
  const notOurs = /the image is not signed with our key/;
  const ours = await pushed(scene, 'ours');
  await documented(scene, 'sign', ours, 'ours');
  await documented(scene, 'attest', ours, 'ours');
  const unsigned = await pushed(scene, 'unsigned');
  const theirs = await pushed(scene, 'theirs');
  await newKey(scene, 'theirs');
  await documented(scene, 'sign', theirs, 'theirs');
  return [
    { what: 'signed with our key, with its SBOM', image: ours },
    { what: 'not signed', image: unsigned, refusal: notOurs },
    { what: 'signed with another key', image: theirs, refusal: notOurs },
    // In a cluster Kyverno's other webhook has put the digest there before; the command line has no webhooks.
    { what: 'named by a tag', image: `${ours.replace(/@.*/, '')}:ours`, refusal: /does not have a digest/ },
  ];
}

/** The reference by digest. */
async function pushed({ folder, host }: Scene, tag: string): Promise<string> {
  const context = join(folder, tag);
  mkdirSync(context, { recursive: true });
  writeFileSync(join(context, 'content'), tag);
  writeFileSync(join(context, 'Dockerfile'), 'FROM scratch\nCOPY content /content\n');
  const buildah = buildahCommand(join(folder, 'store'));
  const image = `${host}/${repository}:${tag}`;
  const digestFile = join(folder, `${tag}.digest`);
  await run([...buildah, 'bud', '--isolation', 'chroot', '--tag', image, context]);
  await run([
    ...buildah,
    'push',
    '--tls-verify=false',
    '--digestfile',
    digestFile,
    image,
    `docker://${image}`,
  ]);
  return `${host}/${repository}@${readFileSync(digestFile, 'utf8')}`;
}

/** Nothing of this user's: neither logins to registries nor trusted roots. An empty password keeps cosign from asking for one. */
const alone = (folder: string) => ({ HOME: folder, COSIGN_PASSWORD: '' });

async function newKey({ folder, cosign }: Scene, name: string): Promise<string> {
  const home = join(folder, 'keys', name);
  mkdirSync(home, { recursive: true });
  await run([cosign, 'generate-key-pair'], { cwd: home, env: alone(folder) });
  return readFileSync(join(home, 'cosign.pub'), 'utf8').trim();
}

/** Runs `cosign <verb>` as it stands in docs/image.md, for this image and this key. */
async function documented(
  { folder, cosign }: Scene,
  verb: 'sign' | 'attest',
  image: string,
  key: string,
): Promise<void> {
  const page = readFileSync(join(projectRoot, 'docs', 'image.md'), 'utf8').replaceAll('\\\n', '');
  const words = new RegExp(`^cosign ${verb} .*$`, 'm').exec(page)?.[0].split(/\s+/).slice(1);
  if (words === undefined) throw new Error(`docs/image.md has no command cosign ${verb}`);
  const sbom = join(folder, 'sbom.json');
  writeFileSync(sbom, JSON.stringify({ bomFormat: 'CycloneDX', specVersion: '1.6' }));
  const given = words.map((word) => {
    if (word === 'cosign.key') return join(folder, 'keys', key, word);
    if (word.endsWith('.cdx.json')) return sbom;
    return word.startsWith(documentedHost) ? image : word;
  });
  await action(`cosign ${verb}, by ${key}`, () =>
    run([cosign, ...given], { cwd: projectRoot, env: alone(folder) }),
  );
}

/** Path of the sample with our key and registry in the place of the words that stand for them. */
async function policyOf(scene: Scene): Promise<string> {
  const sample = readFileSync(join(projectRoot, 'docs', 'samples', 'kyverno-verify-images.yaml'), 'utf8');
  const key = await newKey(scene, 'ours');
  const given = sample.replace(
    /^( *)-----BEGIN PUBLIC KEY-----[\s\S]*-----END PUBLIC KEY-----/m,
    (_placeholder, indent: string) => key.replace(/^/gm, indent),
  );
  const policy = join(scene.folder, 'policy.yaml');
  writeFileSync(policy, given.replaceAll(documentedHost, scene.host));
  return policy;
}

async function asked({ folder, kyverno }: Scene, policy: string, expected: Expectation): Promise<string> {
  const { what, image, refusal } = expected;
  const pod = join(folder, 'pod.yaml');
  writeFileSync(
    pod,
    stringify({
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name: 'charter', namespace: 'akko' },
      spec: { containers: [{ name: 'charter', image }] },
    }),
  );
  const words = [kyverno, 'apply', policy, '--resource', pod, '--remove-color'];
  const { code, stdout, stderr } = await attempt(words, { env: alone(folder), timeoutMs: 60_000 });
  const counted = refusal === undefined ? /pass: 1, fail: 0, .* error: 0/ : /pass: 0, fail: 1, .* error: 0/;
  const holds = counted.test(stdout) && (code === 0) === (refusal === undefined);
  if (!holds || refusal?.test(stdout) === false)
    throw new Error(
      `an image ${what}: exit code ${code}, expected ${refusal ?? 'no refusal'}:\n${stdout}${stderr}`,
    );
  return `${refusal === undefined ? 'admitted' : 'refused '}  an image ${what}`;
}
