import type { Message } from './core/message.js';
import type { HistoryFrame, Json } from './protocol.js';
import type { Range } from './core/ranges.js';
import type { Room } from './room.js';

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
const DEFAULT_LIMIT = 5_000;

/** Fills the ranges that discontinuities left open from history, newest first, so that the screen is whole from its end on. */
export class Recovery {
  readonly #room: Room;
  readonly #history: (frame: Json) => Promise<HistoryFrame>;
  #running: Promise<Recovered> | null = null;

  constructor(room: Room, history: (frame: Json) => Promise<HistoryFrame>) {
    this.#room = room;
    this.#history = history;
  }

  /** Asked again while it runs, both get the same answer. */
  run(limit: number = DEFAULT_LIMIT): Promise<Recovered> {
    this.#running ??= this.#run(limit).finally(() => { this.#running = null; });
    return this.#running;
  }

  async #run(limit: number): Promise<Recovered> {
    await this.#room.attach();
    const { timeline } = this.#room;
    const wanted = [...timeline.lost.all].reverse();
    let left = limit;
    for (const [from, to] of wanted) {
      for (let before = to + 1; before > from && left > 0;) {
        const page = await this.#history({ before, limit: Math.min(PAGE, left, before - from) });
        const items = page.items.filter(({ seq }) => seq >= from && seq < before).reverse();
        const first = items[0];
        if (first === undefined || page.epoch === null) {
          break;
        }
        this.#room.given(items, page.epoch, 'history');
        left -= items.length;
        before = first.seq;
      }
    }
    const inWanted = ({ seq = 0 }: Message): boolean => wanted.some(([from, to]) => seq >= from && seq <= to);
    const missing = wanted.flatMap(([from, to]) => timeline.held.missing(from, to)).reverse();
    return { messages: timeline.messages.filter(inWanted), complete: missing.length === 0, missing };
  }
}
