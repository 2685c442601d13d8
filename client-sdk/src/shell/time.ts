const MAX_TIMER_MS = 1e9;

/** Milliseconds that only grow. */
export const now = (): number => performance.now();

/** What `act` brings, or an error when that takes longer. */
export const within = <T>(ms: number, act: () => T | Promise<T>): Promise<T> => new Promise((resolve, reject) => {
  const timer = setTimeout(() => reject(new Error('no answer')), ms);
  Promise.resolve().then(act).then(resolve, reject).finally(() => clearTimeout(timer));
});

/** One timer, always set to the next moment something is due; null: none. */
export function wake(act: () => void): (at: number | null) => void {
  let set: number | null = null;
  let timer: ReturnType<typeof setTimeout> | undefined;
  return (at) => {
    if (at !== set) {
      set = at;
      clearTimeout(timer);
      if (at !== null) {
        timer = setTimeout(() => {
          set = null;
          act();
        }, Math.min(at - now(), MAX_TIMER_MS));
      }
    }
  };
}
