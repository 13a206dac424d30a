// The workspace, the finalizer, and the ways a Tenant ends.

import { addFinalizer, removeFinalizer } from '../../controller/index.ts';
import { wordsOf } from '../../errors/index.ts';
import { isKubeError, resources } from '../../kube/index.ts';
import { grant, revoke } from '../cluster/workspace-access.ts';
import { chartChosen, finalizer, partOf, workspaceOwner } from '../names.ts';
import type { Findings } from '../observe/findings.ts';
import { rightsFor } from '../observe/reach.ts';
import { tell } from '../operator-world.ts';
import { ownerOf } from '../route.ts';
import { tenants } from '../tenant.ts';
import type { Act } from './context.ts';

export const addOurFinalizer: Act = async ({ world, scene, record }) => {
  const tenant = await addFinalizer(scene.store.client, tenants, scene.tenant, finalizer);
  const namespace = scene.target?.namespace(scene.workspace);
  if (namespace !== undefined)
    tell(world, scene, { type: 'Normal', reason: 'WorkspaceExists', message: scene.workspace });
  await record({ progress: ['True', 'Preparing', `workspace ${scene.workspace}`] });
  return { next: 'again', tenant };
};

const workspaceRetryMs = 30_000;

export const createWorkspace: Act = async ({ world, scene, record }) => {
  const { target, workspace, signal } = scene;
  if (target === undefined) return { next: 'done' };
  const annotations = { [workspaceOwner]: ownerOf(scene.id) };
  try {
    await target.client.create(
      resources.namespaces,
      { metadata: { name: workspace, labels: partOf, annotations } },
      { signal },
    );
    tell(world, scene, { type: 'Normal', reason: 'WorkspaceCreated', message: workspace });
  } catch (error) {
    signal.throwIfAborted();
    if (!isKubeError(error, 'CHR_KUBE_ALREADY_EXISTS')) {
      const message = wordsOf(error);
      tell(world, scene, { type: 'Warning', reason: 'WorkspaceCreateFailed', message });
      await record({
        error: ['Unknown', 'WorkspaceCreateFailed', message],
        ready: ['False', 'WorkspaceCreateFailed', message],
      });
      return { next: 'done', afterMs: workspaceRetryMs };
    }
  }
  await grant(target.client, workspace, rightsFor(world, scene));
  return { next: 'again' };
};

/** What follows waits until the watch tells of it, so that no Tenant's look at this workspace misses it once the chart runs. */
export const markWorkspace: Act = async ({ scene: { target, workspace, signal } }) => {
  const body = { metadata: { annotations: { [chartChosen]: 'true' } } };
  await target?.client.patch(resources.namespaces, { name: workspace }, { type: 'merge', body }, { signal });
  return { next: 'done', afterMs: goneLookMs };
};

const goneLookMs = 2_000;

export const awaitWorkspaceGone: Act = async ({ scene, found, action, record }) => {
  const conditions = found.namespace?.status?.conditions ?? [];
  const held = conditions.find(
    ({ type, status }) => type === 'NamespaceContentRemaining' && status === 'True',
  );
  const why = `workspace ${scene.workspace} is terminating${held?.message ? `: ${held.message}` : ''}`;
  await record({ progress: ['True', action.reason, why], ready: ['False', action.reason, why] });
  return { next: 'done', afterMs: goneLookMs };
};

export const deleteWorkspace: Act = async ({ world, scene, found, record }) => {
  const { target, workspace, signal } = scene;
  const { uid } = found.namespace?.metadata ?? {};
  if (target === undefined) return { next: 'done' };
  const why = `deleting workspace ${workspace}`;
  await record({ progress: ['True', 'Deleting', why], ready: ['False', 'Deleting', why] });
  try {
    await target.client.delete(resources.namespaces, { name: workspace }, { signal, ...(uid && { uid }) });
    tell(world, scene, { type: 'Normal', reason: 'WorkspaceDeleted', message: workspace });
  } catch (error) {
    if (!isKubeError(error, 'CHR_KUBE_NOT_FOUND')) throw error;
  }
  return { next: 'done', afterMs: goneLookMs };
};

export const removeOurFinalizer: Act = async (context) => {
  const { world, scene, found, action } = context;
  if (
    action.reason === 'Deleted' &&
    found.namespace !== undefined &&
    found.users.length === 0 &&
    scene.target
  )
    await revoke(scene.target.client, scene.workspace);
  if (found.namespace !== undefined)
    tell(world, scene, {
      type: 'Normal',
      reason: 'WorkspaceKept',
      message: `${scene.workspace}: ${whyKept(found)}`,
    });
  await removeFinalizer(scene.store.client, tenants, scene.tenant, finalizer);
  return { next: 'gone' };
};

function whyKept({ users, why }: Findings): string {
  // Of a Tenant that is refused: whose it is.
  if (why !== '') return why;
  if (users.length > 0) return `in use by ${users.map(({ id }) => `${id.namespace}/${id.name}`).join(', ')}`;
  return 'it was there before, or is a namespace of the system';
}

const unreachableLookMs = 15_000;

export const keepFinalizer: Act = async ({ scene, found, action, record }) => {
  const why = `${found.why}; the Tenant stays until ${scene.release} is uninstalled there`;
  await record({
    error: ['Unknown', action.reason, why],
    ready: ['Unknown', action.reason, why],
    progress: ['True', 'Deleting', why],
  });
  return { next: 'done', afterMs: unreachableLookMs };
};

export const letGo: Act = async ({ world, scene, found }) => {
  const message = `release ${scene.release} in namespace ${scene.workspace} stays behind on cluster ${scene.targetName}: ${found.why}`;
  tell(world, scene, { type: 'Warning', reason: 'LetGo', message });
  await removeFinalizer(scene.store.client, tenants, scene.tenant, finalizer);
  return { next: 'gone' };
};

export const nothing: Act = async () => ({ next: 'done' });
