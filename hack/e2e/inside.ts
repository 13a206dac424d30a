// A running container as its node sees it: the runner's image has no shell to look from inside.
import { run } from '../kind/command.ts';

/** A shell script on the node, with `$pid` the container's first process. */
export function withPidOf(node: string, pod: string, script: string): Promise<string> {
  const find = `
    id=$(crictl ps --quiet --label io.kubernetes.pod.name=${pod})
    pid=$(crictl inspect "$id" | jq .info.pid)`;
  return run(['docker', 'exec', node, 'sh', '-ec', `${find}\n${script}`]);
}

/** SIGKILL to every process of the container, as a machine that fails would do it: nobody says a last word. */
export async function killContainer(node: string, pod: string): Promise<void> {
  await withPidOf(node, pod, 'kill -9 $pid');
}
