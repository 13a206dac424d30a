// The part of the Dockerfile that one target needs. Buildah 1.28 and docker without BuildKit build every stage before the target.

/** `text` of a Dockerfile, less the stages that `target` does not come from. */
export function stagesOf(text: string, target: string): string {
  const [head = '', ...stages] = text.split(/^(?=FROM )/m);
  const byName = new Map(
    stages.map((stage) => {
      const [, from = '', name = ''] = /^FROM (\S+) AS (\S+)/.exec(stage) ?? [];
      return [name, { stage, from }];
    }),
  );
  if (!byName.has(target)) throw new Error(`the Dockerfile has no target ${target}`);
  const needed: string[] = [];
  for (let name = target; byName.has(name); name = byName.get(name)?.from ?? '')
    needed.unshift(byName.get(name)?.stage ?? '');
  return [head, ...needed].join('');
}
