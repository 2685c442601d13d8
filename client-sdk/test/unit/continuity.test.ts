import { describe, expect, it } from 'vitest';
import * as core from '../../src/core/continuity.ts';
import { newContinuity, wakeAtOf, type ContinuityState } from '../../src/core/continuity-state.ts';
import type { Entry, HistoryFrame, Item } from '../../src/protocol.ts';
import { recorded, type Did } from './recorded.ts';

const entry = (seq: number): Entry => ({ action: 'message.create', type: 'text', sender: 'ana', id: `m${seq}`, text: `${seq}`, at: '2026-01-01T00:00:00Z' });
const message = (seq: number, epoch = 'e', replay = false): core.ContinuityEvent => core.messaged({ op: 'message', room: 'r', epoch, seq, cursor: `c${seq}`, replay, entry: entry(seq) });
const subscribed = (seq: number, more: object = {}): core.ContinuityEvent =>
  core.subscribed({ op: 'subscribed', room: 'r', epoch: seq === 0 ? null : 'e', seq, cursor: `c${seq}`, resumed: false, replayed: 0, ...more });
const gap = (reason: string, from: number, to: number): core.ContinuityEvent =>
  core.discontinuity({ op: 'discontinuity', room: 'r', reason, from, to, lost: to - from + 1, recoverable: true, oldestSeq: 1 });
const page = (from: number, to: number, more: Partial<HistoryFrame> = {}): core.ContinuityEvent => {
  const items: Item[] = Array.from({ length: Math.max(0, to - from + 1) }, (_, i) => ({ seq: from + i, cursor: `c${from + i}`, entry: entry(from + i) }));
  return core.paged({ op: 'history', room: 'r', epoch: 'e', items, complete: true, ...more });
};
const TIME = core.time;
const CAUSE = { code: 'UNAVAILABLE', message: 'm', retryable: true };

/** SDK-5, SDK-6, CON-2, CON-3, CON-4, DEL-2, DEL-8: every transition of a room's place in its log. */
class Driven {
  state: ContinuityState = newContinuity('r');
  now = 0;
  effects: Did[] = [];
  readonly given: number[] = [];
  readonly told: string[] = [];

  on(...events: core.ContinuityEvent[]): string[] {
    this.effects = events.flatMap((event) => {
      const [state, effects] = core.step(this.state, event, this.now);
      this.state = state;
      return recorded(effects).filter((effect) => effect.do !== 'moved');
    });
    for (const effect of this.effects) {
      if (effect.do === 'give') {
        this.given.push(...effect.with[0].map(({ seq }: Item) => seq));
      } else if (effect.do === 'tell') {
        const { reason, from, to } = effect.with[0];
        this.told.push(`${reason} ${from}-${to}`);
      }
    }
    return this.effects.map((effect) => effect.do);
  }

  after(ms: number, ...events: core.ContinuityEvent[]): string[] {
    this.now += ms;
    return this.on(...events);
  }

  attached(seq: number): this {
    this.on(core.attach, core.linked, subscribed(seq));
    return this;
  }

  back(...events: core.ContinuityEvent[]): this {
    this.on(core.unlinked, core.linked, ...events);
    return this;
  }

  get cursor(): string | null {
    return this.effects.flatMap((effect) => effect.do === 'subscribe' ? effect.with[0] : [])[0] ?? null;
  }

  get fetched(): unknown[][] {
    return this.effects.filter((effect) => effect.do === 'fetch').map((effect) => effect.with);
  }
}

