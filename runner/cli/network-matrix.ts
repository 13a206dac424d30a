// `charter network matrix`: who may reach whom, as text, page, picture or data.
import { writeFileSync } from 'node:fs';
import { isIP } from 'node:net';
import { Command, InvalidArgumentError, Option } from 'commander';
import { CharterError } from '../errors/index.ts';
import { drawMatrix, type MatrixFormat, matrixFormats, matrixOf, type PortQuery } from '../network/index.ts';
import { exitCodes } from './exit-codes.ts';
import { endingWith, portOf, type StateFlags, stateOf, withStateFlags } from './network-state.ts';

interface MatrixFlags extends StateFlags {
  readonly port: readonly PortQuery[];
  readonly external: readonly string[];
  readonly by: 'workload' | 'pod';
  readonly only: readonly string[];
  readonly format: MatrixFormat;
  readonly out?: string;
}

export function matrixCommand(): Command {
  const command = new Command('matrix')
    .description('Who may reach whom, by what the policies say.')
    .option('--port <port>', '443, https or 53/UDP; may be repeated', addPort, [])
    .option('--external <address>', 'an address outside as one more line; may be repeated', addAddress, [])
    .option('--only <namespace>', 'show only these namespaces; may be repeated', add, [])
    .addOption(
      new Option('--by <unit>', 'one line for each').choices(['workload', 'pod']).default('workload'),
    )
    .addOption(new Option('--format <form>', 'form').choices(matrixFormats).default('text'))
    .option('--out <file>', 'write to a file instead of stdout');
  return withStateFlags(command).action((flags: MatrixFlags) =>
    endingWith(async () => {
      const state = await stateOf(flags);
      const drawn = matrixOf(state, {
        ports: flags.port,
        externals: flags.external.map((ip) => ({ ip })),
        by: flags.by,
        namespaces: flags.only,
      });
      const text = drawMatrix(drawn, flags.format, state.source);
      if (flags.out === undefined) process.stdout.write(`${text}\n`);
      else write(flags.out, text);
      for (const remark of drawn.remarks) process.stderr.write(`${remark}\n`);
      return exitCodes.passed;
    }),
  );
}

function write(file: string, text: string): void {
  try {
    writeFileSync(file, text);
  } catch (cause) {
    throw new CharterError('CHR_REPORT_UNWRITABLE', `${file}: ${(cause as Error).message}`, { cause });
  }
}

function addPort(text: string, before: readonly PortQuery[]): readonly PortQuery[] {
  return [...before, portOf(text)];
}

function addAddress(text: string, before: readonly string[]): readonly string[] {
  if (isIP(text) === 0) throw new InvalidArgumentError(`'${text}' is no address.`);
  return add(text, before);
}

function add(text: string, before: readonly string[]): readonly string[] {
  return [...before, text];
}
