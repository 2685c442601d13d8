import { vi } from 'vitest';
import type { Chat, ChatOptions, Platform } from '../../src/chat.ts';
import { ChatClient } from '#client';
import type { Entry, Json } from '../../src/protocol.ts';
import type { Socket } from '../../src/shell/link.ts';
import { MemoryStore } from '../../src/shell/store.ts';

/** Time that passes when the test says so, and no chance. */
export class FakeClock {
  constructor() {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'Date', 'performance'], now: 1_767_225_600_000 });
    vi.spyOn(Math, 'random').mockReturnValue(0.5);
  }

  async pass(ms: number): Promise<void> {
    await settle();
    await vi.advanceTimersByTimeAsync(ms);
    await settle();
  }
}

/** Lets everything that waits for nothing but its turn run. */
export const settle = async (): Promise<void> => {
  for (let i = 0; i < 40; i++) {
    await Promise.resolve();
  }
};

export class FakeSocket implements Socket {
  onmessage: ((event: { data: unknown }) => void) | null = null;
  onclose: ((event: { code: number; reason: string }) => void) | null = null;
  onerror: ((event: never) => void) | null = null;
  readonly path: string;
  readonly protocols: string[];
  readonly got: Json[] = [];
  readonly #server: FakeServer;
  #open = true;

  constructor(server: FakeServer, url: string, protocols: string[]) {
    this.#server = server;
    this.path = new URL(url).pathname;
    this.protocols = protocols;
    queueMicrotask(() => server.greets && this.say({ op: 'hello', pingMs: 25_000, limits: { maxMessageBytes: 65_536 } }));
  }

  send(text: string): void {
    for (const line of text.split('\n')) {
      const frame = JSON.parse(line) as Json;
      this.got.push(frame);
      queueMicrotask(() => this.#open && this.#server.answer(this, frame));
    }
  }

  say(...frames: Json[]): void {
    if (this.#open) {
      this.onmessage?.({ data: frames.map((frame) => JSON.stringify(frame)).join('\n') });
    }
  }

  close(): void {
    this.#open = false;
  }

  drop(code = 1006): void {
    if (this.#open) {
      this.#open = false;
      this.onclose?.({ code, reason: '' });
    }
  }
}

/** A server in memory with one room log: accepts, confirms, replays, loses what it is told to lose. */
export class FakeServer {
  readonly sockets: FakeSocket[] = [];
  readonly log: { seq: number; entry: Entry }[] = [];
  readonly outcomes = new Map<string, number>();
  greets = true;
  /** Frames of these ops get no answer. */
  deaf = new Set<string>();
  /** A discontinuity for a cursor, instead of a replay. */
  forgets = false;
  /** Seqs that are not delivered live. */
  swallowed = new Set<number>();
  subscribed: FakeSocket | null = null;

  last(path: string): FakeSocket {
    const socket = this.sockets.filter((each) => each.path === path).at(-1);
    if (socket === undefined) {
      throw new Error(`no socket at ${path}`);
    }
    return socket;
  }

  get ingest(): FakeSocket { return this.last('/v1/ingest'); }
  get delivery(): FakeSocket { return this.last('/v1/delivery'); }

  dropAll(code?: number): void {
    this.sockets.forEach((socket) => socket.drop(code));
  }

  write(sender: string, text: string, more: Partial<Entry> = {}): void {
    const seq = this.log.length + 1;
    this.log.push({ seq, entry: { action: 'message.create', type: 'text', sender, id: `${sender}-${seq}`, text, at: '2026-01-01T00:00:00Z', ...more } });
    if (!this.swallowed.has(seq)) {
      this.subscribed?.say(this.#message(seq, false));
    }
  }

  answer(socket: FakeSocket, frame: Json): void {
    const op = String(frame['op']);
    if (this.deaf.has(op)) {
      return;
    }
    switch (op) {
      case 'send': return this.#send(socket, frame);
      case 'subscribe': return this.#subscribe(socket, frame);
      case 'history': return this.#history(socket, frame);
      case 'ping': return socket.say({ op: 'pong' });
      case 'auth': case 'unsubscribe': return socket.say({ op: 'ok', ref: frame['ref'] });
    }
  }

  #send(socket: FakeSocket, frame: Json): void {
    const id = String(frame['id']);
    socket.say({ op: 'accepted', ref: frame['ref'], id });
    if (!this.outcomes.has(id)) {
      const { op: _, ref: __, room: ___, ...said } = frame;
      this.outcomes.set(id, this.log.length + 1);
      this.write('ana', '', said as Partial<Entry>);
    }
    if (!this.deaf.has('sync')) {
      this.delivery.say({ op: 'sync', id, room: 'lobby', state: 'synced', epoch: 'e', seq: this.outcomes.get(id) });
    }
  }

  #subscribe(socket: FakeSocket, frame: Json): void {
    const head = this.log.length;
    const seen = frame['cursor'] === undefined ? undefined : Number(frame['cursor']);
    const missed = seen === undefined ? 0 : head - seen;
    const resumed = seen !== undefined && (missed === 0 || !this.forgets);
    this.subscribed = socket;
    socket.say(
      { op: 'subscribed', ref: frame['ref'], room: 'lobby', epoch: head === 0 ? null : 'e', seq: head, cursor: String(head), resumed, replayed: resumed ? missed : 0 },
      ...(seen !== undefined && !resumed ? [{ op: 'discontinuity', room: 'lobby', reason: 'WINDOW_EXPIRED', from: seen + 1, to: head, lost: missed, recoverable: true, oldestSeq: 1 }] : []),
      ...(resumed ? Array.from({ length: missed }, (_, i) => this.#message((seen ?? 0) + i + 1, true)) : []),
    );
  }

  #history(socket: FakeSocket, { ref, before, after, limit }: Json): void {
    const most = Number(limit ?? 50);
    const below = this.log.filter(({ seq }) => before === undefined || seq < Number(before)).reverse();
    const items = (after === undefined ? below : this.log.filter(({ seq }) => seq > Number(after))).slice(0, most);
    const complete = after === undefined ? (items.at(-1)?.seq ?? 1) === 1 : items.at(-1)?.seq === this.log.length;
    socket.say({ op: 'history', ref, room: 'lobby', epoch: 'e', items: items.map((item) => ({ ...item, cursor: String(item.seq) })), complete });
  }

  #message(seq: number, replay: boolean): Json {
    return { op: 'message', room: 'lobby', epoch: 'e', seq, cursor: String(seq), replay, entry: this.log[seq - 1]?.entry };
  }
}

const base64 = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');
export const token = (sub: string, lifeSeconds = 3_600): string => `h.${base64({ sub, iat: 0, exp: lifeSeconds })}.s`;

/** A client whose whole surroundings the test holds. */
export class Surroundings {
  readonly clock = new FakeClock();
  readonly server = new FakeServer();
  readonly store = new MemoryStore();
  readonly tokens: string[] = [];
  network: (there: boolean) => void = () => {};

  client(options: Partial<ChatOptions> = {}): Chat {
    return new ChatClient({ ...this.options(), ...options });
  }

  options(): ChatOptions & { platform: Platform } {
    const platform: Platform = {
      openSocket: (url, protocols) => {
        const socket = new FakeSocket(this.server, url, protocols);
        this.server.sockets.push(socket);
        return socket;
      },
      put: async () => ({ status: 200, body: '' }),
      newStore: () => this.store,
      onNetwork: (listener) => {
        this.network = listener;
        return () => {};
      },
    };
    return { url: 'http://chat.test', getToken: () => { this.tokens.push('asked'); return token('ana'); }, platform };
  }
}
