// The commands as a user calls them.
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { describe, expect, test } from 'vitest';
import { readLeftBehind, runCharter } from '../../fixtures/testing/index.ts';
import { caseCounts } from '../config/index.ts';

const root = resolve(import.meta.dirname, '../..');
const campaigns = join(root, 'fixtures/campaigns');
const known = ['--config', join(campaigns, 'charter.yaml'), '--suites', join(campaigns, 'known-verdicts')];
const folder = () => mkdtempSync(join(tmpdir(), 'charter-cli-'));

function charter(args: readonly string[], env: NodeJS.ProcessEnv = {}) {
  return runCharter(args, { env: { CHARTER_EMBEDDED: 'true', ...env } });
}

describe('charter', () => {
  test('alone and with --help tells its commands', async () => {
    for (const args of [[], ['--help']]) {
      const { code, stdout } = await charter(args);
      expect(code).toBe(0);
      for (const command of [
        'run',
        'list',
        'report',
        'config',
        'init',
        'platform',
        'network',
        'operator',
        'runs',
        'flakes',
        'store',
        'cockpit',
      ])
        expect(stdout).toMatch(new RegExp(`^  ${command}\\b`, 'm'));
    }
  });

  test('help tells the options of a command, as --help does', async () => {
    const { code, stdout } = await charter(['help', 'run']);
    expect({ code, stdout }).toEqual({ code: 0, stdout: (await charter(['run', '--help'])).stdout });
    expect(stdout).toContain('--shard <i/n>');
  });

  test.each([
    { args: ['run', '--embedded', ...known] },
    { args: ['list', '--embedded', '--config', 'mine.yaml'] },
    { args: ['run', ...known, '--fault', 'opa-down'] },
    { args: ['list', '--fault', 'opa-down'] },
  ])('what would be ignored is refused: $args', async ({ args }) => {
    const { code, stderr } = await charter(args);
    expect([code, stderr]).toEqual([2, expect.stringMatching(/--embedded[\s\S]*CHR_USAGE/)]);
  });

  test.each([['nope'], ['run', '--shard', 'x']])(
    '%s %s is refused with a hint, without a stack trace',
    async (...args) => {
      const { code, stderr } = await charter(args);
      expect(code).toBe(2);
      expect(stderr).not.toBe('');
      expect(stderr).not.toMatch(/^\s+at /m);
    },
  );
});

describe('charter run', () => {
  test('with CHARTER_LOG=stdout says all of it on one stream, so that SUMMARY is last in the log of a Pod too', async () => {
    for (const [why, args] of [
      ['expected 0 to 3', ['run', '--retry', 'x']],
      ['CHR_CONFIG', ['run', '--config', 'nowhere.yaml', '--out', folder()]],
    ] as const) {
      const { stdout, stderr } = await charter(args, { CHARTER_LOG: 'stdout' });
      expect([stderr, stdout]).toEqual(['', expect.stringContaining(why)]);
      expect(stdout).toMatch(/SUMMARY tests=\d pass=0 fail=0 err=\d skip=0\n$/);
      expect((await charter(args)).stderr).toContain(why);
    }
  });
});

