/** What every `on…` returns: `off()` ends it. */
export interface Subscription {
  off(): void;
}

/** Typed events. A listener that throws hurts no other: its error is reported as uncaught, and the client goes on. */
export interface Emitter<Events> {
  on<K extends keyof Events>(type: K, listener: (value: Events[K]) => void): Subscription;
  /** Resolves when it happens. */
  next<K extends keyof Events>(type: K): Promise<Events[K]>;
  emit<K extends keyof Events>(type: K, value: Events[K]): void;
}

export function newEmitter<Events>(): Emitter<Events> {
  const listeners = new Set<{ type: keyof Events; listener: (value: never) => void }>();
  const emitter: Emitter<Events> = {
    on(type, listener) {
      const own = { type, listener };
      listeners.add(own);
      return { off: () => void listeners.delete(own) };
    },
    next: (type) => new Promise((happened) => {
      const once = emitter.on(type, (value) => {
        once.off();
        happened(value);
      });
    }),
    emit: (type, value) => [...listeners].filter((each) => each.type === type).forEach(({ listener }) => guarded(() => listener(value as never))),
  };
  return emitter;
}

export function guarded(act: () => void): void {
  try {
    act();
  } catch (error) {
    queueMicrotask(() => { throw error; });
  }
}
