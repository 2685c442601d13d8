export type Range = readonly [from: number, to: number];

/** A set of whole numbers as disjoint ranges in order; a value that never changes. */
export type Ranges = readonly Range[];

export const has = (ranges: Ranges, seq: number): boolean => ranges.some(([a, b]) => a <= seq && seq <= b);

export function add(ranges: Ranges, from: number, to = from): Ranges {
  const touched = ranges.filter(([a, b]) => b >= from - 1 && a <= to + 1);
  const joined: Range = [Math.min(from, ...touched.map(([a]) => a)), Math.max(to, ...touched.map(([, b]) => b))];
  return [...ranges.filter(([, b]) => b < joined[0]), joined, ...ranges.filter(([a]) => a > joined[1])];
}

export const remove = (ranges: Ranges, from: number, to = from): Ranges =>
  ranges.flatMap(([a, b]): Range[] => [[a, Math.min(b, from - 1)], [Math.max(a, to + 1), b]]).filter(([a, b]) => a <= b);