describe('a room', () => {
  it('attaches when it is wanted and there is a connection, in either order', () => {
    const room = new Driven();
    expect(room.on(core.attach)).toEqual([]);
    expect(room.on(core.linked)).toEqual(['subscribe', 'status']);
    expect(room.state.status).toBe('attaching');
    room.on(subscribed(5));
    expect(room.state).toMatchObject({ status: 'attached', origin: 5, place: { seq: 5, cursor: 'c5' } });
    const other = new Driven();
    expect(other.on(core.linked)).toEqual([]);
    expect(other.on(core.attach)).toEqual(['subscribe', 'status']);
  });

  it('is suspended without a connection and comes back with the cursor of its last entry', () => {
    const room = new Driven().attached(5);
    room.on(message(6), core.unlinked);
    expect(room.state.status).toBe('suspended');
    room.on(core.linked);
    expect(room.cursor).toBe('c6');
  });

  it('tries again after trouble that passes, and fails where it must not enter', () => {
    const room = new Driven();
    room.on(core.attach, core.linked, core.refused(CAUSE, 300));
    expect(room.state.status).toBe('suspended');
    expect(wakeAtOf(room.state)).toBe(300);
    expect(room.after(300, TIME)).toContain('subscribe');
    room.on(core.refused({ code: 'FORBIDDEN', message: 'm', retryable: false }));
    expect(room.state).toMatchObject({ status: 'failed', cause: { code: 'FORBIDDEN' } });
    expect(room.on(core.unlinked, core.linked)).toEqual([]);
  });

  it('detaches, keeps its place, and can attach again', () => {
    const room = new Driven().attached(5);
    expect(room.on(core.detach)).toContain('unsubscribe');
    expect(room.on(message(6), core.unlinked, core.linked)).toEqual([]);
    room.on(core.attach);
    expect(room.cursor).toBe('c5');
    expect(room.given).toEqual([]);
  });

  it('begins where a former page load ended', () => {
    const room = new Driven();
    room.on(core.restored({ epoch: 'e', seq: 7, cursor: 'c7' }), core.attach, core.linked);
    expect(room.cursor).toBe('c7');
    room.on(subscribed(9, { resumed: true, replayed: 2 }), message(8, 'e', true), message(9, 'e', true), message(10));
    expect(room.given).toEqual([8, 9, 10]);
    expect(room.state.origin).toBe(7);
    expect(room.effects).toContainEqual({ do: 'resumed', with: [8, 9, 2] });
  });

  it('SDK-6: counts for itself when it is not resumed and told no reason: a log that ends before its place was shortened', () => {
    const room = new Driven().attached(5);
    room.back(subscribed(3));
    expect(room.told).toEqual([]);
    room.on(message(4));
    expect(room.told).toEqual(['HOLE 4-5']);
    expect(room.given).toEqual([4]);
    room.on(message(5));
    expect(room.given).toEqual([4, 5]);
  });

  it('CON-3: a room made anew and still empty voids what was read, once', () => {
    const room = new Driven().attached(5);
    room.back(subscribed(0), gap('STREAM_RECREATED', 1, 5));
    expect(room.told).toEqual(['STREAM_RECREATED 1-5']);
    room.on(message(1, 'new'));
    expect(room.told).toEqual(['STREAM_RECREATED 1-5']);
    expect(room.given).toEqual([1]);
  });

  it('takes the first entry of an empty room', () => {
    const room = new Driven().attached(0);
    room.on(message(1, 'new'), message(2, 'new'));
    expect(room.given).toEqual([1, 2]);
    expect(room.told).toEqual([]);
    expect(room.state.place?.epoch).toBe('new');
  });
});

describe('density', () => {
  it('gives each entry once, in order, and ignores repeats (SDK-6)', () => {
    const room = new Driven().attached(5);
    room.on(message(6), message(6), message(5), message(7), message(6));
    expect(room.given).toEqual([6, 7]);
  });

  it('waits 500 ms for what is late, then asks history for exactly the hole', () => {
    const room = new Driven().attached(5);
    room.on(message(9), message(8));
    expect(room.given).toEqual([]);
    expect(wakeAtOf(room.state)).toBe(500);
    room.after(499, TIME);
    expect(room.fetched).toEqual([]);
    room.after(1, TIME);
    expect(room.fetched).toEqual([[5, 3]]);
    room.on(page(6, 7));
    expect(room.given).toEqual([6, 7, 8, 9]);
    expect(room.told).toEqual([]);
    expect(wakeAtOf(room.state)).toBeNull();
  });

  it('needs no history when what is late comes by itself', () => {
    const room = new Driven().attached(5);
    room.on(message(7), message(6));
    expect(room.given).toEqual([6, 7]);
    room.after(500, TIME);
    expect(room.fetched).toEqual([]);
  });

  it('notices loss in a quiet room by the heads, and not while the server says it is behind (DEL-7, DEL-8)', () => {
    const room = new Driven().attached(5);
    room.on(core.lagged(3), core.headed(8));
    expect(wakeAtOf(room.state)).toBeNull();
    room.on(core.lagged(0), core.headed(8));
    room.after(500, TIME);
    expect(room.fetched).toEqual([[5, 3]]);
  });

  it('does not ask while entries keep coming', () => {
    const room = new Driven().attached(5);
    room.back(subscribed(8, { resumed: true, replayed: 3 }));
    room.after(400, message(6, 'e', true));
    room.after(400, TIME);
    expect(room.fetched).toEqual([]);
    room.after(100, TIME);
    expect(room.fetched).toEqual([[6, 2]]);
  });

  it('raises what history no longer has, once and exactly, and goes on (SDK-6)', () => {
    const room = new Driven().attached(5);
    room.on(message(20));
    room.after(500, TIME);
    room.on(page(15, 19, { trimmedBefore: 15 }));
    expect(room.told).toEqual(['HOLE 6-14']);
    expect(room.given).toEqual([15, 16, 17, 18, 19, 20]);
    room.on(message(21));
    expect(room.told).toHaveLength(1);
  });

  it('asks history several times, then raises the hole and goes on', () => {
    const room = new Driven().attached(5);
    room.on(message(8));
    room.after(500, TIME);
    for (const wait of [1_000, 2_000, 3_000]) {
      room.on(core.pageFailed);
      room.after(wait, TIME);
      expect(room.fetched).toHaveLength(1);
    }
    room.on(page(1, 0));
    expect(room.told).toEqual(['HOLE 6-7']);
    expect(room.given).toEqual([8]);
  });

  it('fills a hole longer than a page, page by page', () => {
    const room = new Driven().attached(0);
    room.on(message(1), message(1_002));
    room.after(500, TIME);
    expect(room.fetched).toEqual([[1, 500]]);
    room.on(page(2, 501));
    room.after(0, TIME);
    room.on(page(502, 1_001));
    expect(room.given).toHaveLength(1_002);
    expect(room.told).toEqual([]);
  });

  it('forgets a hole with its connection: the cursor brings it back', () => {
    const room = new Driven().attached(5);
    room.on(message(8));
    room.after(500, TIME);
    room.back(subscribed(8, { resumed: true, replayed: 3 }));
    room.on(page(6, 7), message(6, 'e', true), message(7, 'e', true), message(8, 'e', true));
    expect(room.given).toEqual([6, 7, 8]);
  });
});

