// Which problem an error of the store is, so that a page, a probe and a program are told the same.
import { CharterError } from '../errors/index.ts';
import { isRefused, isUnprepared } from '../store/index.ts';
import { type Problem, problems } from './pages/problem.ts';

export function problemOf(error: unknown): Problem {
  if (isUnprepared(error)) return problems.unprepared;
  if (isRefused(error)) return problems.refused;
  const isAway = error instanceof CharterError && error.code === 'CHR_STORE';
  return isAway ? problems.database : problems.unexpected;
}

/** For who reads no page. */
export const briefly = ({ title }: Problem): string => `${title.charAt(0).toLowerCase()}${title.slice(1)}`;
