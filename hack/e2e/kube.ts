// The cluster under test by kubectl: objects in, JSON out. The harness is an operator here, so it uses an operator's tool.
import { stringify } from 'yaml';
import { kubectl } from '../kind/binaries.ts';
import { attempt, type CommandEnd, run } from '../kind/command.ts';

export type KubeObject = Readonly<Record<string, unknown>> & {
  readonly metadata: { readonly name: string };
};

export const namespace = 'akko';

export class Kube {
  readonly kubeconfig: string;
  readonly #words: readonly string[];

  private constructor(kubeconfig: string, binary: string) {
    this.kubeconfig = kubeconfig;
    this.#words = [binary, '--kubeconfig', kubeconfig, '--request-timeout=20s'];
  }

  static async of(kubeconfig: string): Promise<Kube> {
    return new Kube(kubeconfig, await kubectl());
  }

  /** Standard output; throws what kubectl said. In namespace `akko` unless the words say otherwise. */
  text(...words: readonly string[]): Promise<string> {
    return run([...this.#words, '--namespace', namespace, ...words]);
  }

  attempt(...words: readonly string[]): Promise<CommandEnd> {
    return attempt([...this.#words, '--namespace', namespace, ...words]);
  }

  async json<Shape>(...words: readonly string[]): Promise<Shape> {
    return JSON.parse(await this.text(...words, '--output', 'json')) as Shape;
  }

  async apply(objects: readonly KubeObject[]): Promise<void> {
    await run([...this.#words, '--namespace', namespace, 'apply', '--filename', '-'], {
      input: textOf(objects),
    });
  }

  /** Why the API server, with its admission, refuses these manifests; '' where it takes them. Nothing is kept. */
  async refusal(manifests: string): Promise<string> {
    const words = ['--namespace', namespace, 'apply', '--dry-run=server', '--filename', '-'];
    const { code, stderr } = await attempt([...this.#words, ...words], { input: manifests });
    return code === 0 ? '' : stderr;
  }

  /** By the Eviction API, as a drained node does it. */
  async evict(pod: string): Promise<void> {
    const eviction = { apiVersion: 'policy/v1', kind: 'Eviction', metadata: { name: pod, namespace } };
    const path = `/api/v1/namespaces/${namespace}/pods/${pod}/eviction`;
    await run([...this.#words, 'create', '--raw', path, '--filename', '-'], {
      input: JSON.stringify(eviction),
    });
  }

  async remove(kind: string, ...names: readonly string[]): Promise<void> {
    await this.text('delete', kind, ...names, '--ignore-not-found', '--wait', '--timeout=60s');
  }
}

/** As manifests. */
export function textOf(objects: readonly object[]): string {
  return objects.map((object) => stringify(object, { aliasDuplicateObjects: false })).join('---\n');
}
