/**
 * The connection as a pure state machine (SDK-7, SDK-8, ERR-2): what happened, in; what to do, out. One `wakeAt` says when to look again.
 *
 * idle → token → opening → open → waiting → token …; `stopped` when the server forbids a return, `idle` when the app cut the connection.
 */
import type { Cause } from '../protocol.js';

export type LinkStatus = 'idle' | 'token' | 'opening' | 'open' | 'waiting' | 'stopped';

export interface LinkState {
  readonly status: LinkStatus;
  /** Failed tries since the connection last stood for long enough. */
  readonly attempt: number;
  readonly openedAt: number;
  readonly heardAt: number;
  readonly pingMs: number;
  /** A ping whose answer is due: until then anything heard proves life. */
  readonly probedAt: number | null;
  readonly goodbyeMs: number | null;
  readonly wakeAt: number | null;
  readonly cause: Cause | null;
}

export type LinkEvent =
  | { type: 'connect' } | { type: 'disconnect' }
  | { type: 'token'; token: string } | { type: 'tokenFailed'; cause: Cause; final: boolean }
  | { type: 'hello'; pingMs: number } | { type: 'heard' } | { type: 'goodbye'; afterMs: number }
  | { type: 'closed'; code: number; reason: string }
  | { type: 'probe' } | { type: 'online' } | { type: 'time' };

export type LinkEffect =
  | { do: 'fetchToken' } | { do: 'discardToken' } | { do: 'open'; token: string } | { do: 'drop' } | { do: 'ping' }
  | { do: 'lost'; code: number };

export interface LinkSettings {
  readonly backoffMs: number;
  readonly backoffMaxMs: number;
  readonly helloMs: number;
  readonly stableMs: number;
  readonly probeMs: number;
}

export const LINK_SETTINGS: LinkSettings = { backoffMs: 500, backoffMaxMs: 15_000, helloMs: 20_000, stableMs: 5_000, probeMs: 3_000 };

export const IDLE: LinkState = {
  status: 'idle', attempt: 0, openedAt: 0, heardAt: 0, pingMs: 25_000, probedAt: null, goodbyeMs: null, wakeAt: null, cause: null,
};

const CLOSE_WORDS: Record<number, string> = {
  1009: 'a frame was too big', 4100: 'the server is going away', 4101: 'this client was too slow', 4401: 'the token expired',
  4500: 'the server did not understand this client', 4501: 'the token was refused', 4503: 'this is forbidden',
};

type Step = readonly [LinkState, readonly LinkEffect[]];

/** Pure but for `chance`, a number from 0 to 1 that the shell draws (full jitter). */
export function step(state: LinkState, event: LinkEvent, now: number, chance: number, settings: LinkSettings = LINK_SETTINGS): Step {
  switch (event.type) {
    case 'connect': return state.status === 'idle' || state.status === 'stopped' ? begin({ ...state, attempt: 0 }) : [state, []];
    case 'disconnect': return [{ ...IDLE }, lost(state, 1000)];
    case 'online': return state.status === 'waiting' ? begin(state) : [state, []];
    case 'token': return state.status === 'token'
      ? [{ ...state, status: 'opening', wakeAt: now + settings.helloMs }, [{ do: 'open', token: event.token }]] : [state, []];
    case 'tokenFailed': return tokenFailed(state, event, now, chance, settings);
    case 'hello': return state.status === 'opening' ? [opened(state, event.pingMs, now), []] : [state, []];
    case 'heard': return state.status === 'open' ? [watch({ ...state, heardAt: now, probedAt: null }, settings), []] : [state, []];
    case 'goodbye': return [{ ...state, goodbyeMs: event.afterMs }, []];
    case 'probe': return probe(state, now, settings);
    case 'closed': return closed(state, event.code, event.reason, now, chance, settings);
    case 'time': return state.wakeAt !== null && now >= state.wakeAt ? timeUp(state, now, chance, settings) : [state, []];
  }
}

function begin(state: LinkState): Step {
  return [{ ...state, status: 'token', wakeAt: null, goodbyeMs: null }, [{ do: 'fetchToken' }]];
}

function tokenFailed(state: LinkState, { cause, final }: { cause: Cause; final: boolean }, now: number, chance: number, settings: LinkSettings): Step {
  if (state.status !== 'token') {
    return [state, []];
  }
  return final ? [{ ...state, status: 'stopped', cause, wakeAt: null }, []] : [later({ ...state, cause }, now, chance, settings), []];
}

function opened(state: LinkState, pingMs: number, now: number): LinkState {
  return { ...state, status: 'open', openedAt: now, heardAt: now, pingMs, probedAt: null, wakeAt: now + pingMs, cause: null };
}

function watch(state: LinkState, settings: LinkSettings): LinkState {
  return { ...state, wakeAt: state.probedAt === null ? state.heardAt + state.pingMs : state.probedAt + settings.probeMs };
}

/** Is anybody there? Asked when something is late, so that a dead connection is not taken for a server that refuses to answer. */
function probe(state: LinkState, now: number, settings: LinkSettings): Step {
  return state.status !== 'open' || state.probedAt !== null ? [state, []] : [watch({ ...state, probedAt: now }, settings), [{ do: 'ping' }]];
}

function timeUp(state: LinkState, now: number, chance: number, settings: LinkSettings): Step {
  switch (state.status) {
    case 'waiting': return begin(state);
    case 'opening': return closed(state, 1006, 'it did not answer in time', now, chance, settings);
    case 'open': return state.probedAt === null ? silent(state, now) : closed(state, 1006, 'it fell silent', now, chance, settings);
    default: return [{ ...state, wakeAt: null }, []];
  }
}

/** A quiet connection is asked once; the server has another ping interval to say something. */
function silent(state: LinkState, now: number): Step {
  return [{ ...state, probedAt: now, wakeAt: now + state.pingMs }, [{ do: 'ping' }]];
}

function closed(state: LinkState, code: number, reason: string, now: number, chance: number, settings: LinkSettings): Step {
  if (state.status !== 'open' && state.status !== 'opening') {
    return [state, []];
  }
  const neverOpened = state.status === 'opening';
  const words = CLOSE_WORDS[code] ?? (neverOpened ? 'the server was not reached' : 'the connection was lost');
  const message = `unable to stay connected; ${words}${reason === '' ? '' : `: ${reason}`}`;
  const effects = [...lost(state, code), ...(neverOpened || code === 4401 || code === 4501 ? [{ do: 'discardToken' } as const] : [])];
  const cause: Cause = { code: `closed_${code}`, message };
  if (code >= 4500 && code <= 4999) {
    return [{ ...state, status: 'stopped', cause, wakeAt: null }, effects];
  }
  const stable = !neverOpened && now - state.openedAt >= settings.stableMs;
  return [later({ ...state, cause, attempt: stable ? 0 : state.attempt }, now, chance, settings), effects];
}

function lost(state: LinkState, code: number): LinkEffect[] {
  return state.status === 'open' || state.status === 'opening' ? [{ do: 'drop' }, { do: 'lost', code }] : [];
}

function later(state: LinkState, now: number, chance: number, { backoffMs, backoffMaxMs }: LinkSettings): LinkState {
  const wait = state.goodbyeMs ?? chance * Math.min(backoffMaxMs, backoffMs * 2 ** state.attempt);
  return { ...state, status: 'waiting', attempt: state.attempt + 1, goodbyeMs: null, probedAt: null, wakeAt: now + wait };
}
