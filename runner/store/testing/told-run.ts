// A run told event by event to a real Postgres, and what became of it there: what tests of the writer share.
import { applyEvent, initialState, type JournalEvent, type RunState } from '../../journal/index.ts';
import { connect, openStore, type PostgresPlace } from '../open.ts';
import type { RunWriter, WriterOptions } from '../write/writer.ts';
import type { PostgresServer } from './postgres-server.ts';

export const at = () => new Date().toISOString();
export const cases = (count: number) =>
  Array.from({ length: count }, (_, i) => ({
    ...{
      key: `C-1/${i}`,
      campaign: 'C-1',
      id: String(i),
      title: 'a case',
      file: 'c.ts',
      tags: [],
      targets: [],
    },
  }));

/** A run told event by event, as the recorder does. */
export class ToldRun {
  readonly state: RunState = initialState();
  readonly events: JournalEvent[] = [];
  readonly #writer: RunWriter;

  constructor(writer: RunWriter, run: string) {
    this.#writer = writer;
    this.tell({ event: 'run-started', at: at(), run, host: 'h', environment: 'test', properties: {} });
    this.tell({ event: 'planned', at: at(), cases: cases(3) });
  }

  tell(event: JournalEvent): void {
    this.events.push(event);
    this.#writer.onEvent(event, applyEvent(this.state, event));
  }

  pass(i: number): void {
    const key = `C-1/${i}`;
    this.tell({ event: 'case-started', at: at(), key, attempt: 1 });
    this.tell({
      event: 'case-ended',
      at: at(),
      key,
      attempt: 1,
      durationMs: 3,
      outcome: { verdict: 'passed' },
    });
  }

  end(): Promise<void> {
    this.tell({ event: 'run-ended', at: at(), exitCode: 0, reason: 'completed' });
    return this.#writer.finish(this.state);
  }
}

export function writing(server: () => PostgresServer) {
  const told: string[] = [];
  const options = (place: PostgresPlace): WriterOptions => ({
    open: () => connect(place),
    ...{
      need: 'optional',
      finishMs: 3_000,
      beatMs: 500,
      journal: 'run.jsonl',
      tell: (text) => void told.push(text),
    },
  });
  const owner = () => openStore(server().place(), { schema: 'migrate' });
  const runOf = async (id: string) => {
    const store = await owner();
    try {
      return await store.db
        .selectFrom('charter.run_view')
        .selectAll()
        .where('id', '=', id)
        .executeTakeFirst();
    } finally {
      await store.close();
    }
  };
  return { told, options, owner, runOf };
}
