// Everything the charter talks to is inside, and nothing outside can be reached.
import { campaign, expect, TargetError } from 'charter-runner';
import { configured } from '../configured.ts';
import { addressesOf, isClusterName, isInside } from './addresses.ts';
import { readNonce } from './outside.ts';
import { expectedTargets, noTargets } from './targets.ts';

const outsideMs = 2_000;

campaign('C-14', 'Sovereign posture', (c) => {
  c.case(
    '14.1',
    'every target is named inside the cluster and leads to a private address',
    async ({ config, externalTargets, skip, xfail }) => {
      const targets = expectedTargets(config);
      if (targets.length === 0) skip(noTargets);
      const accepted = new Set(externalTargets.map((target) => target.split('=')[0]));
      const outside: { readonly name: string; readonly what: string }[] = [];
      for (const { name, url, host } of targets) {
        if (!isClusterName(host, config.clusterDomain))
          outside.push({ name, what: `${host} is not named inside the cluster` });
        const found = await addressesOf(host);
        if ('unresolved' in found)
          throw new TargetError('unresolved', {
            target: name,
            url,
            expected: 'an address',
            got: found.unresolved,
            waitedMs: 0,
          });
        for (const address of found.addresses)
          if (!isInside(address)) outside.push({ name, what: `${host} leads to ${address}` });
      }
      const unaccepted = outside.filter(({ name }) => !accepted.has(name));
      expect(
        unaccepted.map(({ name, what }) => `${name}: ${what}`),
        'targets outside the cluster',
      ).toEqual([]);
      if (outside.length > 0)
        xfail(`modes.allowExternalTargets is on: ${outside.map(({ what }) => what).join(', ')}`);
    },
  );

  c.case(
    '14.2',
    'an address outside the cluster cannot be reached',
    { needs: ['outside'] },
    async ({ config, skip }) => {
      if (!process.env.KUBERNETES_SERVICE_HOST) skip('not in a Pod (KUBERNETES_SERVICE_HOST is not set)');
      const outside = configured(config.outside, 'outside');
      const attempt = await readNonce(outside, outsideMs);
      if (attempt === 'unresolved')
        skip(
          `outside.host ${outside.host} does not resolve here, so it was not tried; configure its address`,
        );
      expect(attempt, `what ${outside.host}:${outside.port} let through within ${outsideMs} ms`).toBe(
        'no nonce',
      );
    },
  );

  c.case(
    '14.8',
    'the configuration names targets inside the cluster only',
    ({ config, externalTargets, skip, xfail }) => {
      if (expectedTargets(config).length === 0) skip(noTargets);
      if (externalTargets.length > 0 && config.modes.allowExternalTargets)
        xfail(`modes.allowExternalTargets is on: ${externalTargets.join(', ')}`);
      expect(externalTargets, 'targets outside the cluster').toEqual([]);
    },
  );
});
