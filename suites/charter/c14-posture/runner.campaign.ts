// The runner itself: what its process may do on the node, and what its ServiceAccount may do in the cluster.
import { readFile } from 'node:fs/promises';
import { campaign, expect, inClusterAccess, selfSubjectAccessReview } from 'charter-runner';
import { accessQuestions, describeAccess } from './grants.ts';
import { processFacts } from './process.ts';

campaign('C-14', 'Sovereign posture', (c) => {
  c.case('14.3', 'the runner has no privileges on its node and cannot write its image', async ({ skip }) => {
    if (!process.env.KUBERNETES_SERVICE_HOST) skip('not in a Pod (KUBERNETES_SERVICE_HOST is not set)');
    const read = (name: string) => readFile(`/proc/self/${name}`, 'utf8');
    const facts = processFacts(await read('status'), await read('mountinfo'));
    expect(facts.effectiveUid, 'effective uid').toBeGreaterThan(0);
    expect(facts.effectiveCapabilities, 'effective capabilities').toMatch(/^0+$/);
    expect(facts.noNewPrivileges, 'NoNewPrivs').toBe(true);
    expect(facts.rootIs, 'root file system').toBe('read-only');
  });

  c.case(
    '14.4',
    'the ServiceAccount of the runner may do what the chart grants, and nothing more',
    async ({ config, skip }) => {
      const cluster = inClusterAccess();
      if ('reason' in cluster) return skip(cluster.reason);
      const different: string[] = [];
      for (const { question, expected } of accessQuestions(config.grants)) {
        const { allowed, reason } = await selfSubjectAccessReview(cluster.access, question);
        const got = allowed ? 'allowed' : 'denied';
        if (got !== expected)
          different.push(
            `${describeAccess(question)}: expected ${expected}, got ${got}${reason === undefined ? '' : ` (${reason})`}`,
          );
      }
      expect(different, 'grants that differ from those of the chart').toEqual([]);
    },
  );
});
