import { array, assert, constantFrom, integer, property, record } from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type ConfigMap, type InformerEvent, resources } from './index.ts';
import { objectStore } from './store.ts';

const object = (name: string, uid: string, resourceVersion: string): ConfigMap => ({
  metadata: { namespace: 'ns', name, uid, resourceVersion },
});
const words = (events: readonly InformerEvent<ConfigMap>[]) =>
  events.map(({ type, object }) => `${type} ${object.metadata?.name}@${object.metadata?.resourceVersion}`);

describe('a store', () => {
  test('tells what a new list means: gone, changed, new, and nothing of what is the same', () => {
    const store = objectStore(resources.configMaps);
    store.replace([object('same', '1', '1'), object('gone', '2', '2'), object('changed', '3', '3')]);
    const events = store.replace([
      object('same', '1', '1'),
      object('changed', '3', '4'),
      object('new', '5', '5'),
    ]);
    expect(words(events)).toEqual(['deleted gone@2', 'modified changed@4', 'added new@5']);
    expect(store.size).toBe(3);
  });

  test('another uid under the same name is an end and a beginning', () => {
    const store = objectStore(resources.configMaps);
    store.put(object('a', '1', '1'));
    expect(words(store.put(object('a', '2', '2')))).toEqual(['deleted a@1', 'added a@2']);
  });

  test('a deletion carries the last state, and one of what is not known says nothing', () => {
    const store = objectStore(resources.configMaps);
    store.put(object('a', '1', '1'));
    expect(words(store.remove(object('a', '1', '2')))).toEqual(['deleted a@2']);
    expect(store.remove(object('a', '1', '2'))).toEqual([]);
  });

  test('lists a namespace, and gives objects the kind that typed lists leave out', () => {
    const store = objectStore(resources.configMaps);
    store.put(object('a', '1', '1'));
    expect(store.list('other')).toEqual([]);
    expect(store.list('ns')).toMatchObject([{ apiVersion: 'v1', kind: 'ConfigMap' }]);
  });
});

const known = record({
  name: constantFrom('a', 'b', 'c', 'd'),
  uid: constantFrom('1', '2'),
  version: integer({ min: 1, max: 3 }),
});

test('who only follows the events of any lists knows what the store knows', () => {
  assert(
    property(array(array(known, { maxLength: 4 }), { maxLength: 6 }), (lists) => {
      const store = objectStore(resources.configMaps);
      const followed = new Map<string, string>();
      for (const list of lists) {
        const unique = [...new Map(list.map((one) => [one.name, one])).values()];
        const events = store.replace(
          unique.map((one) => object(one.name, one.uid, `${one.uid}${one.version}`)),
        );
        for (const { type, object: one } of events) {
          const { name = '', resourceVersion = '' } = one.metadata ?? {};
          // An addition of what is there, or a change or an end of what is not, would be a lie.
          expect(followed.has(name)).toBe(type !== 'added');
          if (type === 'deleted') followed.delete(name);
          else followed.set(name, resourceVersion);
        }
        const kept = store.list().map(({ metadata }) => [metadata?.name, metadata?.resourceVersion]);
        expect(Object.fromEntries(kept)).toEqual(Object.fromEntries(followed));
        expect([...followed.keys()].toSorted()).toEqual(unique.map(({ name }) => name).toSorted());
      }
    }),
  );
});
