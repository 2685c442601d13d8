/** What every `on…` returns: `off()` ends it. */
export interface Subscription {
  off(): void;
}

/** Typed events. A listener that throws hurts no other: its error is reported as uncaught, and the client goes on. */
export class Emitter<Events extends object> {
  readonly #listeners = new Map<keyof Events, Set<(value: never) => void>>();

  on<K extends keyof Events>(type: K, listener: (value: Events[K]) => void): Subscription {
    const listeners = this.#listeners.get(type) ?? new Set();
    this.#listeners.set(type, listeners);
    const own = (value: Events[K]): void => listener(value);
    listeners.add(own as (value: never) => void);
    return { off: () => void listeners.delete(own as (value: never) => void) };
  }

  emit<K extends keyof Events>(type: K, value: Events[K]): void {
    [...this.#listeners.get(type) ?? []].forEach((listener) => guarded(() => listener(value as never)));
  }
}

export function guarded(act: () => void): void {
  try {
    act();
  } catch (error) {
    queueMicrotask(() => { throw error; });
  }
}
