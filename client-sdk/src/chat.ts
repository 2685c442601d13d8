import * as continuity from './core/continuity.js';
import type { Place } from './core/continuity-state.js';
import * as link from './core/link.js';
import * as outgoing from './core/outbox.js';
import { ownCause, ownError } from './errors.js';
import { newOutbox } from './outbox.js';
import type { Cause, ServerFrame, SyncFrame } from './protocol.js';
import { newRoom, type Room, type RoomInside } from './room.js';
import { newEmitter, type Subscription } from './shell/emitter.js';
import { newLink, type Link, type LinkHandlers, type OpenSocket } from './shell/link.js';
import type { Store } from './shell/store.js';
import { wake } from './shell/time.js';
import { newTokens, type GetToken } from './shell/tokens.js';
import { newUploader, type Put } from './shell/uploader.js';
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
  /** Trouble that is no message's: the server complains, or nothing can be kept here any more (`not_kept`). */
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
  /** The longest wait between two tries to connect: 15 s where it is not given. */
  readonly backoffMaxMs?: number;
}

/** What the surroundings give. */
export interface Platform {
  readonly openSocket: OpenSocket;
  readonly put: Put;
  /** The network came (true) or went (false), or the page came into view or left it (true). */
  onNetwork(listener: (there: boolean) => void): () => void;
  newStore(session: string): Store;
}

/** One user's chat: both sockets, the queues, the rooms. */
export interface Chat {
  readonly connection: ConnectionStatus;
  /** Who this is, as the token says; before the first token the option `user`. */
  readonly user: string | undefined;
  /** How many messages wait for their last word. */
  readonly unfinished: number;
  on<K extends keyof ChatEvents>(type: K, listener: (value: ChatEvents[K]) => void): Subscription;
  /** The same object for the same name. */
  room(name: string): Room;
  /** The bytes of an attachment, read with this user's token (ING-9). */
  attachment(id: string): Promise<Blob>;
  /** Connects, also after `disconnect()` and after a final refusal. */
  connect(): void;
  /** Goes offline as in an aeroplane: messages queue, rooms wait, `connect()` ends it. */
  disconnect(): void;
  /** Ends this client; what is queued stays kept. */
  close(): Promise<void>;
  /** Of every room. */
  deleteFailedMessages(): void;
}

const PLACE = 'place:';

