// What goes after a node image was built, with a stand-in for docker that knows the images of a file, the newest first.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { type StandIns, standIns } from '../../../fixtures/testing/stand-ins.ts';
import { nodeImage, type Sources } from './index.ts';

/**
 * A line is a tag, and `used` where a container has it: without force such an image is not removed. `$KNOWN/broken` is there when the
 * engine does not answer these questions.
 */
const docker = `
at="$KNOWN/images"
case "$*" in
  image\\ inspect*) for last; do :; done; grep -q "^$last " "$at" ;;
  images*--filter\\ before=*)
    [ -e "$KNOWN/broken" ] && exit 1
    for last; do [ "\${last#before=}" = "$last" ] || tag=\${last#before=}; done
    sed "0,\\\\|^$tag |d" "$at" | cut -d' ' -f1 | grep "^$last:" ;;
  rmi\\ --force*|rmi\\ -f*) sed -i "\\\\|^$3 |d" "$at" ;;
  rmi*) grep -q "^$2 used" "$at" && exit 1; sed -i "\\\\|^$2 |d" "$at" ;;
esac`;

let there: StandIns;
beforeEach(() => {
  there = standIns({ docker });
  vi.spyOn(process.stderr, 'write').mockReturnValue(true);
});
afterEach(() => {
  vi.restoreAllMocks();
  there.remove();
});

const repository = 'charter-runner.local/node';
const images = () => join(there.known, 'images');
const tags = () => readFileSync(images(), 'utf8').split('\n').filter(Boolean);

function sources(build: Sources['build']): Sources {
  return { published: 'kindest/node@sha256:0', own: `${repository}:own`, build };
}

/** A build that takes its place between images of before and those that are newer. */
const built: Sources['build'] = async (tag) =>
  writeFileSync(
    images(),
    [
      ...[`${repository}:newer -`, `${tag} -`, `${repository}:old -`, `${repository}:old-used used`],
      ...[`${repository}-root:1 -`, 'kindest/node:v1 -', `${repository}:older -`, ''],
    ].join('\n'),
  );

const wish = { from: 'build' } as const;

test('older own images go after a build, but none that a container uses, that is newer, or that is something else', async () => {
  writeFileSync(images(), '');
  expect(await nodeImage(wish, sources(built))).toEqual({ image: `${repository}:own`, origin: 'built' });
  expect(tags()).toEqual([
    ...[`${repository}:newer -`, `${repository}:own -`, `${repository}:old-used used`],
    ...[`${repository}-root:1 -`, 'kindest/node:v1 -'],
  ]);
});

test('all stay where nothing was built', async () => {
  await built(`${repository}:own`);
  const before = tags();
  await nodeImage(
    wish,
    sources(() => Promise.reject(new Error('built'))),
  );
  expect(tags()).toEqual(before);
});

test('an engine that cannot tell what is older is no failure of the build', async () => {
  writeFileSync(images(), '');
  writeFileSync(join(there.known, 'broken'), '');
  expect(await nodeImage(wish, sources(built))).toMatchObject({ origin: 'built' });
  expect(tags()).toHaveLength(7);
});
