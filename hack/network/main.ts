// `make e2e-network`: the whole catalogue on the home cluster, three times (RUNS=1 once), with identical verdicts, nothing wrong
// that is not a finding and in the time that is promised, or red.
// Words after it are flags of `charter network run`: --short, --family ports-ingress, --case deny.1.
import { explain, seconds } from '../kind/action.ts';
import { undeclared } from './declared.ts';
import { surprises } from './findings.ts';
import { leftBehind, type NetworkRun, networkRun } from './runs.ts';
import { networkScene } from './scene.ts';
import { differing, late, summaryLines } from './summary.ts';

/** Steps failed; whether they are findings is looked at one by one. */
const failedCode = 1;

const start = performance.now();
let code = 1;
try {
  code = await prove(Number(process.env.RUNS ?? '3'), process.argv.slice(2));
} catch (error) {
  process.stderr.write(`${explain(error).join('\n')}\n`);
}
process.stdout.write(`e2e-network: ${code === 0 ? 'green' : 'RED'}, ${seconds(performance.now() - start)}\n`);
process.exitCode = code;

async function prove(times: number, flags: readonly string[]): Promise<number> {
  const scene = await networkScene();
  const runs: NetworkRun[] = [];
  for (let time = 1; time <= times; time++) {
    // Without a retry: a verdict that is another one at the second try is not the same in all runs.
    const ended = await networkRun(scene, '--retry', '0', ...flags);
    runs.push(ended);
    process.stdout.write(
      `run ${time} of ${times}\n${summaryLines(ended)
        .map((line) => `  ${line}\n`)
        .join('')}`,
    );
  }
  const complaints = [
    ...runs.flatMap(({ code: own }, index) =>
      own === 0 || own === failedCode ? [] : [`run ${index + 1} ended with exit code ${own}`],
    ),
    ...runs.flatMap(({ report }) => surprises(report.cases)),
    ...runs.flatMap((run, index) => late(run, flags).map((line) => `run ${index + 1}: ${line}`)),
    ...differing(runs).map((line) => `not the same in all runs: ${line}`),
    ...runs.flatMap(({ execs }) => (execs === 0 ? [] : [`${execs} exec calls`])),
    ...runs.flatMap(({ unaccounted }) => unaccounted),
    ...runs.flatMap(({ steps }) => undeclared(steps)).map((line) => `a write that no step declares: ${line}`),
    ...(await leftBehind(scene)).map((name) => `left behind: ${name}`),
  ];
  for (const line of complaints) process.stdout.write(`${line}\n`);
  return complaints.length === 0 ? 0 : 1;
}
