/** What happens to a state machine: a function that gives its turn another state and says what to do about it. */
export type Event<T> = (turn: T) => void;

/** What is to be done when the turn is over: which of the machine's effects, with what. */
export type Effect<P> = readonly [name: keyof P, args: readonly unknown[]];

/** One event's work: a state that is replaced, never changed, and the effects in order. */
export class Turn<S, P extends object, E = undefined> {
  declare state: S;
  declare readonly now: number;
  declare readonly env: E;
  readonly effects: Effect<P>[] = [];
  /** The effects as calls; they are only written down here, and run by the shell when the turn is over. */
  readonly to = new Proxy({}, { get: (_, name) => (...args: unknown[]) => this.effects.push([name as keyof P, args]) }) as P;

  constructor(state: S, now: number, env: E) {
    this.state = state;
    this.now = now;
    this.env = env;
  }

  set(change: Partial<S>): void {
    this.state = { ...this.state, ...change };
  }
}

/** Has the surroundings do what a turn asked for. */
export function run<P extends object>(effects: readonly Effect<P>[], surroundings: P): void {
  effects.forEach(([name, args]) => (surroundings[name] as (...args: readonly unknown[]) => void)(...args));
}
