import type { Source } from './core/continuity-state.js';
import type { Message } from './core/message.js';
import { deleted } from './core/outbox.js';
import type { Content } from './core/outgoing.js';
import type { Timeline } from './core/timeline.js';
import { ownError } from './errors.js';
import type { LiveCollection } from './live.js';
import type { Outbox, OutgoingFile, Taken } from './outbox.js';
import { laneOf, type Entry, type HistoryFrame, type Json, type MessageType } from './protocol.js';
import type { RoomEvents } from './room.js';
import type { Emitter } from './shell/emitter.js';

export interface SendOptions {
  readonly text?: string;
  readonly data?: Json;
  readonly metadata?: Json;
  /** The id of the message this one answers. */
  readonly replyTo?: string;
  /** Taken from the files or the text where it is not given. */
  readonly type?: MessageType;
  readonly attachments?: readonly OutgoingFile[];
  /** 1-64 of `A-Za-z0-9_-`; the same id again is the same message. A ULID where it is not given. */
  readonly id?: string;
}

/** A message on its way. */
export interface Sending {
  readonly id: string;
  /** As it is shown now; the live collection has every later state. */
  readonly message: Message;
  /** Resolves with the message in the log, rejects with a `ChatError` when it finally failed. */
  readonly synced: Promise<Message>;
}

export interface MessageEvent {
  readonly type: 'created' | 'updated' | 'deleted' | 'reacted';
  /** As it is now; missing when a change came for a message that is not loaded. */
  readonly message: Message | undefined;
  /** What the log says, whole. */
  readonly entry: Entry;
  readonly seq: number;
  readonly source: Source;
}

export interface Page {
  /** Newest first. Edits and deletes are applied; a page of changes alone can be empty. */
  readonly items: readonly Message[];
  hasNext(): boolean;
  /** The page before this one, in time. */
  next(): Promise<Page>;
}

export interface MessageSubscription {
  /** Pages back from where this subscription began, without gap or overlap; from the new attach point after a discontinuity. */
  historyBeforeSubscribe(options?: { limit?: number }): Promise<Page>;
  unsubscribe(): void;
}

/** What is said in a room: sending, listening, paging back. */
export interface Messages {
  /** Shows the message at once, keeps it, and sends it when there is a connection, in order (SDK-1, SDK-2). */
  send(message: SendOptions): Sending;
  /** The whole new content takes the place of the old one. */
  update(target: Message, change: { text?: string; data?: Json; metadata?: Json }): Sending;
  /** Soft: everybody sees that a message was deleted (MSG-4). */
  delete(target: Message): Sending;
  react(target: Message, name: string, kind?: 'unique' | 'distinct' | 'multiple'): Sending;
  unreact(target: Message, name: string): Sending;
  /** Sends a failed message again, as a new one in the old one's place on the screen (SDK-4). */
  resend(id: string): Sending;
  /**
   * Takes a message away, whatever has become of it: one that failed or never went out is forgotten, one in the log is deleted for all, one on
   * its way as soon as it is there.
   */
  softDelete(id: string): Promise<void>;
  deleteFailedMessage(id: string): void;
  /** All of this room. */
  deleteFailedMessages(): void;
  /** Everything to show, as it changes. */
  live(): LiveCollection;
  /** Calls for every entry of the log from here on, in seq order, none twice, none missing. */
  subscribe(listener: (event: MessageEvent) => void): MessageSubscription;
  /** Pages back from where the unbroken stream of this room began; after a discontinuity that is the new attach point. */
  historyBeforeSubscribe(options?: { limit?: number }): Promise<Page>;
  /** Pages back from `before`, exclusive. */
  history(options: { before: number; limit?: number }): Promise<Page>;
}

