// A pool that hands out only connections that still answer. pg keeps one whose query was given up, though the other side may be gone without
// a word (half-open): it would be handed out again for ever, and never answer.
import type { PostgresPool, PostgresPoolClient } from 'kysely';
import type { Pool } from 'pg';

/** `isAnswer`: the error came from the server, so the connection lives. After any other one it is given up. */
export function liveConnections(pool: Pool, isAnswer: (error: unknown) => boolean): PostgresPool {
  const connect = async (): Promise<PostgresPoolClient> => {
    const client = await pool.connect();
    let isLost = false;
    const query = async (text: string, values: readonly unknown[]) => {
      try {
        return await client.query(text, [...values]);
      } catch (error) {
        isLost ||= !isAnswer(error);
        throw error;
      }
    };
    return {
      // The other way to call it takes a cursor, and nobody here streams.
      query: query as unknown as PostgresPoolClient['query'],
      release: () => client.release(isLost),
    };
  };
  return { options: pool.options, connect, end: () => pool.end() };
}
