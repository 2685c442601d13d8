import type { Place } from './core/continuity-state.js';
import type { LinkSettings, LinkStatus } from './core/link.js';
import type { OutboxSettings } from './core/outbox-state.js';
import { ChatError } from './errors.js';
import { Outbox } from './outbox.js';
import type { Cause, ServerFrame, SyncFrame } from './protocol.js';
import { Room } from './room.js';
import { systemClock, Wake, type Clock } from './shell/clock.js';
import { Emitter, type Subscription } from './shell/emitter.js';
import { Link, type LinkHandlers, type OpenSocket } from './shell/link.js';
import type { Store } from './shell/store.js';
import { Tokens, type GetToken } from './shell/tokens.js';
import { Uploader, type Put } from './shell/uploader.js';
import { ulid } from './ulid.js';

/** `initialized` before the first try, `disconnected` while it waits for the next, `offline` when the app cut it, `failed` for good. */
export type ConnectionStatus = 'initialized' | 'connecting' | 'connected' | 'disconnected' | 'offline' | 'failed' | 'closed';

export interface ConnectionChange {
  readonly status: ConnectionStatus;
  readonly previous: ConnectionStatus;
  /** Why, where it is not a wanted one. */
  readonly cause?: Cause;
}

export interface ChatEvents {
  connection: ConnectionChange;
  /** A change of sync state of any message of this user, from whichever device. */
  sync: SyncFrame;
  /** The server complains of something that is no message's. */
  trouble: Cause;
}

export interface ChatOptions {
  /** Of the server, such as `https://chat.example.com`. */
  readonly url: string;
  readonly getToken: GetToken;
  /** Whose queue to open before the first token is there; otherwise the token says it. */
  readonly user?: string;
  /** Send what a former session left unfinished; without it such messages become `failed` (SDK-3). */
  readonly resumeUnfinished?: boolean;
  /** Where the queue is kept: IndexedDB in browsers, in Node a `FileStore` or else memory. */
  readonly store?: Store;
  /** False: connect when `connect()` is called. */
  readonly autoConnect?: boolean;
  /** So many log entries are kept for showing while the newest are followed. */
  readonly maxMessages?: number;
  /** For tests and for other platforms. */
  readonly platform?: Partial<Platform>;
  readonly settings?: Partial<OutboxSettings & LinkSettings>;
}

/** What the surroundings give. */
export interface Platform {
  readonly clock: Clock;
  readonly openSocket: OpenSocket;
  readonly put: Put;
  /** The network came (true) or went (false), or the page is looked at again (true). */
  onNetwork(listener: (there: boolean) => void): () => void;
  newStore(session: string): Store;
}

const PLACE = 'place:';

/** One user's chat: both sockets, the queues, the rooms. */
export class ChatClient {
  readonly #options: ChatOptions;
  readonly #clock: Clock;
  readonly #events = new Emitter<ChatEvents>();
  readonly #tokens: Tokens;
  readonly #store: Store;
  readonly #ingest: Link;
  readonly #delivery: Link;
  readonly #outbox: Outbox;
  readonly #rooms = new Map<string, Room>();
  readonly #places = new Map<string, Place>();
  readonly #renewal: Wake;
  readonly #unwatch: () => void;
  #sender: string | undefined;
  #restoring = false;
  #restored = false;
  #refs = 0;
  #status: ConnectionStatus = 'initialized';

