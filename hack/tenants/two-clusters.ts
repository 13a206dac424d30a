// The two-cluster flow as one program. Prints its lines in the order of flow.ts; the exit code is 0 only after the last.
// hack/node hack/tenants/two-clusters.ts
import { action } from '../kind/action.ts';
import { flow } from './flow.ts';
import { bringUp } from './scene.ts';
import { sceneVariable, world } from './world.ts';

const code = await flow(
  async () => {
    const scene = await action('the scene of Tenants', bringUp);
    process.env[sceneVariable] = JSON.stringify(scene);
    return world();
  },
  {
    say: (line) => process.stdout.write(`${line}\n`),
    complain: (line) => process.stderr.write(`${line}\n`),
  },
);
process.exit(code);
