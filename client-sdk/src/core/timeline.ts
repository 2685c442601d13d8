/**
 * One room as it is shown (SDK-1): what stands in the log, by seq, and this client's own messages on their way, in one order. Changes under a
 * reader's eyes only where something happened: a failed message stays where it failed, its resend takes its place.
 */
import type { Entry, Item } from '../protocol.js';
import type { Source } from './continuity-state.js';
import { fold } from './fold.js';
import { blank, local, syncOf, type Change, type Message, type SyncFacts } from './message.js';
import type { Outgoing } from './outgoing.js';
import { Ranges } from './ranges.js';

interface Row {
  at: number;
  tie: number;
  message: Message;
  entry?: Entry;
  changes: Item[];
  /** How far an own message has come; its entry may be here before its confirmation. */
  sync?: SyncFacts;
}

export class Timeline {
  readonly #room: string;
  readonly #isMe: (sender: string) => boolean;
  readonly #rows: Row[] = [];
  readonly #own = new Map<string, Row>();
  readonly #bySeq = new Map<number, Row>();
  readonly #early = new Map<number, Item[]>();
  #changes: Change[] = [];
  #ties = 0;
  /** The seqs this client was given. */
  held = Ranges.none;
  /** Those of them that were replayed after a return. */
  replayed = Ranges.none;
  /** Raised as discontinuities and not given since. */
  lost = Ranges.none;

  constructor(room: string, isMe: (sender: string) => boolean) {
    this.#room = room;
    this.#isMe = isMe;
  }

  get messages(): Message[] {
    return this.#rows.map(({ message }) => message);
  }

  /** What has changed since it was asked last. */
  takeChanges(): Change[] {
    const changes = this.#changes;
    this.#changes = [];
    return changes;
  }

  get(seq: number): Message | undefined {
    return this.#bySeq.get(seq)?.message;
  }

  /** A message of this user. */
  local(id: string): Message | undefined {
    return this.#own.get(id)?.message;
  }

  entries(items: readonly Item[], epoch: string, source: Source): void {
    for (const item of items) {
      if (!this.held.has(item.seq)) {
        this.held = this.held.add(item.seq);
        this.replayed = source === 'replay' ? this.replayed.add(item.seq) : this.replayed;
        this.lost = this.lost.remove(item.seq, item.seq);
        this.#entry(item, epoch, source);
      }
    }
  }

