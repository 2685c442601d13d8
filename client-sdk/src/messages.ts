import type { Source } from './core/continuity-state.js';
import type { Content, Outgoing } from './core/outgoing.js';
import type { Message } from './core/message.js';
import { ChatError } from './errors.js';
import type { LiveCollection } from './live.js';
import type { Outbox, OutgoingFile } from './outbox.js';
import type { Entry, Item, Json, MessageType } from './protocol.js';
import type { Room, RoomEvents } from './room.js';
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

const EVENT_TYPES: Record<Entry['action'], MessageEvent['type']> = {
  'message.create': 'created', 'message.update': 'updated', 'message.delete': 'deleted', 'reaction.add': 'reacted', 'reaction.remove': 'reacted',
};

/** What is said in a room: sending, listening, paging back. */
export class Messages {
  readonly #room: Room;
  readonly #outbox: Outbox;
  readonly #events: Emitter<RoomEvents>;
  readonly #points = new Set<{ seq: number | null }>();

  /** @internal */
  constructor(room: Room, outbox: Outbox, events: Emitter<RoomEvents>) {
    this.#room = room;
    this.#outbox = outbox;
    this.#events = events;
  }

  /** Shows the message at once, keeps it, and sends it when there is a connection, in order (SDK-1, SDK-2). */
  send({ attachments = [], id, type, ...said }: SendOptions): Sending {
    const content: Content = { action: 'message.create', type: type ?? typeOf(said, attachments), ...said };
    return this.#sending(this.#outbox.send(this.#room.name, content, attachments, id));
  }

  /** The whole new content takes the place of the old one. */
  update(target: Message, change: { text?: string; data?: Json; metadata?: Json }): Sending {
    return this.#change(target, 'message.update', change);
  }

  /** Soft: everybody sees that a message was deleted (MSG-4). */
  delete(target: Message): Sending {
    return this.#change(target, 'message.delete', {});
  }

  react(target: Message, name: string, kind: 'unique' | 'distinct' | 'multiple' = 'distinct'): Sending {
    return this.#change(target, 'reaction.add', { data: { name, kind } });
  }

  unreact(target: Message, name: string): Sending {
    return this.#change(target, 'reaction.remove', { data: { name } });
  }

  /** Sends a failed message again, as a new one in the old one's place on the screen (SDK-4). */
  resend(id: string): Sending {
    const again = this.#outbox.resend(id);
    if (again === undefined) {
      throw new ChatError({ code: 'not_failed', message: 'unable to resend; no such message has failed' });
    }
    return this.#sending(again);
  }

  /**
   * Takes a message away, whatever has become of it: one that failed or never went out is forgotten, one in the log is deleted for all, one on
   * its way as soon as it is there.
   */
  async softDelete(id: string): Promise<void> {
    this.#outbox.happen({ type: 'remove', id });
    const pending = this.#outbox.find(id);
    if (pending !== undefined) {
      await this.#settled(id);
      return this.softDelete(id);
    }
    const shown = this.#room.timeline.messages.find((message) => message.id === id && message.mine);
    if (shown?.seq !== undefined) {
      await this.delete(shown).synced;
    }
  }

  deleteFailedMessage(id: string): void {
    if (this.#outbox.state.failed.some((message) => message.id === id)) {
      this.#outbox.happen({ type: 'remove', id });
    }
  }

  /** All of this room. */
  deleteFailedMessages(): void {
    this.#outbox.state.failed.filter(({ room }) => room === this.#room.name).forEach(({ id }) => this.#outbox.happen({ type: 'remove', id }));
  }

  /** Everything to show, as it changes. */
  live(): LiveCollection {
    return this.#room.collection;
  }

  /** Calls for every entry of the log from here on, in seq order, none twice, none missing. */
  subscribe(listener: (event: MessageEvent) => void): MessageSubscription {
    const point = { seq: this.#room.status === 'attached' ? this.#room.seq : null };
    this.#points.add(point);
    const listening = this.#events.on('entry', ({ item: { seq, entry }, source, message }) => {
      listener({ type: EVENT_TYPES[entry.action], message, entry, seq, source });
    });
    return {
      historyBeforeSubscribe: async ({ limit } = {}) => {
        await this.#room.attach();
        point.seq ??= this.#room.origin;
        return this.#page(point.seq + 1, limit);
      },
      unsubscribe: () => {
        listening.off();
        this.#points.delete(point);
      },
    };
  }

  /** Pages back from where the unbroken stream of this room began; after a discontinuity that is the new attach point. */
  async historyBeforeSubscribe({ limit }: { limit?: number } = {}): Promise<Page> {
    await this.#room.attach();
    return this.#page(this.#room.origin + 1, limit);
  }

  /** Pages back from `before`, exclusive. */
  async history({ before, limit }: { before: number; limit?: number }): Promise<Page> {
    await this.#room.attach();
    return this.#page(before, limit);
  }

  /** @internal After a discontinuity every subscription begins anew. */
  moveTo(seq: number): void {
    this.#points.forEach((point) => { point.seq = seq; });
  }

  async #page(before: number, limit = 50): Promise<Page> {
    const page = before > 1 ? await this.#room.history({ before, limit }) : { items: [], epoch: null, complete: true };
    if (page.epoch !== null) {
      this.#room.given([...page.items].reverse(), page.epoch, 'history');
    }
    const items = page.items.map(({ seq }: Item) => this.#room.timeline.get(seq)).filter((message) => message !== undefined);
    const oldest = page.items.at(-1)?.seq ?? 1;
    const more = !page.complete && oldest > 1;
    return { items, hasNext: () => more, next: () => this.#page(oldest, limit) };
  }

  #change(target: Message, action: Content['action'], change: { text?: string; data?: Json; metadata?: Json }): Sending {
    if (target.seq === undefined) {
      throw new ChatError({ code: 'not_synced', message: 'unable to change the message; it is not in the log yet' });
    }
    return this.#sending(this.#outbox.send(this.#room.name, { action, type: target.type, target: target.seq, ...change }, []));
  }

  #sending({ message, synced }: { message: Outgoing; synced: Promise<Outgoing> }): Sending {
    const shown = (): Message => this.#shown(message);
    const settled = synced.then(({ seq }) => this.#room.timeline.get(seq ?? 0) ?? { ...shown(), ...(seq !== undefined && { seq }) });
    settled.catch(() => {});
    return { id: message.id, message: shown(), synced: settled };
  }

  #shown({ id, content: { target } }: Outgoing): Message {
    const { timeline } = this.#room;
    return timeline.local(id) ?? timeline.get(target ?? 0) as Message;
  }

  #settled(id: string): Promise<void> {
    return new Promise((resolve) => {
      const check = this.#room.collection.subscribe(() => {
        const state = this.#outbox.find(id)?.state;
        if (state === undefined || state === 'failed') {
          queueMicrotask(() => { check.off(); resolve(); });
        }
      });
    });
  }
}

function typeOf({ text, data }: SendOptions, files: readonly OutgoingFile[]): MessageType {
  const file = files[0];
  if (file === undefined) {
    return text === undefined && data !== undefined ? 'custom' : 'text';
  }
  const kind = (file.contentType ?? (file.data instanceof Blob ? file.data.type : '')).split('/')[0];
  return kind === 'image' || kind === 'audio' || kind === 'video' ? kind : 'file';
}
