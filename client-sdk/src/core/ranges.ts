export type Range = readonly [from: number, to: number];

/** A set of whole numbers as disjoint ranges in order; a value that never changes. */
export class Ranges {
  readonly all: readonly Range[];

  private constructor(all: readonly Range[]) {
    this.all = all;
  }

  static readonly none = new Ranges([]);

  add(from: number, to: number = from): Ranges {
    if (to < from) {
      return this;
    }
    const before = this.all.filter(([, b]) => b < from - 1);
    const after = this.all.filter(([a]) => a > to + 1);
    const touched = this.all.slice(before.length, this.all.length - after.length);
    return new Ranges([...before, [Math.min(from, touched[0]?.[0] ?? from), Math.max(to, touched.at(-1)?.[1] ?? to)], ...after]);
  }

  remove(from: number, to: number): Ranges {
    const left = ([a, b]: Range): Range => [a, Math.min(b, from - 1)];
    const right = ([a, b]: Range): Range => [Math.max(a, to + 1), b];
    return new Ranges(this.all.flatMap((range) => [left(range), right(range)]).filter(([a, b]) => a <= b));
  }

  /** The parts of `from..to` that are not in this set. */
  missing(from: number, to: number): readonly Range[] {
    return this.all.reduce((rest, [a, b]) => rest.remove(a, b), Ranges.none.add(from, to)).all;
  }

  within(from: number, to: number): readonly Range[] {
    return this.all.map(([a, b]): Range => [Math.max(a, from), Math.min(b, to)]).filter(([a, b]) => a <= b);
  }

  has(seq: number): boolean {
    return this.all.some(([a, b]) => a <= seq && seq <= b);
  }

  get first(): number | undefined {
    return this.all[0]?.[0];
  }

  get last(): number | undefined {
    return this.all.at(-1)?.[1];
  }
}
