// `charter network explain`: may this Pod reach that one, which rules say so, and what would have to change.
import { Command, Option } from 'commander';
import { type CellVerdict, explain, explanationText, findPeers, type PortQuery } from '../network/index.ts';
import { exitCodes } from './exit-codes.ts';
import { endingWith, portOf, type StateFlags, stateOf, withStateFlags } from './network-state.ts';

interface ExplainFlags extends StateFlags {
  readonly from: string;
  readonly to: string;
  readonly port: PortQuery;
  readonly protocol?: 'TCP' | 'UDP' | 'SCTP';
  readonly expect?: CellVerdict;
  readonly output: 'text' | 'json';
}

const peers = 'namespace/pod, namespace/workload, namespace/kind/name or an address';

export function explainCommand(): Command {
  const command = new Command('explain')
    .description('Why one connection is allowed or denied, and what would have to change.')
    .requiredOption('--from <peer>', peers)
    .requiredOption('--to <peer>', peers)
    .requiredOption('--port <port>', 'a number or the name of a container port; also 53/UDP', portOf)
    .addOption(
      new Option('--protocol <name>', 'of the port, TCP when not given').choices(['TCP', 'UDP', 'SCTP']),
    )
    .addOption(
      new Option('--expect <verdict>', 'exit 1 when the verdict is another').choices(['allowed', 'denied']),
    )
    .addOption(
      new Option('-o, --output <form>', 'form of the answer').choices(['text', 'json']).default('text'),
    );
  return withStateFlags(command).action((flags: ExplainFlags) =>
    endingWith(async () => {
      const state = await stateOf(flags);
      const query = { ...flags.port, ...(flags.protocol === undefined ? {} : { protocol: flags.protocol }) };
      const answer = explain(state, findPeers(state, flags.from), findPeers(state, flags.to), query);
      const text = flags.output === 'json' ? JSON.stringify(answer, undefined, 2) : explanationText(answer);
      process.stdout.write(`${text}\n`);
      const isAsExpected =
        flags.expect === undefined || (answer.verdict === flags.expect && answer.differing.length === 0);
      return isAsExpected ? exitCodes.passed : exitCodes.failed;
    }),
  );
}
