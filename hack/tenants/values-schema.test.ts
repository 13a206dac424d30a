// The shape of the operator chart's values: the file is current, it knows every value there is, and what is wrong is refused with its name.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, test } from 'vitest';
import { wideGroup } from '../../runner/tenants/cluster/workspace-access.ts';
import { helm, noHelm, runHelm } from '../chart/helm.ts';
import { valueRows } from '../chart/values-comments.ts';
import { operatorChart, operatorValuesSchema, schemaFile } from './values-schema.ts';

interface Node {
  readonly properties?: Readonly<Record<string, Node>>;
}
const schema = JSON.parse(readFileSync(schemaFile, 'utf8')) as Node;

test('values.schema.json is current (hack/node hack/tenants/values-schema.ts)', () => {
  expect(readFileSync(schemaFile, 'utf8')).toBe(operatorValuesSchema());
});

test('every value of values.yaml has a shape', () => {
  const rows = valueRows(readFileSync(join(operatorChart, 'values.yaml'), 'utf8'));
  const shapeOf = (key: string) =>
    key.split('.').reduce<Node | undefined>((node, step) => node?.properties?.[step], schema);
  // Below `resources` everything is Kubernetes' own.
  const ours = rows.filter(({ key }) => !key.startsWith('resources.'));
  expect(ours.filter(({ key }) => shapeOf(key) === undefined)).toEqual([]);
  expect(rows.length).toBeGreaterThan(40);
});

describe('helm', () => {
  beforeEach((context) => {
    if (helm === undefined) context.skip(noHelm);
  });

  test('lint finds nothing wrong', () => {
    const { status, text } = runHelm(['lint', '--strict', operatorChart]);
    expect({ status, text }).toMatchObject({ status: 0, text: expect.stringContaining('0 chart(s) failed') });
  });

  test.each<[string, object]>([
    ['nothing', {}],
    ['a remote', { installMode: { crdsRbacOnly: true } }],
    [
      'all that can be set',
      {
        ...{
          replicaCount: 2,
          remediation: 'uninstall',
          helmTimeout: '1h30m',
          maxHelmTimeout: '2h',
          allowChartSkip: true,
        },
        image: { digest: `sha256:${'a'.repeat(64)}`, pullPolicy: 'Never' },
        operator: { checkInterval: '90', watchNamespaces: ['*'], concurrency: 5 },
        chart: { version: '1.2.3', values: { any: { thing: [1] } } },
        extraEnvs: [{ name: 'A', value: 'b' }],
        ...{ global: { of: 'an umbrella' }, enabled: true },
      },
    ],
  ])('takes %s', (_, values) => {
    expect(runHelm(['template', 'tenant-operator', operatorChart], values)).toMatchObject({ status: 0 });
  });

  test('the right to act as the group of wide releases, by the name that the operator uses, comes with their role only', () => {
    const rendered = (values: object) =>
      runHelm(['template', 'tenant-operator', operatorChart], values).text.split(`'${wideGroup}'`).length - 1;
    expect(rendered({})).toBe(0);
    expect(rendered({ chartClusterRole: 'crd-writer' })).toBe(2);
  });

  test.each<[object, RegExp]>([
    [{ replicas: 2 }, /'replicas' not allowed/],
    [{ chart: { version: 1.2 } }, /chart\/version.*got number, want string/s],
    [{ remediation: 'retry' }, /remediation.*'rollback', 'uninstall'/s],
    [{ helmTimeout: '3 minutes' }, /helmTimeout.*does not match pattern/s],
    [{ maxHelmTimeout: '3 minutes' }, /maxHelmTimeout.*does not match pattern/s],
    [{ leaderElection: { leaseSeconds: 11 } }, /leaseSeconds.*minimum: got 11, want 12/s],
    [{ allowedChartRepos: 'https://charts.example' }, /allowedChartRepos.*got string, want array/s],
    [{ allowChartSkip: 'true' }, /allowChartSkip.*got string, want boolean/s],
    [{ rbac: { watched: [{ apiGroups: [''], resource: ['pods'] }] } }, /watched\/0/],
  ])('refuses %j', (values, message) => {
    const { status, messages } = runHelm(['template', 'tenant-operator', operatorChart], values);
    expect(status).not.toBe(0);
    expect(messages).toMatch(message);
  });
});
