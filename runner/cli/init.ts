// `charter init`: a campaign of your own that runs at once, with a test that proves it can turn red.
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { Command } from 'commander';
import { CharterError } from '../errors/index.ts';

export function initCommand(): Command {
  return new Command('init')
    .description('Write a runnable campaign with its test into a new folder.')
    .argument('<folder>', 'e.g. my-campaign')
    .action((folder: string) => {
      const written = writeCampaign(resolve(folder));
      process.stdout.write(`${written.map((file) => `wrote ${file}`).join('\n')}\n`);
      process.stdout.write(
        `\nRun it:   charter run --embedded --suites ${folder}\nTest it:  make test ARGS=${folder}\n`,
      );
    });
}

/** Writes nothing into a folder that is there already. Returns the paths written. */
export function writeCampaign(folder: string): string[] {
  const name = basename(folder);
  if (!/^[a-z][a-z0-9-]*$/.test(name)) {
    throw new CharterError('CHR_USAGE', `'${name}' is no name for a campaign folder`, {
      hint: 'Use lower-case letters, digits and dashes, starting with a letter: my-campaign.',
    });
  }
  if (existsSync(folder)) {
    throw new CharterError('CHR_USAGE', `${folder} exists already`, {
      hint: 'Choose a new folder; nothing was written.',
    });
  }
  mkdirSync(folder, { recursive: true });
  const files = { [`${name}.campaign.ts`]: campaignSource(name), [`${name}.test.ts`]: testSource() };
  return Object.entries(files).map(([file, text]) => {
    const path = join(folder, file);
    writeFileSync(path, text);
    return path;
  });
}

function campaignSource(name: string): string {
  return `// A campaign reads like a test plan: each case states a promise of the platform and how it is seen to hold.
import { campaign, expect } from 'charter-runner';

campaign('${name.toUpperCase()}', 'Our own promises', { targets: ['opa', 'trino'] }, (c) => {
  c.case('1', 'every persona reads under its own name', { personas: 'each', password: 'required' }, async ({ trino, login, persona }) => {
    const { accessToken } = await login(persona);
    const answer = await trino.query('SELECT current_user', { user: persona.username, token: accessToken });
    expect(answer.state, 'state of the query').toBe('finished');
    expect(answer.contains(persona.username), 'the query runs as the persona').toBe(true);
  });

  c.case('2', 'the policy engine is healthy', async ({ opa }) => {
    expect((await opa.health()).status, 'GET /health').toBe(200);
  });
});
`;
}

function testSource(): string {
  return `// A check that cannot fail proves nothing: the campaign is run against a healthy platform, and against a broken one.
import { expect, test } from 'vitest';
import { tryCampaign } from 'charter-runner/testing';

test('a healthy platform passes', async () => {
  const run = await tryCampaign({ suites: import.meta.dirname });
  expect(run.red).toEqual([]);
  expect(run.exitCode).toBe(0);
});

test('a policy engine that is not healthy is found', async () => {
  const run = await tryCampaign({ suites: import.meta.dirname, faults: ['opa-health-500'] });
  expect(run.red).toContain('2');
});
`;
}
