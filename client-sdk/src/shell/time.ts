const MAX_TIMER_MS = 1e9;

/** Milliseconds that only grow. */
export const now = (): number => performance.now();

/** One timer, always set to the next moment something is due; null: none. */
export function wake(act: () => void): (at: number | null) => void {
  let set: number | null = null;
  let timer: ReturnType<typeof setTimeout> | undefined;
  return (at) => {
    if (at !== set) {
      set = at;
      clearTimeout(timer);
      timer = at === null ? undefined : setTimeout(() => {
        set = null;
        act();
      }, Math.min(at - now(), MAX_TIMER_MS));
    }
  };
}
