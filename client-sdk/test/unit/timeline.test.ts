import { describe, expect, it } from 'vitest';
import { fold } from '../../src/core/fold.ts';
import { fresh, type Outgoing } from '../../src/core/outgoing.ts';
import { add, has, remove, type Ranges } from '../../src/core/ranges.ts';
import { newTimeline, type Timeline } from '../../src/core/timeline.ts';
import type { Entry, Item } from '../../src/protocol.ts';

const AT = '2026-01-01T00:00:00Z';
const item = (seq: number, more: Partial<Entry> = {}): Item =>
  ({ seq, entry: { action: 'message.create', type: 'text', sender: 'ben', id: `m${seq}`, text: `t${seq}`, at: AT, ...more } });
const own = (id: string, more: Partial<Outgoing> = {}): Outgoing =>
  ({ ...fresh({ id, room: 'r', lane: 'text', content: { action: 'message.create', type: 'text', text: id }, uploads: [], createdAt: AT, order: 1 }), state: 'queued', ...more });
const timeline = (): Timeline => newTimeline('r', () => 'ana', () => {});
const shown = (line: Timeline): string[] => line.messages.map(({ text, seq, syncState }) => `${seq ?? '-'} ${text} ${syncState}`);

describe('a timeline (SDK-1)', () => {
  it('shows the log in seq order whatever order it came in, and own unsent messages last', () => {
    const line = timeline();
    line.outgoing(own('mine'));
    line.entries([item(4), item(5)], 'e', 'live');
    line.entries([item(2), item(3)], 'e', 'history');
    line.entries([item(3), item(4)], 'e', 'history');
    expect(shown(line)).toEqual(['2 t2 synced', '3 t3 synced', '4 t4 synced', '5 t5 synced', '- mine queued']);
    expect(line.held).toEqual([[2, 5]]);
  });

  it('moves an own message to its seq, and shows it as synced when that is confirmed', () => {
    const line = timeline();
    line.outgoing(own('mine', { state: 'syncing' }));
    line.entries([item(1), item(2, { sender: 'ana', id: 'mine', text: 'mine' }), item(3)], 'e', 'live');
    expect(shown(line)).toEqual(['1 t1 synced', '2 mine syncing', '3 t3 synced']);
    line.outgoing(own('mine', { state: 'synced', seq: 2, epoch: 'e' }));
    expect(shown(line)).toEqual(['1 t1 synced', '2 mine synced', '3 t3 synced']);
  });

  it('keeps a failed message where it failed, its resend in its place, and nothing where it is deleted', () => {
    const line = timeline();
    line.entries([item(1)], 'e', 'live');
    line.outgoing(own('a'));
    line.outgoing(own('a', { state: 'failed', cause: { code: 'REFUSED', message: 'no' } }));
    line.entries([item(2)], 'e', 'live');
    expect(shown(line)).toEqual(['1 t1 synced', '- a failed', '2 t2 synced']);
    line.outgoing(own('b', { replaces: 'a', state: 'syncing' }));
    expect(shown(line)).toEqual(['1 t1 synced', '- b syncing', '2 t2 synced']);
    line.removed(own('b'));
    expect(shown(line)).toEqual(['1 t1 synced', '2 t2 synced']);
  });

  it('shows a failure after what was confirmed before it, though the log has not come so far', () => {
    const line = timeline();
    line.entries([item(1)], 'e', 'live');
    line.outgoing(own('a', { state: 'synced', seq: 3 }));
    line.outgoing(own('b', { state: 'failed' }));
    line.outgoing(own('c', { state: 'failed' }));
    expect(shown(line)).toEqual(['1 t1 synced', '3 a synced', '- b failed', '- c failed']);
  });

  it('applies edits, deletes and reactions, also those that came before their message (LOG-2)', () => {
    const line = timeline();
    line.entries([item(5, { action: 'message.update', target: 2, text: 'new' }), item(6, { action: 'message.delete', target: 3, id: 'd' })], 'e', 'live');
    line.entries([item(2), item(3), item(4, { action: 'message.update', target: 2, text: 'old' })], 'e', 'history');
    expect(line.messages).toMatchObject([{ seq: 2, text: 'new', edited: true }, { seq: 3, deleted: true }]);
    expect(line.messages[1]?.text).toBeUndefined();
    expect(line.held).toEqual([[2, 6]]);
  });

  it('shows an own edit on its target until the log has it', () => {
    const line = timeline();
    line.entries([item(1, { sender: 'ana' })], 'e', 'live');
    const edit = (state: Outgoing['state']): Outgoing => own('x', { state, content: { action: 'message.update', type: 'text', text: 'new', target: 1 } });
    line.outgoing(edit('syncing'));
    expect(line.messages[0]).toMatchObject({ text: 't1', change: { action: 'message.update', syncState: 'syncing' } });
    line.entries([item(2, { action: 'message.update', target: 1, text: 'new', id: 'x', sender: 'ana' })], 'e', 'live');
    expect(line.messages[0]).toMatchObject({ text: 'new', edited: true });
    expect(line.messages[0]?.change).toBeUndefined();
    line.outgoing(edit('syncing'));
    expect(line.messages[0]?.change).toBeUndefined();
    line.outgoing(own('y', { state: 'failed', content: { action: 'message.delete', type: 'text', target: 1 } }));
    line.removed(own('y', { content: { action: 'message.delete', type: 'text', target: 1 } }));
    expect(line.messages[0]?.change).toBeUndefined();
  });

  it('shows what is lost until it is given', () => {
    const line = timeline();
    line.entries([item(1)], 'e', 'live');
    line.discontinuity(2, 9);
    line.entries([item(10)], 'e', 'live');
    expect(line.lost).toEqual([[2, 9]]);
    line.entries([2, 3, 4, 5, 6, 7, 8, 9].map((seq) => item(seq)), 'e', 'history');
    expect(line.lost).toEqual([]);
    expect(line.held).toEqual([[1, 10]]);
  });

  it('takes back what a truncated or another log has not, and keeps what is on its way', () => {
    const line = timeline();
    line.entries([item(1), item(2), item(3)], 'e', 'live');
    line.outgoing(own('mine'));
    line.forget(3);
    expect(shown(line)).toEqual(['1 t1 synced', '2 t2 synced', '- mine queued']);
    line.forget(0);
    expect(shown(line)).toEqual(['- mine queued']);
    expect(line.held).toEqual([]);
  });

  it('forgets the oldest beyond its limit', () => {
    const line = timeline();
    line.entries(Array.from({ length: 23 }, (_, i) => item(i + 1)), 'e', 'live');
    line.trim(20);
    expect([line.messages.length, line.messages[0]?.seq, line.held[0]?.[0]]).toEqual([20, 4, 4]);
  });

  it('tells each change once', () => {
    const line = timeline();
    line.outgoing(own('a'));
    line.outgoing(own('a', { state: 'syncing' }));
    expect(line.takeChanges().map(({ type }) => type)).toEqual(['added', 'changed']);
    expect(line.takeChanges()).toEqual([]);
  });
});

