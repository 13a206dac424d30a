// The audit log of a cluster: the API server writes down every change and every exec (audit-policy.yaml), whoever made it.
import { copyFileSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { run } from './command.ts';
import { cacheFolder } from './paths.ts';

const logFile = '/var/log/kubernetes/audit.log';
const policies = '/etc/kubernetes/audit';

/** One call to the API server that has ended. */
export interface AuditedCall {
  /** As the API server has it: `create`, `update`, `patch`, `delete`, `deletecollection`; `get` for some execs. */
  readonly verb: string;
  /** Of whoever called. */
  readonly userAgent: string;
  /** HTTP status. */
  readonly status: number;
  /** `pods`, or `pods/exec`. */
  readonly resource: string;
  readonly namespace?: string;
  /** Absent where the server chose it. */
  readonly name?: string;
}

/** For the configuration of kind: what its control plane mounts, and what kubeadm is told. The policy outlives the checkout, as the cluster may. */
export function auditing(): { readonly extraMounts: readonly object[]; readonly patch: object } {
  const file = join(cacheFolder, 'audit', 'policy.yaml');
  mkdirSync(join(file, '..'), { recursive: true });
  copyFileSync(join(import.meta.dirname, 'audit-policy.yaml'), file);
  const volume = { pathType: 'DirectoryOrCreate' };
  const folder = join(logFile, '..');
  return {
    extraMounts: [{ hostPath: join(file, '..'), containerPath: policies, readOnly: true }],
    patch: {
      kind: 'ClusterConfiguration',
      apiServer: {
        extraArgs: {
          'audit-log-path': logFile,
          'audit-policy-file': `${policies}/policy.yaml`,
          // Megabytes: what a run writes stays in one file.
          'audit-log-maxsize': '1000',
        },
        extraVolumes: [
          { ...volume, name: 'audit-policies', hostPath: policies, mountPath: policies, readOnly: true },
          { ...volume, name: 'audit-log', hostPath: folder, mountPath: folder },
        ],
      },
    },
  };
}

/** Starts to listen at this control plane (a container); what it answers gives all calls since then. Throws where there is no log, or not the same any more. */
export async function auditOf(node: string): Promise<() => Promise<readonly AuditedCall[]>> {
  const start = await placeIn(node);
  return async () => {
    if (!isSameLog(start, await placeIn(node)))
      throw new Error(`the audit log of ${node} began anew meanwhile: it was rotated`);
    const text = await run(['docker', 'exec', node, 'tail', '--bytes', `+${start.size + 1}`, logFile]);
    return text.split('\n').filter(Boolean).flatMap(callsIn);
  };
}

interface Place {
  readonly inode: string;
  /** Bytes. */
  readonly size: number;
}

/** A log that was rotated is another file; however long that has grown, what was written before is not in it. */
export function isSameLog(before: Place, now: Place): boolean {
  return before.inode === now.inode && before.size <= now.size;
}

async function placeIn(node: string): Promise<Place> {
  const [inode = '', size] = (
    await run(['docker', 'exec', node, 'stat', '--format', '%i %s', logFile])
  ).split(' ');
  return { inode, size: Number(size) };
}

/** None in the line that tells how a long call began. */
export function callsIn(line: string): readonly AuditedCall[] {
  const { verb, userAgent = '', responseStatus, objectRef, stage } = JSON.parse(line) as AuditEvent;
  const isExec = objectRef?.subresource === 'exec' || objectRef?.subresource === 'attach';
  if (objectRef === undefined || (stage !== 'ResponseComplete' && stage !== 'Panic' && !isExec)) return [];
  const { resource, subresource, namespace, name } = objectRef;
  return [
    {
      ...{ verb, userAgent, status: responseStatus?.code ?? 0 },
      resource: subresource === undefined ? resource : `${resource}/${subresource}`,
      ...(namespace === undefined ? {} : { namespace }),
      ...(name === undefined ? {} : { name }),
    },
  ];
}

/** The fields of audit.k8s.io/v1 that are looked at. */
interface AuditEvent {
  readonly stage: string;
  readonly verb: string;
  readonly userAgent?: string;
  readonly responseStatus?: { readonly code?: number };
  readonly objectRef?: {
    readonly resource: string;
    readonly subresource?: string;
    readonly namespace?: string;
    readonly name?: string;
  };
}
