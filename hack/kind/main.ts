// The kind harness on the command line; the Makefile calls it.
import { rmSync, symlinkSync } from 'node:fs';
import { Command } from 'commander';
import { explain, timeSummary } from './action.ts';
import { tool } from './binaries.ts';
import { run } from './command.ts';
import { declaredClusters, nodeNamesOf } from './declaration.ts';
import { down } from './down.ts';
import { startEngine, stopEngine } from './engine/engine.ts';
import { listed, nodeLabel } from './idle.ts';
import { load } from './load.ts';
import { nodeImage } from './node-image/index.ts';
import { inState } from './paths.ts';
import { preflight, requireFitHost } from './preflight.ts';
import { sweep } from './sweep.ts';
import { build, modules } from './tools.ts';
import { isReady, up } from './up.ts';

const program = new Command('kind').description('Real Kubernetes clusters on this machine: home and remote');
const say = (text: string): void => {
  process.stdout.write(`${text}\n`);
};

program
  .command('doctor')
  .description('check what this machine gives')
  .action(async () => {
    const marks = { ok: '✓', warning: '!', problem: '✗' };
    const findings = await preflight();
    for (const { name, level, seen, fix } of findings)
      say(` ${marks[level]} ${name.padEnd(14)} ${seen}${fix === undefined ? '' : `\n   fix: ${fix}`}`);
    if (findings.some(({ level }) => level === 'problem')) process.exitCode = 1;
  });

program
  .command('engine')
  .description('start a Docker engine where none runs')
  .option('--stop', 'stop the one that this command started')
  .action(async ({ stop }: { stop?: true }) => {
    say(`Docker engine: ${await (stop ? stopEngine() : startEngine())}`);
  });

program
  .command('node-image')
  .description('pull or build the image of a node')
  .option('--build', 'build it even where a registry answers')
  .action(async ({ build }: { build?: true }) => {
    const { image, origin } = await nodeImage(build ? { from: 'build' } : {});
    say(`${image} (${origin})`);
  });

program
  .command('apiserver')
  .description('build etcd and kube-apiserver, which some tests start')
  .action(async () => {
    for (const module of [modules.etcd, modules.kubernetes]) say(await build(module));
  });

program
  .command('tools')
  .description('put helm into .kind/bin, built where the system has none of the pinned version')
  .action(async () => {
    const path = inState('bin', 'helm');
    rmSync(path, { force: true });
    symlinkSync(await run(['sh', '-c', 'command -v "$0"', await tool('helm')]), path);
    say(path);
  });

program
  .command('up [names...]')
  .description('create clusters of clusters.yaml, all when none is named')
  .action(async (names: string[]) => {
    const clusters = declaredClusters(names);
    await startEngine();
    await requireFitHost({ clusters, tools: ['kind'] });
    for (const { name, was, kubeconfig } of await up(clusters)) say(`${name}: ${was}, ${kubeconfig}`);
  });

program
  .command('down [names...]')
  .description('remove clusters')
  .action(async (names: string[]) => down(declaredClusters(names)));

program
  .command('status')
  .description('which clusters run')
  .action(async () => {
    for (const { name, role, nodes } of declaredClusters())
      say(
        `${name.padEnd(12)} ${role.padEnd(7)} ${nodes} node(s)  ${(await isReady(name)) ? 'ready' : 'not there'}`,
      );
  });

program
  .command('load <archives...>')
  .description('put image archives into all nodes of the clusters that run')
  .action(async (archives: string[]) => {
    const running = await listed(['ps', '--filter', `label=${nodeLabel}`, '--format', '{{.Names}}']);
    const ours = declaredClusters().flatMap(nodeNamesOf);
    await load(
      archives,
      running.filter((node) => ours.includes(node)),
    );
  });

program
  .command('sweep')
  .description('remove what a killed harness left')
  .action(async () => {
    const swept = await sweep();
    for (const line of swept) say(`removed ${line}`);
    if (swept.length === 0) say('nothing was left');
  });

try {
  await program.parseAsync();
  const times = timeSummary();
  if (times.length > 1) process.stderr.write(`where the time went:\n${times.join('\n')}\n`);
} catch (error) {
  process.stderr.write(`${explain(error).join('\n')}\n`);
  process.exitCode = 1;
}
