// Node images that a newer build took the place of: each is more than a gigabyte, and its tag is asked for by nobody who has these inputs.
import { remark } from '../action.ts';
import { attempt } from '../command.ts';

/** Removes older tags of the same repository; one whose image a container uses the engine keeps. Never fails: the new image is there. */
export async function removeSuperseded(tag: string): Promise<void> {
  const repository = tag.slice(0, tag.lastIndexOf(':'));
  const { stdout: older } = await attempt([
    ...['docker', 'images', '--filter', `before=${tag}`],
    ...['--format', '{{.Repository}}:{{.Tag}}', repository],
  ]);
  const tags = older.split('\n').filter((one) => one !== '' && !one.endsWith(':<none>'));
  for (const one of tags)
    if ((await attempt(['docker', 'rmi', one])).code === 0) remark(`removed the superseded ${one}`);
}
