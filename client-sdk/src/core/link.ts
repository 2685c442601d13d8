/**
 * The connection as a pure state machine (SDK-7, SDK-8, ERR-2): what happened, in; what to do, out. One `wakeAt` says when to look again.
 *
 * idle → token → opening → open → waiting → token …; `stopped` when the server forbids a return, `idle` when the app cut the connection.
 */
import { ownCause } from '../errors.js';
import type { Cause } from '../protocol.js';
import { Turn, type Effect, type Event } from './turn.js';

export type LinkStatus = 'idle' | 'token' | 'opening' | 'open' | 'waiting' | 'stopped';

export interface LinkState {
  readonly status: LinkStatus;
  /** Failed tries since the connection last stood for long enough. */
  readonly attempt: number;
  readonly openedAt: number;
  readonly pingMs: number;
  /** A ping is out: until the next moment to look, anything heard proves life. */
  readonly probing: boolean;
  readonly goodbyeMs: number | null;
  readonly wakeAt: number | null;
  readonly cause: Cause | undefined;
}

export interface LinkEffects {
  fetchToken(): void;
  discardToken(): void;
  open(token: string): void;
  drop(): void;
  ping(): void;
  /** `code`: why it closed. */
  lost(code: number): void;
}

const BACKOFF_MS = 500;
const HELLO_MS = 20_000;
const STABLE_MS = 5_000;
const PROBE_MS = 3_000;

export const IDLE: LinkState = { status: 'idle', attempt: 0, openedAt: 0, pingMs: 0, probing: false, goodbyeMs: null, wakeAt: null, cause: undefined };

/** What chance gives, from 0 to 1 (full jitter), and the longest wait. */
export interface LinkEnv {
  readonly chance: number;
  readonly backoffMaxMs?: number | undefined;
}

class LinkTurn extends Turn<LinkState, LinkEffects, LinkEnv> {
  is(...statuses: LinkStatus[]): boolean {
    return statuses.includes(this.state.status);
  }
}

export type LinkEvent = Event<LinkTurn>;

export function step(state: LinkState, event: LinkEvent, now: number, env: LinkEnv): readonly [LinkState, readonly Effect<LinkEffects>[]] {
  const turn = new LinkTurn(state, now, env);
  event(turn);
  return [turn.state, turn.effects];
}

export const connect: LinkEvent = (turn) => {
  if (turn.is('idle', 'stopped')) {
    turn.set({ attempt: 0 });
    begin(turn);
  }
};

export const disconnect: LinkEvent = (turn) => {
  lose(turn, 1000);
  turn.set(IDLE);
};

/** The network came, and there is no need to wait; or something about it changed, and it is to be seen what still stands. */
export const network = (there: boolean): LinkEvent => (turn) => there && turn.is('waiting') ? begin(turn) : probe(turn);

function begin(turn: LinkTurn): void {
  turn.set({ status: 'token', wakeAt: null, goodbyeMs: null });
  turn.to.fetchToken();
}

export const tokened = (token: string): LinkEvent => (turn) => {
  if (turn.is('token')) {
    turn.set({ status: 'opening', wakeAt: turn.now + HELLO_MS });
    turn.to.open(token);
  }
};

export const tokenFailed = (cause: Cause): LinkEvent => (turn) => turn.is('token') ? leave(turn, cause) : undefined;

export const greeted = (pingMs: number): LinkEvent => (turn) => {
  if (turn.is('opening')) {
    turn.set({ status: 'open', openedAt: turn.now, pingMs, probing: false, wakeAt: turn.now + pingMs, cause: undefined });
  }
};

export const heard: LinkEvent = (turn) => turn.is('open') ? turn.set({ probing: false, wakeAt: turn.now + turn.state.pingMs }) : undefined;

export const goodbye = (goodbyeMs: number): LinkEvent => (turn) => turn.set({ goodbyeMs });

/** Is anybody there? Asked when something is late, so that a dead connection is not taken for a server that refuses to answer. */
export const probe: LinkEvent = (turn) => ask(turn, PROBE_MS);

function ask(turn: LinkTurn, patienceMs: number): void {
  if (turn.is('open') && !turn.state.probing) {
    turn.set({ probing: true, wakeAt: turn.now + patienceMs });
    turn.to.ping();
  }
}

export const time: LinkEvent = (turn) => {
  const { wakeAt, probing, pingMs } = turn.state;
  if (!wakeAt || turn.now < wakeAt) {
    return;
  }
  if (turn.is('waiting')) {
    begin(turn);
  } else if (turn.is('open') && !probing) {
    ask(turn, pingMs); // a quiet connection is asked once; the server has another ping interval to say something
  } else {
    unanswered(turn);
  }
};

export const closed = (code: number, reason: string): LinkEvent => (turn) => {
  if (turn.is('open', 'opening')) {
    const stable = turn.is('open') && turn.now - turn.state.openedAt >= STABLE_MS;
    const discard = turn.is('opening') || code === 4401 || code === 4501;
    lose(turn, code);
    if (discard) {
      turn.to.discardToken();
    }
    turn.set({ attempt: stable ? 0 : turn.state.attempt });
    leave(turn, ownCause('stay connected', `closed_${code}`, code < 4500, reason || code));
  }
};

/** It is no connection any more, whatever the socket says. */
export const unanswered: LinkEvent = closed(1006, 'no answer');

function lose(turn: LinkTurn, code: number): void {
  if (turn.is('open', 'opening')) {
    turn.to.drop();
    turn.to.lost(code);
  }
}

/** Comes back later, unless that is of no use. */
function leave(turn: LinkTurn, cause: Cause): void {
  const { attempt, goodbyeMs } = turn.state;
  const { chance, backoffMaxMs = 15_000 } = turn.env;
  const wait = goodbyeMs ?? chance * Math.min(backoffMaxMs, BACKOFF_MS * 2 ** attempt);
  turn.set(cause.retryable ? { status: 'waiting', cause, attempt: attempt + 1, goodbyeMs: null, wakeAt: turn.now + wait } : { status: 'stopped', cause, wakeAt: null });
}