export function newChat(options: ChatOptions, given: Platform): Chat {
  const { openSocket, put, onNetwork, newStore } = { ...given, ...options.platform };
  const session = ulid();
  const { url, getToken, user, store = newStore(session), maxMessages = 5_000, resumeUnfinished = false, autoConnect = true } = options;
  const events = newEmitter<ChatEvents>();
  const rooms = new Map<string, RoomInside>();
  const renewAt = wake(() => void renew());
  let status: ConnectionStatus = 'initialized';
  let sender = user;
  let restoring: Promise<void> | undefined;
  let kept: Map<string, unknown> | undefined;

  const tokens = newTokens(url, getToken, known);
  const open = (path: string, on: Omit<LinkHandlers, 'status'>): Link =>
    newLink(new URL(path, url).href.replace('http', 'ws'), tokens, openSocket, { ...on, status: linkChanged }, options.backoffMaxMs);
  const ingest = open('/v1/ingest', {
    opened: ({ limits }) => outbox.happen(outgoing.opened(limits?.['maxMessageBytes'])),
    frame: answered,
    lost: (code) => outbox.happen(outgoing.closed(code)),
  });
  const delivery = open('/v1/delivery', {
    opened() {
      outbox.happen(outgoing.listening);
      rooms.forEach(introduce);
    },
    frame: delivered,
    lost: () => rooms.forEach(({ happen }) => happen(continuity.unlinked)),
  });
  const links = [ingest, delivery];
  const outbox = newOutbox(session, store, newUploader(url, tokens, store, put), {
    transmit: ingest.send,
    probe: () => ingest.happen(link.probe),
    changed: (message) => inside(message.room).outgoing(message),
    removed: (message) => inside(message.room).removed(message),
    sender: () => sender,
  });
  const unwatch = onNetwork((there) => links.forEach(({ happen }) => happen(link.network(there))));

  function inside(name: string): RoomInside {
    let room = rooms.get(name);
    if (!room) {
      room = newRoom(name, { delivery, outbox, maxMessages, me: () => sender ?? '', keep: (place) => store.put(PLACE + name, place) });
      rooms.set(name, room);
      introduce(room);
    }
    return room;
  }

  function known(sub: string): void {
    if ((sender ?? sub) !== sub) {
      throw Object.assign(new Error('not this user'), { final: true }); // whose queue must not be sent as this one's
    }
    sender = sub;
    restoring ??= restore(sub);
  }

  async function restore(sub: string): Promise<void> {
    const found = await store.open(`${new URL(url).host}:${sub}`, (error) => events.emit('trouble', ownCause('keep messages', 'not_kept', false, error)));
    await outbox.restore(found, resumeUnfinished);
    kept = found;
    rooms.forEach(introduce);
  }

  /** A room may attach when it is known where it stood before. */
  function introduce({ room, happen }: RoomInside): void {
    if (kept) {
      const place = kept.get(PLACE + room.name);
      if (place) {
        happen(continuity.restored(place as Place));
      }
      if (delivery.state.status === 'open') {
        happen(continuity.linked);
      }
    }
  }

  function answered(frame: ServerFrame): void {
    if (frame.op === 'accepted') {
      outbox.happen(outgoing.accepted(frame.id));
    } else if (frame.op === 'error') {
      frame.id ?? frame.ref ? outbox.happen(outgoing.refused(frame)) : events.emit('trouble', frame);
    }
  }

  function delivered(frame: ServerFrame): void {
    switch (frame.op) {
      case 'sync':
        outbox.happen(outgoing.synced(frame));
        return events.emit('sync', frame);
      case 'heads': return Object.entries(frame.rooms).forEach(([name, seq]) => rooms.get(name)?.happen(continuity.headed(seq)));
      case 'error': return events.emit('trouble', frame);
      default: return 'room' in frame ? rooms.get(frame.room)?.frame(frame) : undefined;
    }
  }

  function linkChanged(): void {
    const states = links.map(({ state }) => state);
    const is = (wanted: link.LinkStatus): boolean => states.some((state) => state.status === wanted);
    if (status === 'closed' || is('idle')) {
      return; // `disconnect` says it for both
    }
    if (states.every((state) => state.status === 'open')) {
      renewAt(tokens.renewAt());
      return become('connected');
    }
    become(is('stopped') ? 'failed' : is('waiting') ? 'disconnected' : 'connecting', states.find(({ cause }) => cause)?.cause);
  }

  function become(next: ConnectionStatus, cause?: Cause): void {
    const previous = status;
    if (next !== previous && previous !== 'closed') {
      status = next;
      events.emit('connection', { status, previous, cause });
    }
  }

  /** A fresh token keeps both connections (SEC-2); without one they close with 4401 and come back with another. */
  async function renew(): Promise<void> {
    await tokens.renew().then((token) => links.forEach(({ send }) => send({ op: 'auth', ref: 'auth', token })), () => {});
    renewAt(tokens.renewAt());
  }

  const chat: Chat = {
    get connection() {
      return status;
    },
    get user() {
      return sender;
    },
    get unfinished() {
      return outbox.unfinished().length;
    },
    on: events.on,
    room: (name) => inside(name).room,
    async attachment(id) {
      const response = await tokens.authorized(`/v1/attachments/${id}`);
      if (!response.ok) {
        throw ownError('get the attachment', `http_${response.status}`);
      }
      return response.blob();
    },
    connect: () => status === 'closed' ? undefined : links.forEach(({ happen }) => happen(link.connect)),
    disconnect() {
      renewAt(null);
      links.forEach(({ happen }) => happen(link.disconnect));
      become('offline');
    },
    async close() {
      chat.disconnect();
      rooms.forEach(({ keepPlace }) => keepPlace());
      become('closed');
      unwatch();
      await store.close();
    },
    deleteFailedMessages: () => outbox.deleteFailed(() => true),
  };
  if (user) {
    known(user);
  }
  if (autoConnect) {
    queueMicrotask(() => status === 'initialized' && chat.connect());
  }
  return chat;
}
