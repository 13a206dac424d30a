// The part of a stack trace that is the author's: frames of the runner, of packages and of Node say nothing about a promise.
import { sep } from 'node:path';
import { stripVTControlCharacters } from 'node:util';

const room = import.meta.dirname;
const execution = room.replace(/campaign$/, 'execution');

export function ownStack(error: Error): { stack?: string } {
  if (error.stack === undefined) return {};
  const lines = stripVTControlCharacters(error.stack).split('\n');
  const own = lines.filter((line) => !/^\s+at /.test(line) || isOwn(line));
  return { stack: own.join('\n') };
}

function isOwn(frame: string): boolean {
  return ![`${room}${sep}`, `${execution}${sep}`, `${sep}node_modules${sep}`, 'node:'].some((part) =>
    frame.includes(part),
  );
}
