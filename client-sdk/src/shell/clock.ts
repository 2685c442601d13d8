/** Time as the client needs it; tests bring their own. */
export interface Clock {
  /** Milliseconds that only grow. */
  now(): number;
  /** Milliseconds since 1970, for people. */
  wall(): number;
  after(ms: number, act: () => void): () => void;
  chance(): number;
}

const MAX_TIMER_MS = 2 ** 31 - 1;

export const systemClock: Clock = {
  now: () => performance.now(),
  wall: () => Date.now(),
  after: (ms, act) => {
    const timer = setTimeout(act, Math.min(ms, MAX_TIMER_MS));
    return () => clearTimeout(timer);
  },
  chance: () => Math.random(),
};

/** One timer that is always set to the next moment something is due. */
export class Wake {
  readonly #clock: Clock;
  readonly #act: () => void;
  #at: number | null = null;
  #cancel = (): void => {};

  constructor(clock: Clock, act: () => void) {
    this.#clock = clock;
    this.#act = act;
  }

  set(at: number | null): void {
    if (at === this.#at) {
      return;
    }
    this.#cancel();
    this.#at = at;
    this.#cancel = at === null ? () => {} : this.#clock.after(Math.max(0, at - this.#clock.now()), () => {
      this.#at = null;
      this.#act();
    });
  }
}
