// What the campaign wrote of a red run, as files of the failure folder: journal, JUnit, and the evidence of each red case.
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import type { Thing } from '../../suites/tenants/world.ts';
import { keeper } from '../kind/collect-keep.ts';

/** Only files that were written since then (milliseconds of Date.now): reports of earlier runs lie beside them. */
export function keepRun(
  from: string,
  folder: string,
  { since, secrets }: { readonly since: number; readonly secrets: readonly string[] },
): void {
  if (!existsSync(from)) return;
  const keep = keeper(folder, secrets);
  for (const path of readdirSync(from, { recursive: true, encoding: 'utf8' }).toSorted()) {
    const stat = statSync(join(from, path));
    if (!stat.isFile() || stat.mtimeMs < since) continue;
    keep(`run-${path.replaceAll('/', '-')}`, readFileSync(join(from, path), 'utf8'));
  }
}

/** Of kubeconfig Secrets: the tokens by which the fault proxy is passed, and the Secrets' content. */
export function secretsOf(kubeconfigs: readonly Thing[]): readonly string[] {
  return kubeconfigs.flatMap(({ data }) => {
    const { kubeconfig } = data as { readonly kubeconfig: string };
    const { users } = parse(Buffer.from(kubeconfig, 'base64').toString('utf8')) as {
      readonly users: readonly { readonly user: { readonly token: string } }[];
    };
    return [kubeconfig, ...users.map(({ user }) => user.token)];
  });
}