describe('reactions (MSG-4)', () => {
  const react = (seq: number, sender: string, name: string, kind?: string, action: Entry['action'] = 'reaction.add'): Item =>
    item(seq, { action, target: 1, sender, data: { name, ...(kind !== undefined && { kind }) } });

  it('count once per member and name, once per member in all, or as often as sent', () => {
    const { reactions } = fold(item(1).entry, [
      react(2, 'ana', 'like'), react(3, 'ana', 'like'), react(4, 'ben', 'like'),
      react(5, 'cem', 'joy', 'unique'), react(6, 'cem', 'sad', 'unique'), react(7, 'dot', 'clap', 'multiple'), react(8, 'dot', 'clap', 'multiple'),
      react(9, 'ben', 'like', undefined, 'reaction.remove'),
    ]);
    expect(reactions).toEqual({ like: { total: 1, senders: ['ana'] }, sad: { total: 1, senders: ['cem'] }, clap: { total: 2, senders: ['dot'] } });
  });
});

describe('ranges', () => {
  it('join what touches', () => {
    const ranges = [[5, 5], [1, 2], [3, 3], [8, 9], [7, 10]].reduce((all, [from = 0, to]) => add(all, from, to), [] as Ranges);
    expect(ranges).toEqual([[1, 3], [5, 5], [7, 10]]);
    expect(remove(ranges, 2, 8)).toEqual([[1, 1], [9, 10]]);
    expect([has(ranges, 6), has(ranges, 5)]).toEqual([false, true]);
  });

  it('agree with a set, whatever is added and removed', () => {
    let ranges: Ranges = [];
    const set = new Set<number>();
    for (let i = 0; i < 2_000; i++) {
      const from = 1 + Math.floor(Math.random() * 60);
      const to = from + Math.floor(Math.random() * 8);
      const adding = Math.random() < 0.5;
      ranges = adding ? add(ranges, from, to) : remove(ranges, from, to);
      for (let n = from; n <= to; n++) {
        adding ? set.add(n) : set.delete(n);
      }
      expect(ranges.flatMap(([a, b]) => Array.from({ length: b - a + 1 }, (_, k) => a + k))).toEqual([...set].sort((a, b) => a - b));
    }
  });
});
