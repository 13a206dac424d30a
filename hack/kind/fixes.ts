// What usually helps, by what a failed command printed.
const fixes: readonly (readonly [RegExp, string])[] = [
  [
    /Cannot connect to the Docker daemon|docker daemon is not running/i,
    'no Docker engine answers: make engine',
  ],
  [
    /unable to apply caps|operation not permitted.*caps/i,
    'the engine asks for capabilities this host lacks: make engine',
  ],
  [/No space left on device/i, 'the disk is full: make kind-down, docker system prune'],
  [
    /too many open files|inotify/i,
    'raise fs.inotify.max_user_instances: sysctl -w fs.inotify.max_user_instances=512',
  ],
  [/node\(s\) already exist for a cluster/i, 'a half-made cluster is in the way: make kind-sweep'],
  [/address already in use|port is already allocated/i, 'another process has the port: make doctor'],
  [
    /no such host|dial tcp.*(timeout|refused)|Temporary failure in name resolution/i,
    'the network does not lead there: is a proxy or mirror needed?',
  ],
  [
    /(debootstrap|buildah|jq): (command )?not found/i,
    'on Debian: apt-get install -y --no-install-recommends debootstrap buildah jq',
  ],
  [
    /go: command not found|"go": executable file not found|go: not found/i,
    'install Go; which version is told by: make doctor',
  ],
  [
    /verifying module.*404|missing GOSUMDB/i,
    'the checksum database lacks the module: its go.sum must be complete',
  ],
  [
    /ImagePullBackOff|ErrImageNeverPull|ErrImagePull/i,
    'the image is not on the node: hack/node hack/kind/main.ts load <archive>',
  ],
  [
    /audit\.log.*No such file/i,
    'the cluster is of a time when none was audited: make kind-down, it comes up anew',
  ],
  [/permission denied.*docker\.sock/i, 'your user may not talk to Docker: add it to the group docker'],
];

export function fixFor(output: string): string | undefined {
  return fixes.find(([pattern]) => pattern.test(output))?.[1];
}