  /** A message of this client changed its state. */
  outgoing(message: Outgoing, me: string): void {
    if (message.content.action !== 'message.create') {
      return this.#changing(message);
    }
    const known = this.#own.get(message.id) ?? this.#replaced(message);
    const row = known ?? { at: Infinity, tie: this.#ties++, message: local(message, me), changes: [] };
    this.#own.set(message.id, row);
    const at = this.#place(row, message);
    if (message.state === 'synced') {
      delete row.sync;
    } else {
      row.sync = syncOf(message);
    }
    row.message = row.entry === undefined ? local(message, me) : this.#shown(row, row.message.seq ?? 0, row.message.epoch ?? '', row.message.source);
    if (known === undefined) {
      row.at = at;
      this.#insert(row);
    } else {
      this.#move(row, at);
    }
    this.#changes.push({ type: known === undefined ? 'added' : 'changed', message: row.message });
  }

  /** A message of this client that never reached the log is gone. */
  removed({ id, content: { target } }: Outgoing): void {
    const row = this.#own.get(id);
    const changed = target === undefined ? undefined : this.#bySeq.get(target);
    if (row !== undefined && row.entry === undefined) {
      this.#drop(row);
    } else if (changed?.message.change?.id === id) {
      const { change: _, ...message } = changed.message;
      this.#show(changed, message);
    }
  }

  discontinuity(from: number, to: number): void {
    this.held.missing(from, to).forEach(([a, b]) => { this.lost = this.lost.add(a, b); });
  }

  /** What stands at `from` and after is void: the log was truncated. */
  forgetFrom(from: number): void {
    this.#rows.filter(({ entry, message }) => entry !== undefined && (message.seq ?? 0) >= from).forEach((row) => this.#drop(row));
    this.#forget(from, Infinity);
  }

  /** Another log: what is not in it is no longer shown, but what is still on its way is. */
  recreated(): void {
    this.forgetFrom(0);
    this.#early.clear();
  }

  /** Keeps the newest `limit` of the log. */
  trim(limit: number): void {
    if (this.#bySeq.size > limit * 1.1) {
      const seqs = [...this.#bySeq.keys()].sort((a, b) => a - b);
      const keep = seqs[seqs.length - limit] ?? 0;
      this.#rows.filter(({ entry, message }) => entry !== undefined && (message.seq ?? 0) < keep).forEach((row) => this.#drop(row));
      this.#forget(0, keep - 1);
    }
  }

  #forget(from: number, to: number): void {
    this.held = this.held.remove(from, to);
    this.replayed = this.replayed.remove(from, to);
    this.lost = this.lost.remove(from, to);
  }

  #entry(item: Item, epoch: string, source: Source): void {
    const { seq, entry } = item;
    if (entry.action !== 'message.create') {
      return this.#changed(entry.target ?? 0, item, epoch);
    }
    const mine = this.#isMe(entry.sender);
    const own = mine ? this.#own.get(entry.id) : undefined;
    const row: Row = own ?? { at: seq, tie: this.#ties++, message: blank(entry, this.#room), changes: [] };
    row.entry = entry;
    row.changes = [...this.#early.get(seq) ?? []];
    this.#early.delete(seq);
    this.#bySeq.set(seq, row);
    if (mine) {
      this.#own.set(entry.id, row);
    }
    row.message = this.#shown(row, seq, epoch, source);
    if (own === undefined) {
      this.#insert(row);
    } else {
      this.#move(row, seq);
    }
    this.#changes.push({ type: own === undefined ? 'added' : 'changed', message: row.message });
  }

  #changed(target: number, item: Item, epoch: string): void {
    const row = this.#bySeq.get(target);
    const changes = row?.changes ?? this.#early.get(target) ?? [];
    changes.push(item);
    changes.sort((one, other) => one.seq - other.seq);
    if (row === undefined) {
      this.#early.set(target, changes);
      return;
    }
    const message = this.#shown(row, target, epoch, row.message.source);
    const { change, ...settled } = message;
    this.#show(row, change?.id === item.entry.id ? settled : message);
  }

  /** An edit, delete or reaction of ours shows on its target until the log has it. */
  #changing({ id, state, cause, content: { action, target } }: Outgoing): void {
    const row = this.#bySeq.get(target ?? 0);
    if (row === undefined || row.changes.some(({ entry }) => entry.id === id && this.#isMe(entry.sender))) {
      return;
    }
    const { change: _, ...message } = row.message;
    this.#show(row, state === 'synced' ? message : { ...message, change: { id, action, syncState: state, ...(cause && { cause }) } });
  }

  /** A message is created, edited, deleted, reacted to: all of it from its entries, its state from the log being the last word. */
  #shown(row: Row, seq: number, epoch: string, source: Source | undefined): Message {
    const { entry, changes, message: { change } } = row;
    if (entry === undefined) {
      return row.message;
    }
    return { ...blank(entry, this.#room), mine: this.#isMe(entry.sender), ...fold(entry, changes), seq, epoch, ...(change && { change }), ...(source && { source }), ...row.sync };
  }

  #replaced({ replaces, id }: Outgoing): Row | undefined {
    const row = replaces === undefined ? undefined : this.#own.get(replaces);
    if (row === undefined || replaces === undefined || row.entry !== undefined) {
      return undefined;
    }
    this.#changes.push({ type: 'removed', message: row.message });
    this.#own.delete(replaces);
    this.#own.set(id, row);
    return row;
  }

  /** In the log by its seq, else last; a failed one stays where it failed. */
  #place(row: Row, { state, seq }: Outgoing): number {
    if (row.message.seq !== undefined || seq !== undefined) {
      return row.message.seq ?? seq ?? 0;
    }
    return state === 'failed' && row.at === Infinity ? (this.held.last ?? Infinity) + 0.5 : row.at;
  }

  #show(row: Row, message: Message): void {
    row.message = message;
    this.#changes.push({ type: 'changed', message });
  }

  #move(row: Row, at: number): void {
    if (row.at !== at) {
      this.#rows.splice(this.#rows.lastIndexOf(row), 1);
      row.at = at;
      this.#insert(row);
    }
  }

  #insert(row: Row): void {
    let low = 0;
    for (let high = this.#rows.length; low < high;) {
      const middle = (low + high) >> 1;
      const other = this.#rows[middle];
      if (other !== undefined && (other.at < row.at || other.at === row.at && other.tie < row.tie)) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    this.#rows.splice(low, 0, row);
  }

  #drop(row: Row): void {
    this.#rows.splice(this.#rows.lastIndexOf(row), 1);
    this.#bySeq.delete(row.message.seq ?? -1);
    this.#own.delete(row.message.id);
    this.#changes.push({ type: 'removed', message: row.message });
  }
}
