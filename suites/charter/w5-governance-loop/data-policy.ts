// A data policy on a scope that exists for one case only: edited and reverted through the cockpit backend, seen in OPA.
import { type CaseContext, type EdgeIdentity, type HttpResult, textSql } from 'charter-runner';
import { configured } from '../configured.ts';
import { filtersOf } from '../policy-of.ts';

type Asking = Pick<CaseContext, 'cockpitBackend' | 'config' | 'opa'>;

export const done = [200, 201, 202, 204];

export class ThrowAwayPolicy {
  readonly scope: string;
  /** True for every row, and like no other filter. */
  readonly expression: string;
  readonly #asking: Asking;

  constructor(asking: Asking, scope: string) {
    this.#asking = asking;
    this.scope = scope;
    this.expression = `${textSql(scope)} = ${textSql(scope)}`;
  }

  edit(editor: EdgeIdentity): Promise<HttpResult> {
    const { cockpitBackend } = this.#asking;
    const { catalog, schema, table } = this.#table();
    const policy = { catalog, schema, table, expression: this.expression };
    return cockpitBackend.send('PUT', this.#path(), policy, editor);
  }

  revert(editor: EdgeIdentity): Promise<HttpResult> {
    return this.#asking.cockpitBackend.send('DELETE', this.#path(), undefined, editor);
  }

  /** Row filters that OPA decides for a member of the scope, sorted. */
  async filters(): Promise<string[]> {
    const member = { user: 'charter-member-of-scope', groups: [this.scope] };
    return (await filtersOf(this.#asking, member, this.#table())).sort();
  }

  #table() {
    return configured(this.#asking.config.data.governed, 'data.governed');
  }

  #path(): string {
    const route = this.#asking.config.routes.cockpitBackend.dataPolicies;
    const known = configured(route, 'routes.cockpitBackend.dataPolicies');
    return `${known}/${encodeURIComponent(this.scope)}`;
  }
}