describe('charter list', () => {
  test('tells no password, in a title or in the error of an import', async () => {
    const suites = folder();
    writeFileSync(
      join(suites, 'a.campaign.ts'),
      `import { test } from 'vitest';
       const secret = process.env.AKKO_TEST_PASSWORD_ALICE;
       test(\`shows \${secret}\`, () => {});`,
    );
    writeFileSync(
      join(suites, 'b.campaign.ts'),
      'throw new Error("not with " + process.env.AKKO_TEST_PASSWORD_ALICE);',
    );
    const config = join(campaigns, 'charter.yaml');
    const env = { AKKO_TEST_PASSWORD_ALICE: 'hunter2-of-alice' };
    const { stdout, stderr } = await charter(['list', '--config', config, '--suites', suites], env);
    expect(stdout).toContain('shows ***');
    expect(stderr).toContain('not with ***');
    expect(stdout + stderr).not.toContain('hunter2');
  });

  test('shows what a run would take, and runs nothing', async () => {
    const { code, stdout, stderr } = await charter(['list', ...known, '--campaign', 'K2']);
    expect({ code, stderr: stderr.trim() }).toEqual({ code: 0, stderr: '20 of 60 cases' });
    expect(stdout.trim().split('\n')).toHaveLength(20);
    expect(stdout).toContain('K2/failed-1');
  });

  test('goes on after a file that kills its process, and names it', async () => {
    const suites = folder();
    const test = "import { test } from 'vitest'; test('is there', () => {});";
    writeFileSync(join(suites, 'a.campaign.ts'), test);
    writeFileSync(join(suites, 'b.campaign.ts'), "process.kill(process.pid, 'SIGKILL');");
    writeFileSync(join(suites, 'c.campaign.ts'), test);
    const config = join(campaigns, 'charter.yaml');
    const { code, stdout, stderr } = await charter(['list', '--config', config, '--suites', suites]);
    expect(code).toBe(4);
    expect(stdout.match(/^\S+/gm)).toEqual(['a/is', 'c/is']);
    expect(stderr).toContain('b.campaign.ts: the worker died (SIGKILL)\n2 of 2 cases');
  });

  test('gives JSON, and 3 when nothing matches', async () => {
    expect(JSON.parse((await charter(['list', ...known, '--json'])).stdout)).toHaveLength(60);
    expect((await charter(['list', ...known, '--case', 'nope'])).code).toBe(3);
  });

  test('the campaigns that ship hold 98 cases', async () => {
    const { stdout } = await runCharter(['list', '--embedded', '--json']);
    const cases = JSON.parse(stdout) as { campaign: string; id: string }[];
    const ids = (campaign: string) =>
      new Set(cases.filter((item) => item.campaign === campaign).map(({ id }) => id)).size;
    const counts = Object.fromEntries(
      [...new Set(cases.map(({ campaign }) => campaign))].map((campaign) => [campaign, ids(campaign)]),
    );
    expect(counts).toEqual({
      'C-10': 12,
      'C-11': 12,
      'C-12': 10,
      'C-13': 9,
      'C-14': 8,
      'C-15': 13,
      W2: 12,
      W4: 12,
      W5: 10,
    });
    expect(caseCounts).toEqual(counts);
    const numbered = Object.entries(counts).flatMap(([campaign, count]) =>
      Array.from({ length: count }, (_, index) => `${campaign}/${campaign.replace('C-', '')}.${index + 1}`),
    );
    expect(new Set(cases.map(({ campaign, id }) => `${campaign}/${id}`))).toEqual(new Set(numbered));
  });
});

describe('shards', () => {
  test('together run every case once; an Indexed Job needs only /n', async () => {
    const keys: string[] = [];
    for (const index of [0, 1, 2]) {
      const out = folder();
      await charter(['run', ...known, '--out', out, '--shard', '/3'], {
        JOB_COMPLETION_INDEX: String(index),
      });
      const { state } = readLeftBehind(out);
      expect(state.properties.get('shard')).toBe(`${index + 1}/3`);
      keys.push(...state.cases.keys());
    }
    expect(keys.length).toBe(60);
    expect(new Set(keys).size).toBe(60);
  });
});

describe('charter report', () => {
  test('rebuilds from the journal what the run wrote', async () => {
    const out = folder();
    const ended = await charter(['run', ...known, '--out', out]);
    const { junit, files } = readLeftBehind(out);
    const journal = join(out, files.find((file) => file.endsWith('.jsonl')) ?? '');
    const again = folder();
    const rebuilt = await charter(['report', journal, '--out', again]);
    expect(rebuilt.code).toBe(ended.code);
    const xml = files.find((file) => file.endsWith('.xml')) ?? '';
    expect(readFileSync(join(again, xml), 'utf8')).toBe(junit);
    expect(rebuilt.stdout.trimEnd().split('\n').at(-1)).toBe(ended.stdout.trimEnd().split('\n').at(-1));
  });
});

describe('charter init', () => {
  test('writes a campaign whose own test is green, and overwrites nothing', {
    timeout: 120_000,
  }, async () => {
    const parent = join(root, 'charter-out');
    mkdirSync(parent, { recursive: true });
    const target = join(mkdtempSync(join(parent, 'init-')), 'my-campaign');
    try {
      expect((await charter(['init', target])).code).toBe(0);
      expect(existsSync(join(target, 'my-campaign.campaign.ts'))).toBe(true);
      const again = await charter(['init', target]);
      expect([again.code, again.stderr.includes('exists already')]).toEqual([2, true]);
      const ended = await runCharter(['run', '--embedded', '--suites', target, '--out', folder()]);
      expect(ended.stdout).toMatch(/SUMMARY tests=7 pass=7 fail=0 err=0 skip=0\n$/);
      const { spawnSync } = await import('node:child_process');
      const vitest = join(root, 'node_modules/vitest/vitest.mjs');
      const env = Object.fromEntries(
        Object.entries(process.env).filter(([name]) => !/^(VITEST|TEST$|NODE_ENV)/.test(name)),
      );
      const own = spawnSync(process.execPath, [vitest, 'run', target], {
        cwd: root,
        env,
        encoding: 'utf8',
      });
      expect(own.status, own.stdout + own.stderr).toBe(0);
      expect(own.stdout).toContain('2 passed');
    } finally {
      rmSync(join(target, '..'), { recursive: true, force: true });
    }
  });

  test('a name that is none is refused', async () => {
    const { code, stderr } = await charter(['init', join(folder(), 'My Campaign')]);
    expect([code, stderr.includes('no name for a campaign folder')]).toEqual([2, true]);
  });
});
