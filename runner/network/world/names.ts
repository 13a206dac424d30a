// Names and labels of what a world puts into a cluster. The random suffix keeps two worlds apart; the labels let a sweep find them.
import { randomBytes } from 'node:crypto';
import type { PodId } from '../verdict/index.ts';

/** On every object of every world; what a killed run left carries it. */
export const harnessLabel = 'charter-runner.harness';
export const harnessValue = 'network';
/** The suffix of the world. */
export const worldLabel = 'charter-runner.world';
/** On a world's namespaces: after this moment (RFC 3339) nobody needs it any more. */
export const expiresAnnotation = 'charter-runner.world/expires';
/** On a Pod; its plan, which the kubelet keeps equal to a file. */
export const planAnnotation = 'charter-runner.plan';

/** Short name of the namespace with the control peers. No policy of a step may live there. */
export const controlNamespace = 'control';
export const containerName = 'probe';

/** Lower case letters and digits, 6 of them. */
export function newSuffix(): string {
  return randomBytes(3).toString('hex');
}

export function realNamespace(suffix: string, short: string): string {
  return `charter-net-${suffix}-${short}`;
}

export function partsOf(id: PodId): { readonly namespace: string; readonly pod: string } {
  const [namespace = '', pod = ''] = id.split('/');
  return { namespace, pod };
}

export function isControl(id: PodId): boolean {
  return partsOf(id).namespace === controlNamespace;
}

/** Labels that steps build their selectors on; those of the harness are there too, and no step touches them. */
export function baseNamespaceLabels(short: string): Readonly<Record<string, string>> {
  return { ns: short };
}

export function basePodLabels(id: PodId): Readonly<Record<string, string>> {
  return { pod: partsOf(id).pod };
}

export function harnessLabels(suffix: string): Readonly<Record<string, string>> {
  return { [harnessLabel]: harnessValue, [worldLabel]: suffix };
}
