// The images on the command line; the Makefile calls it.
import { Command, Option } from 'commander';
import { explain } from '../kind/action.ts';
import { type Account, account } from './account.ts';
import { ownBase } from './base.ts';
import { type Built, build } from './build.ts';
import { chooseBuilder } from './builder.ts';
import { type Target, targets, workFolder } from './images.ts';
import { checkSignatures } from './signatures.ts';
import { verify } from './verify.ts';

interface BuildFlags {
  readonly target: Target | 'all';
  readonly tag?: string;
  readonly base?: string;
}

const program = new Command('image').description('The container images, byte-identical and offline');
const say = (text: string): void => {
  process.stdout.write(`${text}\n`);
};

program
  .command('build')
  .description('build the images, their archives and SBOMs below .kind/images')
  .addOption(new Option('--target <target>', 'which').choices([...targets, 'all']).default('all'))
  .option('--tag <tag>', 'default: the version in package.json')
  .option(
    '--base <image>',
    'what they sit on, best with a digest (default: node:26-slim, or an own base offline)',
  )
  .action(async ({ target, ...wish }: BuildFlags) => {
    const builder = await chooseBuilder(workFolder('store'));
    const chosen = target === 'all' ? targets : [target];
    for (const built of await build({ builder, targets: chosen, ...wish }))
      say(describe(built, await account(builder, built)));
  });

program
  .command('base')
  .description('build the own base, even where a registry answers')
  .action(async () => {
    const { image, id, archive } = await ownBase(await chooseBuilder(workFolder('store')));
    say(`${image}  ${id}\n  ${archive}`);
  });

program
  .command('verify')
  .description('build twice and compare, then run the images read-only as uid 65532 (Buildah, root)')
  .action(async () => {
    for (const line of await verify()) say(line);
  });

program
  .command('signatures')
  .description(
    'sign as docs/image.md says, and ask Kyverno about the sample policy (Buildah, docker-registry; builds cosign and Kyverno with Go)',
  )
  .action(async () => {
    for (const line of await checkSignatures()) say(line);
  });

function describe({ image, id, base, archive }: Built, { ours, packages }: Account): string {
  const megabytes = (bytes: number) => `${(bytes / 1e6).toFixed(1)} MB`;
  const size = `${megabytes(ours.compressed)} compressed, ${megabytes(ours.plain)} unpacked`;
  return `${image}  ${id}\n  above ${base.image} (${base.origin}): ${size}, ${packages} npm packages\n  ${archive}`;
}

try {
  await program.parseAsync();
} catch (error) {
  process.stderr.write(`${explain(error).join('\n')}\n`);
  process.exitCode = 1;
}
