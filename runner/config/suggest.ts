// The near miss: which known word was probably meant.

const longestWord = 64;

/** The candidate closest to `word`, or undefined where none is close enough to be a slip of the fingers. */
export function nearest(word: string, candidates: readonly string[]): string | undefined {
  if (word.length > longestWord) return undefined;
  const plain = simplify(word);
  let best: { readonly candidate: string; readonly distance: number } | undefined;
  for (const candidate of candidates) {
    const other = simplify(candidate);
    const distance = editDistance(plain, other);
    const allowed = Math.max(1, Math.floor(Math.max(plain.length, other.length) / 3));
    const isClose = distance <= allowed && distance < Math.max(plain.length, other.length);
    if (isClose && (best === undefined || distance < best.distance)) best = { candidate, distance };
  }
  return best?.candidate;
}

function simplify(word: string): string {
  return word.toLowerCase().replaceAll(/[-_.\s]/g, '');
}

/** Optimal string alignment: insert, delete, replace, swap of two neighbours, each counts one. */
export function editDistance(a: string, b: string): number {
  let beforeLast: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const replaced = number(last, j - 1) + (a[i - 1] === b[j - 1] ? 0 : 1);
      let cost = Math.min(number(last, j) + 1, number(row, j - 1) + 1, replaced);
      const isSwap = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1];
      if (isSwap) cost = Math.min(cost, number(beforeLast, j - 2) + 1);
      row.push(cost);
    }
    beforeLast = last;
    last = row;
  }
  return number(last, b.length);
}

function number(row: readonly number[], index: number): number {
  return row[index] ?? Number.POSITIVE_INFINITY;
}
