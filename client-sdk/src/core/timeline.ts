/**
 * One room as it is shown (SDK-1): what stands in the log, by seq, and this client's own messages on their way, in one order. Changes under a
 * reader's eyes only where something happened: a failed message stays where it failed, its resend takes its place.
 */
import type { Entry, Item } from '../protocol.js';
import type { Source } from './continuity-state.js';
import { shown, type Change, type Message } from './message.js';
import type { Outgoing } from './outgoing.js';
import { add, has, remove, type Ranges } from './ranges.js';

interface Row {
  /** Where it stands: its seq, or Infinity while it has none; rows at the same place stand as they came. */
  at: number;
  message?: Message;
  entry?: Entry;
  source?: Source;
  changes: readonly Item[];
  /** An own message without its last word; its entry may be here before that. */
  outgoing?: Outgoing | undefined;
  /** An edit, delete or reaction of ours that is not in the log yet. */
  change?: Message['change'];
}

export interface Timeline {
  readonly messages: readonly Message[];
  /** The seqs this client was given. */
  held: Ranges;
  /** Those of them that were replayed after a return. */
  replayed: Ranges;
  /** Raised as discontinuities and not given since. */
  lost: Ranges;
  /** What has changed since it was asked last. */
  takeChanges(): Change[];
  get(seq: number): Message | undefined;
  /** A message of this user. */
  mine(id: string): Message | undefined;
  entries(items: readonly Item[], epoch: string, source: Source): void;
  /** A message of this client changed its state. */
  outgoing(message: Outgoing): void;
  /** A message of this client that never reached the log is gone. */
  removed(message: Outgoing): void;
  discontinuity(from: number, to: number): void;
  /** What stands at `from` and after is void: the log was truncated, or is another one. What is still on its way is not. */
  forget(from: number, to?: number): void;
  /** Keeps the newest `limit` of the log. */
  trim(limit: number): void;
}

/** `touched` says that something has changed. */
export function newTimeline(room: string, me: () => string, touched: () => void): Timeline {
  const rows = new Set<Row>();
  const own = new Map<string, Row>();
  const bySeq = new Map<number, Row>();
  /** Changes of messages that are not here. */
  const early = new Map<number, readonly Item[]>();
  let changes: Change[] = [];
  let epoch = '';

  function created(seq: number, entry: Entry, source: Source): void {
    const mine = entry.sender === me();
    const row = mine && own.get(entry.id) || newRow(seq);
    const outgoing = row.outgoing?.state === 'synced' ? undefined : row.outgoing;
    Object.assign(row, { at: seq, entry, source, outgoing, changes: early.get(seq) ?? [] } satisfies Partial<Row>);
    early.delete(seq);
    bySeq.set(seq, row);
    if (mine) {
      own.set(entry.id, row);
    }
    show(row);
  }

  function changed(target: number, item: Item): void {
    const row = bySeq.get(target);
    const all = [...row?.changes ?? early.get(target) ?? [], item].sort((one, other) => one.seq - other.seq);
    if (row) {
      row.changes = all;
      row.change = row.change?.id === item.entry.id ? undefined : row.change;
      show(row);
    } else {
      early.set(target, all);
    }
  }

  function changing({ id, state, cause, content: { action, target = 0 } }: Outgoing): void {
    const row = bySeq.get(target);
    if (row && !row.changes.some(({ entry }) => entry.id === id && entry.sender === me())) {
      row.change = state === 'synced' ? undefined : { id, action, syncState: state, cause };
      show(row);
    }
  }

  /** A resend stands where the failed message stood. */
  function replaced({ replaces = '' }: Outgoing): Row | undefined {
    const row = own.get(replaces);
    if (row && !row.entry) {
      note('removed', row.message as Message);
      own.delete(replaces);
      return row;
    }
    return undefined;
  }

  function newRow(at: number): Row {
    const row = { at, changes: [] };
    rows.add(row);
    return row;
  }

  /** Right after the last message that has its place. */
  const afterPlaced = (): number => (Math.floor(Math.max(0, ...[...rows].map(({ at }) => at < Infinity ? at : 0))) || Infinity) + 0.5;

  function show(row: Row): void {
    const { at, entry, outgoing, change, source } = row;
    const sender = entry?.sender ?? me();
    const message = { ...shown(room, sender, sender === me(), entry, row.changes, outgoing), change, source, ...(entry && { seq: at, epoch }) };
    note(row.message ? 'changed' : 'added', message);
    row.message = message;
  }

  function drop(row: Row): void {
    const message = row.message as Message;
    rows.delete(row);
    bySeq.delete(row.at);
    if (message.mine) {
      own.delete(message.id);
    }
    note('removed', message);
  }

  function note(type: Change['type'], message: Message): void {
    changes.push({ type, message });
    touched();
  }

  const timeline: Timeline = {
    get messages() {
      return [...rows].sort((one, other) => one.at - other.at || 0).map(({ message }) => message as Message);
    },
    held: [],
    replayed: [],
    lost: [],
    takeChanges: () => changes.splice(0),
    get: (seq) => bySeq.get(seq)?.message,
    mine: (id) => own.get(id)?.message,
    entries(items, ofEpoch, source) {
      epoch = ofEpoch;
      for (const item of items.filter(({ seq }) => !has(timeline.held, seq))) {
        const { seq, entry } = item;
        timeline.held = add(timeline.held, seq);
        timeline.replayed = source === 'replay' ? add(timeline.replayed, seq) : timeline.replayed;
        timeline.lost = remove(timeline.lost, seq);
        entry.action === 'message.create' ? created(seq, entry, source) : changed(entry.target ?? 0, item);
      }
    },
    outgoing(message) {
      const { id, state, seq, content } = message;
      if (content.action !== 'message.create') {
        return changing(message);
      }
      const row = own.get(id) ?? replaced(message) ?? newRow(Infinity);
      own.set(id, row);
      row.outgoing = row.entry && state === 'synced' ? undefined : message;
      if (!row.entry) {
        row.at = seq ?? (state === 'failed' && row.at === Infinity ? afterPlaced() : row.at);
      }
      show(row);
    },
    removed({ id, content: { target = 0 } }) {
      const row = own.get(id);
      const on = bySeq.get(target);
      if (row && !row.entry) {
        drop(row);
      } else if (on?.change?.id === id) {
        on.change = undefined;
        show(on);
      }
    },
    discontinuity(from, to) {
      timeline.lost = timeline.held.reduce((rest, [a, b]) => remove(rest, a, b), add(timeline.lost, from, to));
    },
    forget(from, to = Infinity) {
      const without = (all: readonly Item[]): readonly Item[] => all.filter(({ seq }) => seq < from || seq > to);
      early.forEach((all, target) => early.set(target, without(all)));
      bySeq.forEach((row) => {
        const left = without(row.changes);
        if (row.at >= from && row.at <= to) {
          drop(row);
        } else if (left.length < row.changes.length) {
          row.changes = left;
          show(row);
        }
      });
      for (const kind of ['held', 'replayed', 'lost'] as const) {
        timeline[kind] = remove(timeline[kind], from, to);
      }
    },
    trim(limit) {
      if (bySeq.size > limit * 1.1) {
        timeline.forget(0, (timeline.held.at(-1)?.[1] ?? 0) - limit);
      }
    },
  };
  return timeline;
}
