import * as core from '../core/link.js';
import { run } from '../core/turn.js';
import { ownCause } from '../errors.js';
import type { ErrorFrame, HelloFrame, Json, ServerFrame } from '../protocol.js';
import { now, wake } from './time.js';
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

/**
 * One socket that is kept. Frames of one turn go out joined, joined ones come in one by one (ING-7). What is sent while it is not open is
 * forgotten: whoever needs an answer asks again when it is back.
 */
export interface Link {
  readonly state: core.LinkState;
  happen(event: core.LinkEvent): void;
  send(frame: Json): void;
  /**
   * Calls with the answer to this frame, or with an error when the connection is lost. One that lives and does not answer is given up: the next
   * may lead to another server, and gets twice the time.
   */
  ask<T extends ServerFrame>(frame: Json, answered: (answer: T | ErrorFrame) => void): void;
}

const JOINED_MAX_LENGTH = 1 << 14;
const ANSWER_MS = 20_000;
const ANSWER_MAX_MS = 160_000;
const NOT_CONNECTED = { op: 'error', ...ownCause('ask', 'not_connected', true) } as ErrorFrame;

export function newLink(url: string, tokens: Tokens, openSocket: OpenSocket, on: LinkHandlers, backoffMaxMs?: number): Link {
  const waiting = new Map<unknown, (answer: never) => void>();
  let socket: Socket | null = null;
  let out: string[] = [];
  let refs = 0;
  let patienceMs = ANSWER_MS;

  const link = { state: core.IDLE, happen, send, ask };
  const wakeAt = wake(() => happen(core.time));
  const effects: core.LinkEffects = {
    fetchToken: () => void tokens.current().then((token) => happen(core.tokened(token)), (error: unknown) => happen(core.tokenFailed(tokenTrouble(error)))),
    discardToken: tokens.discard,
    open,
    ping: () => send({ op: 'ping' }),
    drop,
    lost: on.lost,
  };

  function happen(event: core.LinkEvent): void {
    const before = link.state.status;
    const [state, asked] = core.step(link.state, event, now(), { chance: Math.random(), backoffMaxMs });
    link.state = state;
    wakeAt(state.wakeAt);
    run(asked, effects);
    if (before !== link.state.status) {
      on.status();
    }
  }

  function send(frame: Json): void {
    if (link.state.status === 'open' && out.push(JSON.stringify(frame)) === 1) {
      queueMicrotask(flush);
    }
  }

  function ask<T extends ServerFrame>(frame: Json, answered: (answer: T | ErrorFrame) => void): void {
    if (link.state.status !== 'open') {
      return answered(NOT_CONNECTED);
    }
    const timer = setTimeout(() => {
      patienceMs = Math.min(2 * patienceMs, ANSWER_MAX_MS);
      happen(core.unanswered);
    }, patienceMs);
    waiting.set(++refs, (answer) => {
      clearTimeout(timer);
      answered(answer);
    });
    send({ ...frame, ref: refs });
  }

  function open(token: string): void {
    const own = socket = openSocket(url, ['millrace.v1', `bearer.${token}`]);
    own.onmessage = ({ data }) => {
      happen(core.heard);
      String(data).split('\n').forEach((line) => own === socket && line && received(JSON.parse(line) as ServerFrame));
    };
    own.onerror = () => {}; // a close follows
    own.onclose = ({ code, reason }) => own === socket && happen(core.closed(code, reason));
  }

  function received(frame: ServerFrame): void {
    const { ref } = frame as { ref?: unknown };
    const answered = waiting.get(ref);
    waiting.delete(ref);
    if (answered) {
      patienceMs = waiting.size > 0 ? patienceMs : ANSWER_MS;
      answered(frame as never);
    } else if (frame.op === 'hello') {
      happen(core.greeted(frame.pingMs));
      on.opened(frame);
    } else if (frame.op === 'goodbye') {
      happen(core.goodbye(frame.reconnectAfterMs));
    } else {
      on.frame(frame);
    }
  }

  function flush(): void {
    let joined = '';
    for (const frame of out.splice(0)) {
      if (joined && joined.length + frame.length > JOINED_MAX_LENGTH) {
        socket?.send(joined);
        joined = '';
      }
      joined += (joined && '\n') + frame;
    }
    if (joined) {
      socket?.send(joined);
    }
  }

  function drop(): void {
    const old = socket;
    const unanswered = [...waiting.values()];
    socket = null;
    out = [];
    waiting.clear();
    old?.close(1000);
    unanswered.forEach((answered) => answered(NOT_CONNECTED as never));
  }

  return link;
}
