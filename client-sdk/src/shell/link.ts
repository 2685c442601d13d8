import { IDLE, LINK_SETTINGS, step, type LinkEffect, type LinkEvent, type LinkSettings, type LinkState } from '../core/link.js';
import { ChatError } from '../errors.js';
import { byteLength, type ErrorFrame, type HelloFrame, type Json, type ServerFrame } from '../protocol.js';
import { Wake, type Clock } from './clock.js';
import { tokenTrouble, type Tokens } from './tokens.js';

/** The part of the browser's `WebSocket` that is used; another one can be given. */
export interface Socket {
  onmessage: ((event: { data: unknown }) => void) | null;
  onclose: ((event: { code: number; reason: string }) => void) | null;
  onerror: ((event: never) => void) | null;
  send(text: string): void;
  close(code?: number): void;
}

export type OpenSocket = (url: string, protocols: string[]) => Socket;

export interface LinkHandlers {
  opened(hello: HelloFrame): void;
  frame(frame: ServerFrame): void;
  lost(code: number): void;
  status(): void;
}

const MESSAGE_MAX_BYTES = 1 << 20;

/**
 * One socket that is kept. Frames of one turn go out joined, joined ones come in one by one (ING-7). What is sent while it is not open is
 * forgotten: whoever needs an answer asks again when it is back.
 */
export class Link {
  state: LinkState = IDLE;
  readonly #url: string;
  readonly #tokens: Tokens;
  readonly #clock: Clock;
  readonly #openSocket: OpenSocket;
  readonly #on: LinkHandlers;
  readonly #settings: LinkSettings;
  readonly #wake: Wake;
  readonly #requests = new Map<number, { resolve: (frame: ServerFrame) => void; reject: (error: ChatError) => void }>();
  #nextRef = 1;
  #socket: Socket | null = null;
  #out: string[] = [];

  constructor(url: string, tokens: Tokens, clock: Clock, openSocket: OpenSocket, on: LinkHandlers, settings: Partial<LinkSettings> = {}) {
    this.#url = url;
    this.#tokens = tokens;
    this.#clock = clock;
    this.#openSocket = openSocket;
    this.#on = on;
    this.#settings = { ...LINK_SETTINGS, ...settings };
    this.#wake = new Wake(clock, () => this.happen({ type: 'time' }));
  }

  happen(event: LinkEvent): void {
    const before = this.state.status;
    const [state, effects] = step(this.state, event, this.#clock.now(), this.#clock.chance(), this.#settings);
    this.state = state;
    this.#wake.set(state.wakeAt);
    effects.forEach((effect) => this.#run(effect));
    if (before !== this.state.status) {
      this.#on.status();
    }
  }

  send(frame: Json): void {
    if (this.state.status === 'open' && this.#out.push(JSON.stringify(frame)) === 1) {
      queueMicrotask(() => this.#flush());
    }
  }

  /** Settles with the answer to its `ref`, or rejects with its error or with the loss of the connection. */
  request<T extends ServerFrame>(frame: Json): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      if (this.state.status !== 'open') {
        return reject(notConnected());
      }
      const ref = this.#nextRef++;
      this.#requests.set(ref, { resolve: resolve as (frame: ServerFrame) => void, reject });
      this.send({ ...frame, ref });
    });
  }

  #run(effect: LinkEffect): void {
    switch (effect.do) {
      case 'fetchToken':
        this.#tokens.current().then((token) => this.happen({ type: 'token', token }), (error: unknown) => this.happen({ type: 'tokenFailed', ...tokenTrouble(error) }));
        return;
      case 'discardToken': return this.#tokens.discard();
      case 'open': return this.#open(effect.token);
      case 'ping': return this.send({ op: 'ping' });
      case 'drop': return this.#drop();
      case 'lost': return this.#on.lost(effect.code);
    }
  }

  #open(token: string): void {
    const socket = this.#openSocket(this.#url, ['millrace.v1', `bearer.${token}`]);
    this.#socket = socket;
    socket.onmessage = ({ data }) => {
      this.happen({ type: 'heard' });
      for (const line of String(data).split('\n')) {
        if (socket === this.#socket && line.trim() !== '') {
          this.#frame(JSON.parse(line) as ServerFrame);
        }
      }
    };
    socket.onerror = () => {}; // a close follows
    socket.onclose = ({ code, reason }) => {
      if (socket === this.#socket) {
        this.happen({ type: 'closed', code, reason });
      }
    };
  }

  #frame(frame: ServerFrame): void {
    if (frame.op === 'hello') {
      this.happen({ type: 'hello', pingMs: frame.pingMs ?? 25_000 });
      return this.#on.opened(frame);
    }
    if (frame.op === 'goodbye') {
      return this.happen({ type: 'goodbye', afterMs: frame.reconnectAfterMs });
    }
    const ref = 'ref' in frame && typeof frame.ref === 'number' ? frame.ref : undefined;
    const request = ref === undefined ? undefined : this.#requests.get(ref);
    if (ref === undefined || request === undefined) {
      return this.#on.frame(frame);
    }
    this.#requests.delete(ref);
    frame.op === 'error' ? request.reject(new ChatError(frame satisfies ErrorFrame)) : request.resolve(frame);
  }

  #flush(): void {
    const frames = this.#out.splice(0);
    let joined: string[] = [];
    let bytes = 0;
    for (const [i, frame] of frames.entries()) {
      joined.push(frame);
      bytes += byteLength(frame) + 1;
      const next = frames[i + 1];
      if (next === undefined || bytes + byteLength(next) > MESSAGE_MAX_BYTES) {
        this.#socket?.send(joined.join('\n'));
        joined = [];
        bytes = 0;
      }
    }
  }

  #drop(): void {
    const socket = this.#socket;
    this.#socket = null;
    this.#out = [];
    socket?.close(1000);
    const requests = [...this.#requests.values()];
    this.#requests.clear();
    requests.forEach(({ reject }) => reject(notConnected()));
  }
}

const notConnected = (): ChatError => new ChatError({ code: 'not_connected', message: 'unable to ask; there is no connection', retryable: true });
