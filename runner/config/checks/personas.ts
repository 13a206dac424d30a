// Personas are distinct, and the cast is made of them.
import { describeValue } from '../describe.ts';
import { parts, passwordVariable } from '../names.ts';
import { nearest } from '../suggest.ts';
import { type Check, personaNames, problemAt, textAt } from './check.ts';

export const checkPersonas: Check = (source) => {
  const names = personaNames(source);
  return names.flatMap((name, index) => {
    if (name === '') return [];
    const path = ['personas', index, 'name'];
    const earlier = names
      .slice(0, index)
      .find((other) => other !== '' && passwordVariable(other) === passwordVariable(name));
    if (earlier === undefined) return [];
    const clash =
      earlier === name
        ? `a second persona ${name}`
        : `${name} beside ${earlier}: both read ${passwordVariable(name)}`;
    return [problemAt(source, path, { expected: 'a name of its own for each persona', got: clash })];
  });
};

export const checkCast: Check = (source) => {
  const names = [...new Set(personaNames(source).filter((name) => name !== ''))];
  return parts.flatMap((part) => {
    const path = ['cast', part];
    const name = textAt(source, path);
    if (name === undefined || names.includes(name)) return [];
    const expected =
      names.length === 0
        ? 'the name of a persona; none is configured'
        : `the name of a persona: ${names.join(', ')}`;
    const suggestion = nearest(name, names);
    return [
      problemAt(source, path, {
        expected,
        got: describeValue(name),
        ...(suggestion === undefined ? {} : { suggestion }),
      }),
    ];
  });
};