/** What the messages of a room need of it. */
export interface MessagesPorts {
  readonly timeline: Timeline;
  readonly collection: LiveCollection;
  readonly events: Emitter<RoomEvents>;
  attach(): Promise<void>;
  /** The seq an attached room stands at. */
  seq(): number | undefined;
  /** The seq up to which history is to be asked so that it meets what was given. */
  origin(): number;
  /** The entries before `before`, newest first, once they are in their place. */
  load(before: number, limit: number): Promise<HistoryFrame>;
}

export function newMessages(room: string, { timeline, collection, events, attach, seq, origin, load }: MessagesPorts, outbox: Outbox): Messages {
  const sending = ({ message: { id, content: { target = 0 } }, fate }: Taken): Sending => {
    const shown = (): Message => timeline.mine(id) ?? timeline.get(target) as Message;
    const synced = fate.then(({ seq = 0, epoch }) => timeline.get(seq) ?? { ...shown(), seq, epoch });
    synced.catch(() => {}); // whoever does not ask for it is told by the collection
    return { id, message: shown(), synced };
  };

  const change = ({ seq, type }: Message, action: Content['action'], content: Partial<Content> = {}): Sending => {
    if (!seq) {
      throw ownError('change', 'not_synced');
    }
    return sending(outbox.send(room, { action, type, target: seq, ...content }, []));
  };

  async function page(point: () => number, limit = 50): Promise<Page> {
    await attach();
    const before = point();
    const { items, complete } = before > 1 ? await load(before, limit) : { items: [], complete: true };
    const oldest = items.at(-1)?.seq ?? 1;
    return {
      items: items.map(({ seq }) => timeline.get(seq)).filter((message) => !!message),
      hasNext: () => !complete && oldest > 1,
      next: () => page(() => oldest, limit),
    };
  }

  const messages: Messages = {
    send: ({ attachments = [], id, type, ...said }) =>
      sending(outbox.send(room, { action: 'message.create', type: type ?? contentTypeOf(said, attachments), ...said }, attachments, id)),
    update: (target, content) => change(target, 'message.update', content),
    delete: (target) => change(target, 'message.delete'),
    react: (target, name, kind = 'distinct') => change(target, 'reaction.add', { data: { name, kind } }),
    unreact: (target, name) => change(target, 'reaction.remove', { data: { name } }),
    resend: (id) => sending(outbox.resend(id)),
    async softDelete(id) {
      outbox.happen(deleted(id));
      if (outbox.find(id)) {
        await outbox.fate(id).catch(() => {});
        return messages.softDelete(id);
      }
      const shown = timeline.mine(id);
      if (shown?.seq) {
        await messages.delete(shown).synced;
      }
    },
    deleteFailedMessage: (id) => outbox.deleteFailed((failed) => failed.id === id),
    deleteFailedMessages: () => outbox.deleteFailed((failed) => failed.room === room),
    live: () => collection,
    subscribe(listener) {
      let point = seq();
      const listening = [
        events.on('entry', ({ item: { seq, entry }, source, message }) => listener({ type: typeOf(entry), message, entry, seq, source })),
        events.on('discontinuity', () => { point = undefined; }), // it begins anew
      ];
      return {
        historyBeforeSubscribe: ({ limit } = {}) => page(() => (point ??= origin()) + 1, limit),
        unsubscribe: () => listening.forEach(({ off }) => off()),
      };
    },
    historyBeforeSubscribe: ({ limit } = {}) => page(() => origin() + 1, limit),
    history: ({ before, limit }) => page(() => before, limit),
  };
  return messages;
}

/** Of `message.update` it is `updated`. */
const typeOf = ({ action }: Entry): MessageEvent['type'] => action.startsWith('reaction') ? 'reacted' : `${action.slice(8)}d` as MessageEvent['type'];

function contentTypeOf({ text, data }: SendOptions, [file]: readonly OutgoingFile[]): MessageType {
  const kind = (file?.contentType ?? (file?.data as Partial<Blob> | undefined)?.type ?? '').split('/')[0] as MessageType;
  return file ? laneOf(kind) === 'media' ? kind : 'file' : data && text === undefined ? 'custom' : 'text';
}
