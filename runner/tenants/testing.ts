// For tests: one Tenant's scene over an API server that answers as the test says, with everything that is told and counted written down.

import type { Happening } from '../controller/index.ts';
import { clientOf } from '../kube/index.ts';
import type { FakeClock, Script, ScriptedServer } from '../kube/testing/index.ts';
import { answerJson, fakeClock, scriptedServer } from '../kube/testing/index.ts';
import type { Context } from './act/index.ts';
import { attempts } from './attempts.ts';
import type { EngagedCluster } from './cluster/engaged.ts';
import { confidential } from './confidential.ts';
import { corrections } from './drift/corrections.ts';
import type { Findings } from './observe/findings.ts';
import { invalidFindings } from './observe/invalid.ts';
import type { OperatorWorld, Scene } from './operator-world.ts';
import { recordStatus } from './record.ts';
import { type Environment, type Flags, settingsOf } from './settings.ts';
import type { Tenant } from './tenant.ts';

export interface TestStage extends AsyncDisposable {
  readonly server: ScriptedServer;
  readonly clock: FakeClock;
  readonly context: Context;
  readonly told: Happening[];
  readonly reasons: () => string[];
}

export interface TestStageOptions {
  readonly script: Script;
  readonly tenant?: Tenant;
  readonly flags?: Flags;
  readonly env?: Environment;
  readonly found?: Partial<Findings>;
  readonly action?: Context['action'];
}

/** Writes are answered with what was written. */
export const taking: Script = (request, response) =>
  answerJson(response, 200, { metadata: { name: 'acme', uid: 'u1', generation: 3 }, seen: request.method });

const usual: Tenant = {
  metadata: { name: 'acme', namespace: 'tenants', uid: 'u1', generation: 3, resourceVersion: '7' },
  spec: { workspace: 'acme-ws' },
};

export async function testStage(options: TestStageOptions): Promise<TestStage> {
  const { script, tenant = usual, flags = {}, env = {}, found = {} } = options;
  const server = await scriptedServer(script);
  const client = clientOf(server.kubeconfig);
  const told: Happening[] = [];
  const clock = fakeClock();
  const cluster = {
    ...{ name: 'self-cluster', uid: 'home', client },
    ...{ tenants: () => [tenant], tenant: () => tenant, namespace: () => undefined },
    as: () => ({ client, helmKubeconfig: server.kubeconfig }),
    trouble: () => undefined,
  } as unknown as EngagedCluster;
  const record = async (_: unknown, happening: Happening) => void told.push(happening);
  const world: OperatorWorld = {
    settings: settingsOf(flags, env, undefined),
    ...{
      clock,
      helmBinary: 'helm',
      chartValues: {},
      attempts: attempts(clock),
      corrections: corrections(clock),
      confidential: confidential({}),
    },
    charts: {
      resolve: () => Promise.reject(new Error('no chart is asked for')),
      known: () => undefined,
      archive: () => Promise.reject(new Error('no archive is asked for')),
    },
    cluster: () => cluster,
    standing: () => ({ is: 'engaged' }),
    clusters: () => [cluster],
    recorder: () => ({ record, dropped: () => 0, flush: async () => {} }),
    counts: { helm: () => {}, statusWrite: () => {}, event: () => {}, drift: () => {} },
    log: () => {},
  };
  const scene: Scene = {
    ...{
      key: 'self-cluster|tenants|acme',
      tenant,
      store: cluster,
      target: cluster,
      targetName: 'self-cluster',
    },
    id: { storedOn: 'self-cluster', namespace: 'tenants', name: 'acme' },
    ...{ spec: { workspace: 'acme-ws' }, release: 'tenant-acme-self-cluster', workspace: 'acme-ws' },
    signal: new AbortController().signal,
  };
  return {
    ...{ server, clock, told },
    reasons: () => told.map(({ reason }) => reason),
    context: {
      ...{
        world,
        scene,
        rolledOut: undefined,
        action: options.action ?? { action: 'settle', reason: 'NoChange' },
      },
      found: { ...invalidFindings(scene, ''), ...found },
      record: (change) => recordStatus(world, scene, change),
    },
    [Symbol.asyncDispose]: async () => {
      await client.close();
      await server[Symbol.asyncDispose]();
    },
  };
}
