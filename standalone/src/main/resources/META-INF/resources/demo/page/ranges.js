/** A set of whole numbers kept as disjoint ranges `[from, to]` in order. */
export class Ranges {
  #ranges = [];

  constructor(ranges = []) {
    ranges.forEach(([from, to]) => this.add(from, to));
  }

  add(from, to = from) {
    const last = this.#ranges.at(-1);
    if (last !== undefined && from === last[1] + 1) {
      last[1] = to; // the usual case: the next one
      return;
    }
    const apart = ([a, b]) => b < from - 1 || a > to + 1;
    const touching = this.#ranges.filter((range) => !apart(range));
    const merged = [Math.min(from, ...touching.map(([a]) => a)), Math.max(to, ...touching.map(([, b]) => b))];
    this.#ranges = [...this.#ranges.filter(apart), merged].sort(([a], [b]) => a - b);
  }

  /** The parts of `from..to` that are not in this set. */
  missing(from, to) {
    const parts = [];
    let next = from;
    for (const [a, b] of this.#ranges) {
      if (a > next && next <= to) {
        parts.push([next, Math.min(to, a - 1)]);
      }
      next = Math.max(next, b + 1);
    }
    return next <= to ? [...parts, [next, to]] : parts;
  }

  within(from, to) {
    return this.#ranges.filter(([a, b]) => b >= from && a <= to).map(([a, b]) => [Math.max(a, from), Math.min(b, to)]);
  }

  keep(from, to) {
    this.#ranges = this.within(from, to);
  }

  get first() {
    return this.#ranges[0]?.[0];
  }

  get last() {
    return this.#ranges.at(-1)?.[1];
  }

  [Symbol.iterator]() {
    return this.#ranges[Symbol.iterator]();
  }
}

/** `7` or `7–12`. */
export const shown = ([from, to]) => from === to ? `${from}` : `${from}–${to}`;
