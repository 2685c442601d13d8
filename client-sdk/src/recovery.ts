import type { Message } from './core/message.js';
import { has, type Range } from './core/ranges.js';
import type { Timeline } from './core/timeline.js';
import type { HistoryFrame } from './protocol.js';

/** What a recovery brought. */
export interface Recovered {
  /** The missed messages with their edits applied, oldest first. */
  readonly messages: readonly Message[];
  /** Nothing of the missed ranges is missing any more. */
  readonly complete: boolean;
  /** What could not be had: older than retention, or beyond the limit. */
  readonly missing: readonly Range[];
}

const PAGE = 500;

/** Fills the ranges that discontinuities left open from history, newest first, so that the screen is whole from its end on. */
export async function recover(timeline: Timeline, load: (before: number, limit: number) => Promise<HistoryFrame>, limit: number): Promise<Recovered> {
  const wanted = [...timeline.lost].reverse();
  let left = limit;
  for (const [from, to] of wanted) {
    for (let before = to + 1; before > from && left > 0;) {
      const { items } = await load(before, Math.min(PAGE, left, before - from));
      left -= items.length;
      before = items.at(-1)?.seq ?? from;
    }
  }
  const { lost } = timeline;
  return { messages: timeline.messages.filter(({ seq = 0 }) => has(wanted, seq)), complete: !lost[0], missing: lost };
}
