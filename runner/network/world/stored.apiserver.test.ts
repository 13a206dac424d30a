// Whatever the API server fills in or leaves out of a policy of the catalogue, nobody is accused of it.
import { expect, test } from 'vitest';
import { scene } from '../../../fixtures/network/rehearsal.ts';
import { catalogue } from '../../../suites/network/catalogue/index.ts';
import { describeWithApiServer } from '../../kube/testing/index.ts';
import { Writer } from './writer.ts';

describeWithApiServer('policies of the catalogue', (stage) => {
  test('each is stored as it is sent, when it is made and when it takes the place of another', async () => {
    const writer = new Writer(stage.admin);
    for (const short of ['x', 'y', 'z'])
      await writer.createNamespace({ metadata: { name: scene.namespace(short), labels: { ns: short } } });
    for (const step of catalogue)
      for (const policy of step.state(scene).policies) await writer.putPolicy(policy);
    expect(writer.taken().filter(({ verb }) => verb === 'replace').length).toBeGreaterThan(200);
  });
});
