// kubectl for what is no object: raw paths (doors behind a Service, metrics), logs, rollouts.
import { kubectl } from '../kind/binaries.ts';
import { run } from '../kind/command.ts';

export class Kubectl {
  readonly #words: readonly string[];

  private constructor(words: readonly string[]) {
    this.#words = words;
  }

  static async of(kubeconfig: string): Promise<Kubectl> {
    return new Kubectl([await kubectl(), '--kubeconfig', kubeconfig]);
  }

  /** Standard output; throws what kubectl said. */
  text(...words: readonly string[]): Promise<string> {
    return run([...this.#words, ...words], { timeoutMs: 180_000 });
  }

  /** GET on a Service or Pod through the API server; `place` is `services/<name>` or `pods/<name>:<port>`. */
  ask(namespace: string, place: string, path: string): Promise<string> {
    return this.text('get', '--raw', `/api/v1/namespaces/${namespace}/${place}/proxy${path}`);
  }

  /** PUT of JSON on a Service. */
  async tell(namespace: string, service: string, path: string, order: object): Promise<void> {
    const raw = `/api/v1/namespaces/${namespace}/services/${service}/proxy${path}`;
    await run([...this.#words, 'replace', '--raw', raw, '--filename', '-'], { input: JSON.stringify(order) });
  }
}
