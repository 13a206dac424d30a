// How the platform is set up: released versions, no published passwords, no door for foreign web pages.
import { campaign, expect } from 'charter-runner';
import { askFromElsewhere, foreignOrigin } from './cross-origin.ts';
import { expectedTargets, noTargets } from './targets.ts';
import { askVersion, isRelease } from './versions.ts';

campaign('C-14', 'Sovereign posture', (c) => {
  c.case('14.5', 'every target says which release it is', async (context) => {
    const { config, property, warn, skip } = context;
    const targets = expectedTargets(config);
    if (targets.length === 0) skip(noTargets);
    const unreleased: string[] = [];
    for (const { name } of targets) {
      await context[name].identify();
      const { status, version } = await askVersion[name](context);
      // OPA shows its page to nobody when its authorization is on; that is sound, and there is nothing to record.
      expect(status, `status of the version of ${name}`).to.be.oneOf([200, 401, 403]);
      property(`version.${name}`, version ?? 'not found');
      if (version === undefined) warn(`${name} does not show its version`);
      else if (!isRelease(version)) unreleased.push(`${name} ${version}`);
    }
    if (config.modes.release) expect(unreleased, 'versions that are no release').toEqual([]);
    else for (const one of unreleased) warn(`no release: ${one}`);
  });

  c.case(
    '14.6',
    'no persona has its published default password',
    { personas: 'each', password: 'required' },
    ({ persona, config, warn, skip }) => {
      const password = persona.password?.reveal() ?? skip(`${persona.name} has no password`);
      const published = [persona.name, persona.username].flatMap((name) => [
        `${name}123`,
        `${name.toLowerCase()}123`,
      ]);
      const isPublished = published.includes(password);
      if (config.modes.production)
        expect(isPublished, `${persona.name} has the published default password`).toBe(false);
      else if (isPublished) warn(`${persona.name} has the published default password`);
    },
  );

  c.case(
    '14.7',
    'no target opens an authenticated route to foreign web pages',
    { needs: ['routes.cockpitBackend.me'], logins: ['analyst'] },
    async (context) => {
      const targets = expectedTargets(context.config);
      if (targets.length === 0) context.skip(noTargets);
      const open: string[] = [];
      for (const { name } of targets) {
        await context[name].identify();
        // An engine that is busy for a moment says 503 before it looks at the caller.
        const { headers } = await context.eventually(context.config.budgets.healthMs, async () => {
          const answer = await askFromElsewhere[name](context, context.cast.analyst);
          expect(answer.status, `status of the authenticated route of ${name}`).toBeLessThan(500);
          return answer;
        });
        const allowed = [headers['access-control-allow-origin'] ?? []].flat();
        if (allowed.some((origin) => origin === '*' || origin === foreignOrigin))
          open.push(`${name}: Access-Control-Allow-Origin: ${allowed.join(', ')}`);
      }
      expect(open, 'targets open to foreign web pages').toEqual([]);
    },
  );
});
