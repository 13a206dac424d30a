// One HTTP exchange with an API server: the kubeconfig's identity from the client package, the connections from undici. The package's
// own dispatcher is made anew for every request (2.0.1), which costs a TLS handshake each time; here one lives until the identity changes.
import type { AgentOptions, RequestOptions } from 'node:https';
import { HttpMethod, type KubeConfig, RequestContext } from '@kubernetes/client-node';
import { Agent, type Dispatcher, request } from 'undici';
import { CharterError } from '../errors/index.ts';

export interface Exchange {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** With its query. */
  readonly path: string;
  readonly body?: { readonly type: string; readonly json: object };
  readonly signal: AbortSignal;
  /** Milliseconds without a byte of the body after which it counts as broken off. */
  readonly idleMs: number;
}

export interface Transport {
  readonly server: string;
  readonly send: (exchange: Exchange) => Promise<Dispatcher.ResponseData>;
  readonly close: () => Promise<void>;
}

/** Throws CHR_KUBECONFIG when there is no current cluster. */
export function transport(kubeConfig: KubeConfig, userAgent: string, asGroup?: string): Transport {
  const cluster = kubeConfig.getCurrentCluster();
  if (cluster === null)
    throw new CharterError('CHR_KUBECONFIG', `no cluster for the context "${kubeConfig.currentContext}"`);
  const server = cluster.server.replace(/\/+$/, '');
  let connections: { readonly identity: string; readonly dispatcher: Dispatcher } | undefined;

  async function dispatcherFor(options: RequestOptions): Promise<Dispatcher> {
    const { ca, cert, key, servername, rejectUnauthorized } = options;
    const identity = [ca, cert, key, servername, rejectUnauthorized].map(String).join('\0');
    if (connections?.identity === identity) return connections.dispatcher;
    const replaced = connections?.dispatcher;
    const made = kubeConfig.createDispatcherOptions(cluster, options as AgentOptions);
    const dispatcher =
      made.type === 'agent' || made.type === 'none'
        ? new Agent({ allowH2: false, ...('connect' in made ? (made as Agent.Options) : {}) })
        : await proxied(kubeConfig, server);
    connections = { identity, dispatcher };
    // What is still under way on the old identity may end.
    void replaced?.close().catch(() => {});
    return dispatcher;
  }

  return {
    server,
    send: async ({ method, path, body, signal, idleMs }) => {
      const options: RequestOptions = {};
      await abortable(kubeConfig.applyToHTTPSOptions(options), signal);
      return request(`${server}${path}`, {
        method,
        dispatcher: await dispatcherFor(options),
        signal,
        headersTimeout: 0,
        bodyTimeout: idleMs,
        headers: {
          ...headersOf(options),
          ...(asGroup === undefined ? {} : { 'impersonate-group': asGroup }),
          accept: 'application/json',
          'user-agent': userAgent,
          ...(body === undefined ? {} : { 'content-type': body.type }),
        },
        body: body === undefined ? null : JSON.stringify(body.json),
      });
    },
    close: async () => connections?.dispatcher.destroy(),
  };
}

/** Connections through an HTTP or SOCKS proxy: as the client package makes them. */
async function proxied(kubeConfig: KubeConfig, server: string): Promise<Dispatcher> {
  const context = new RequestContext(server, HttpMethod.GET);
  await kubeConfig.applySecurityAuthentication(context);
  const dispatcher = context.getDispatcher();
  if (dispatcher === undefined) throw new CharterError('CHR_KUBECONFIG', 'its proxy cannot be used');
  return dispatcher;
}

function headersOf({ headers = {}, auth }: RequestOptions): Record<string, string> {
  const given = Object.entries(headers).map(([name, value]) => [name.toLowerCase(), String(value)]);
  const basic = auth === undefined || auth === null ? [] : [['authorization', `Basic ${btoa(auth)}`]];
  return Object.fromEntries([...basic, ...given]);
}

/** A credential plugin may hang; the call that waits for it may not. */
function abortable<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const onAbort = () => reject(signal.reason);
    if (signal.aborted) return onAbort();
    signal.addEventListener('abort', onAbort, { once: true });
    work.then(resolve, reject).finally(() => signal.removeEventListener('abort', onAbort));
  });
}
