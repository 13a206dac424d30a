// A plain HTTP server that answers as the test says, for what a real API server cannot be brought to do on demand.
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';

export interface ScriptedServer extends AsyncDisposable {
  readonly kubeconfig: string;
  /** `METHOD path?query` of all requests so far. */
  readonly asked: string[];
  readonly bodies: unknown[];
}

export type Script = (request: IncomingMessage, response: ServerResponse, nth: number) => void;

export async function scriptedServer(script: Script): Promise<ScriptedServer> {
  const asked: string[] = [];
  const bodies: unknown[] = [];
  const server = createServer(async (request, response) => {
    let text = '';
    for await (const chunk of request) text += chunk;
    asked.push(`${request.method} ${request.url}`);
    bodies.push(text === '' ? undefined : JSON.parse(text));
    script(request, response, asked.length);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as { port: number };
  return {
    ...{ asked, bodies },
    kubeconfig: JSON.stringify({
      'current-context': 'c',
      clusters: [
        { name: 'c', cluster: { server: `http://127.0.0.1:${port}/`, 'insecure-skip-tls-verify': true } },
      ],
      users: [{ name: 'u', user: { token: 'secret-token' } }],
      contexts: [{ name: 'c', context: { cluster: 'c', user: 'u' } }],
    }),
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

export function answerJson(response: ServerResponse, status: number, body: object, headers = {}): void {
  response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(body));
}