  /** @internal Use the class of the package's entry, which knows its platform. */
  constructor(options: ChatOptions, platform: Platform) {
    const { clock = systemClock, openSocket, put, onNetwork, newStore } = { ...platform, ...options.platform };
    const session = ulid(clock.wall());
    this.#options = options;
    this.#clock = clock;
    this.#sender = options.user;
    this.#store = options.store ?? newStore(session);
    this.#tokens = new Tokens(options.getToken, clock, (sender) => this.#known(sender));
    const link = (path: string, on: Omit<LinkHandlers, 'status'>): Link =>
      new Link(socketUrl(options.url, path), this.#tokens, clock, openSocket, { ...on, status: () => this.#linkChanged() }, options.settings);
    this.#ingest = link('/v1/ingest', {
      opened: ({ limits }) => this.#outbox.happen({ type: 'opened', ...(limits?.['maxMessageBytes'] !== undefined && { maxBytes: limits['maxMessageBytes'] }) }),
      frame: (frame) => this.#answered(frame),
      lost: (code) => this.#outbox.happen({ type: 'closed', code }),
    });
    this.#delivery = link('/v1/delivery', {
      opened: () => this.#listening(), frame: (frame) => this.#delivered(frame), lost: () => this.#rooms.forEach((room) => room.happen({ type: 'unlinked' })),
    });
    this.#outbox = new Outbox(session, clock, this.#store, new Uploader(options.url, this.#tokens, this.#store, put), {
      send: (frame) => this.#ingest.send(frame),
      probe: () => this.#ingest.happen({ type: 'probe' }),
      changed: (message) => this.room(message.room).outgoing(message),
      removed: (message) => this.room(message.room).outgoingRemoved(message),
      sender: () => this.#sender,
    }, options.settings);
    this.#renewal = new Wake(clock, () => void this.#renew());
    this.#unwatch = onNetwork((there) => this.#links.forEach((each) => each.happen({ type: there && each.state.status === 'waiting' ? 'online' : 'probe' })));
    if (options.user !== undefined) {
      void this.#restore(options.user);
    }
    if (options.autoConnect !== false) {
      queueMicrotask(() => this.#status === 'initialized' && this.connect());
    }
  }

  get connection(): ConnectionStatus {
    return this.#status;
  }

  /** Who this is, as the token says; before the first token the option `user`. */
  get user(): string | undefined {
    return this.#sender;
  }

  on<K extends keyof ChatEvents>(type: K, listener: (value: ChatEvents[K]) => void): Subscription {
    return this.#events.on(type, listener);
  }

  /** The same object for the same name. */
  room(name: string): Room {
    let room = this.#rooms.get(name);
    if (room === undefined) {
      room = new Room(name, {
        clock: this.#clock, delivery: this.#delivery, outbox: this.#outbox, me: () => this.#sender ?? '', maxMessages: this.#options.maxMessages ?? 5_000,
        keepPlace: (place) => this.#store.put(PLACE + name, place), nextRef: () => `s${++this.#refs}`,
      });
      this.#rooms.set(name, room);
      this.#introduce(room, name);
    }
    return room;
  }

  /** The bytes of an attachment, read with this user's token (ING-9). */
  async attachment(id: string): Promise<Blob> {
    const response = await fetch(new URL(`/v1/attachments/${id}`, this.#options.url), { headers: { authorization: `Bearer ${await this.#tokens.current()}` } });
    if (!response.ok) {
      throw new ChatError({ code: `http_${response.status}`, message: `unable to get the attachment; the server answered ${response.status}` });
    }
    return response.blob();
  }

  /** Connects, also after `disconnect()` and after a final refusal. */
  connect(): void {
    if (this.#status !== 'closed') {
      this.#links.forEach((link) => link.happen({ type: 'connect' }));
    }
  }

  /** Goes offline as in an aeroplane: messages queue, rooms wait, `connect()` ends it. */
  disconnect(): void {
    this.#renewal.set(null);
    this.#links.forEach((link) => link.happen({ type: 'disconnect' }));
    this.#become('offline');
  }

  /** Ends this client; what is queued stays kept. */
  async close(): Promise<void> {
    this.#rooms.forEach((room) => room.keepPlace());
    this.disconnect();
    this.#become('closed');
    this.#unwatch();
    await this.#store.close();
  }

  /** Of every room. */
  deleteFailedMessages(): void {
    this.#outbox.state.failed.forEach(({ id }) => this.#outbox.happen({ type: 'remove', id }));
  }

  /** How many messages wait for their last word. */
  get unfinished(): number {
    return this.#outbox.unfinished.length;
  }

  get #links(): readonly Link[] {
    return [this.#ingest, this.#delivery];
  }

  #known(sender: string): void {
    const { user } = this.#options;
    if (user !== undefined && user !== sender || this.#restoring && this.#sender !== sender) {
      throw Object.assign(new Error('it is another user’s'), { final: true }); // whose queue must not be sent as this one's
    }
    this.#sender = sender;
    void this.#restore(sender);
  }

  async #restore(user: string): Promise<void> {
    if (this.#restoring) {
      return;
    }
    this.#restoring = true;
    const kept = await this.#store.open(`${new URL(this.#options.url).host}:${user}`).catch(() => new Map<string, unknown>());
    kept.forEach((value, key) => key.startsWith(PLACE) && this.#places.set(key.slice(PLACE.length), value as Place));
    await this.#outbox.restore(kept, this.#options.resumeUnfinished === true);
    this.#restored = true;
    this.#rooms.forEach((room, name) => this.#introduce(room, name));
  }

  /** A room may attach when it is known where it stood before. */
  #introduce(room: Room, name: string): void {
    const place = this.#places.get(name);
    if (this.#restored) {
      if (place !== undefined) {
        room.happen({ type: 'restored', place });
      }
      if (this.#delivery.state.status === 'open') {
        room.happen({ type: 'linked' });
      }
    }
  }

  #listening(): void {
    this.#outbox.happen({ type: 'listening' });
    if (this.#restored) {
      this.#rooms.forEach((room) => room.happen({ type: 'linked' }));
    }
  }

  #answered(frame: ServerFrame): void {
    if (frame.op === 'accepted') {
      this.#outbox.happen({ type: 'accepted', id: frame.id });
    } else if (frame.op === 'error' && (frame.id !== undefined || typeof frame.ref === 'string')) {
      this.#outbox.happen({ type: 'refused', error: frame });
    } else if (frame.op === 'error') {
      this.#events.emit('trouble', frame);
    }
  }

  #delivered(frame: ServerFrame): void {
    switch (frame.op) {
      case 'sync':
        this.#outbox.happen({ type: 'sync', frame });
        return this.#events.emit('sync', frame);
      case 'heads': return Object.entries(frame.rooms).forEach(([name, seq]) => this.#rooms.get(name)?.happen({ type: 'head', seq }));
      case 'error':
        this.#rooms.forEach((room) => room.frame(frame));
        return frame.ref === undefined ? this.#events.emit('trouble', frame) : undefined;
      default: return 'room' in frame ? this.#rooms.get(frame.room)?.frame(frame) : undefined;
    }
  }

  #linkChanged(): void {
    const states = this.#links.map(({ state }) => state);
    const is = (status: LinkStatus): boolean => states.some((state) => state.status === status);
    const cause = states.find((state) => state.cause !== null)?.cause ?? undefined;
    if (this.#status === 'closed' || is('idle')) {
      return; // `disconnect` says it for both
    }
    if (states.every(({ status }) => status === 'open')) {
      this.#renewal.set(this.#tokens.renewAt);
      return this.#become('connected');
    }
    this.#become(is('stopped') ? 'failed' : is('waiting') ? 'disconnected' : 'connecting', cause);
  }

  #become(status: ConnectionStatus, cause?: Cause): void {
    const previous = this.#status;
    if (status !== previous && previous !== 'closed') {
      this.#status = status;
      this.#events.emit('connection', { status, previous, ...(cause && { cause }) });
    }
  }

  /** A fresh token keeps both connections (SEC-2); without one they close with 4401 and come back with another. */
  async #renew(): Promise<void> {
    const token = await this.#tokens.renew().catch(() => null);
    if (token !== null) {
      this.#links.forEach((link) => link.send({ op: 'auth', ref: 'auth', token }));
    }
    this.#renewal.set(this.#tokens.renewAt);
  }
}

function socketUrl(url: string, path: string): string {
  const socket = new URL(path, url);
  socket.protocol = socket.protocol.replace('http', 'ws');
  return socket.href;
}