describe('a discontinuity', () => {
  it('is raised once with the server’s range, and the room goes on from the attach point (CON-3, CON-5)', () => {
    const room = new Driven().attached(5);
    room.back(subscribed(41), gap('WINDOW_EXPIRED', 6, 41), message(42));
    expect(room.told).toEqual(['WINDOW_EXPIRED 6-41']);
    expect(room.given).toEqual([42]);
    expect(room.state.origin).toBe(41);
  });

  it('is never lost: without its frame the old cursor stays', () => {
    const room = new Driven().attached(5);
    room.back(subscribed(41), core.unlinked, core.linked);
    expect(room.cursor).toBe('c5');
  });

  it('is found by counting when the server does not say it', () => {
    const room = new Driven().attached(5);
    room.back(subscribed(8), message(9));
    room.after(500, TIME);
    expect(room.fetched).toEqual([[5, 3]]);
    room.on(page(6, 8));
    expect(room.given).toEqual([6, 7, 8, 9]);
  });

  it('of another log clears what is shown, whoever notices it first (STREAM_RECREATED)', () => {
    const told = new Driven().attached(5);
    told.back(subscribed(3, { epoch: 'f' }), gap('STREAM_RECREATED', 1, 3), message(4, 'f'));
    expect(told.effects.map((effect) => effect.do)).toContain('forget');
    expect(told.given).toEqual([4]);
    const noticed = new Driven().attached(5);
    noticed.on(message(1, 'f'), message(2, 'f'));
    expect(noticed.told).toEqual(['STREAM_RECREATED 1-5']);
    expect(noticed.given).toEqual([1, 2]);
    const unsaid = new Driven().attached(5);
    unsaid.back(subscribed(3, { epoch: 'f' }), message(4, 'f'));
    expect(unsaid.told).toEqual(['STREAM_RECREATED 1-5']);
    unsaid.after(500, TIME);
    expect(unsaid.fetched).toEqual([[0, 3]]);
  });

  it('while connected may be followed by the new log’s first entry, or by the one after the range (CON-4)', () => {
    const first = new Driven().attached(5);
    first.on(gap('STREAM_RECREATED', 1, 5), message(1, 'f'), message(2, 'f'));
    expect(first.given).toEqual([1, 2]);
    const later = new Driven().attached(5);
    later.on(gap('STREAM_RECREATED', 1, 7), message(8, 'f'));
    expect(later.given).toEqual([8]);
    expect(later.told).toEqual(['STREAM_RECREATED 1-7']);
  });

  it('of a truncated log takes back what was given beyond its end, and the seqs come anew', () => {
    const room = new Driven().attached(5);
    room.on(message(6), message(7), gap('LOG_TRUNCATED', 6, 7));
    expect(room.effects).toContainEqual({ do: 'forget', with: [6] });
    room.on(message(6), message(7), message(8));
    expect(room.given).toEqual([6, 7, 6, 7, 8]);
    const back = new Driven().attached(9);
    back.back(subscribed(7), gap('LOG_TRUNCATED', 8, 9), message(8));
    expect(back.given).toEqual([8]);
  });

  it('while connected passes the range, and what waited behind it is given', () => {
    const room = new Driven().attached(5);
    room.on(message(9), gap('SLOW_CONSUMER', 6, 8));
    expect(room.given).toEqual([9]);
    expect(room.told).toEqual(['SLOW_CONSUMER 6-8']);
  });

  it('is none when nothing was missed, and none when this client was ahead (CON-2)', () => {
    const room = new Driven().attached(5);
    room.on(message(6));
    room.back(subscribed(6, { resumed: true }));
    expect(room.state.place).toEqual({ epoch: 'e', seq: 6, cursor: 'c6' });
    room.back(subscribed(5, { resumed: true }), message(6), message(7));
    expect(room.given).toEqual([6, 7]);
    expect(room.told).toEqual([]);
  });
});
