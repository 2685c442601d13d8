import { ownCause } from '../errors.js';
import type { Cause } from '../protocol.js';
import { now, within } from './time.js';

/** Asks the app's server for a fresh token. An error with `final: true` says that asking again is of no use. */
export type GetToken = () => string | Promise<string>;

/** Keeps one token and says when the next is due. Lives are measured from the moment of fetching: a wrong local clock does no harm. */
export interface Tokens {
  current(): Promise<string>;
  /** All who ask at once share one request. */
  renew(): Promise<string>;
  renewAt(): number;
  discard(): void;
  /** Asks the server with the token: for what is there, or with a `body` as a `POST`. */
  authorized(path: string, body?: object): Promise<Response>;
}

const TIMEOUT_MS = 20_000;

export function newTokens(url: string, getToken: GetToken, known: (sender: string) => void): Tokens {
  let pending: Promise<string> | null = null;
  let token = '';
  let dueAt = 0;

  async function take(): Promise<string> {
    const taken = await within(TIMEOUT_MS, getToken);
    const { sub, exp = Infinity, iat = Date.now() / 1000 } = claims(taken);
    const life = (exp - iat) * 1000;
    known(sub);
    token = taken;
    dueAt = now() + life - Math.min(life / 4, 60_000);
    return token;
  }

  const renew = (): Promise<string> => pending ??= take().finally(() => { pending = null; });
  const current = async (): Promise<string> => now() < dueAt ? token : renew();
  return {
    renew,
    current,
    renewAt: () => Math.max(now() + 1_000, dueAt),
    discard: () => { dueAt = 0; },
    authorized: async (path, body) => fetch(new URL(path, url), {
      headers: { 'authorization': `Bearer ${await current()}`, 'content-type': 'application/json' },
      ...(body && { method: 'POST', body: JSON.stringify(body) }),
    }),
  };
}

export function tokenTrouble(error: unknown): Cause {
  const { message = error, final = false } = error as { message?: string; final?: boolean };
  return ownCause('get a token', 'no_token', !final, message);
}

function claims(token: string): { sub: string; exp?: number; iat?: number } {
  const base64 = (token.split('.')[1] ?? '').replaceAll('-', '+').replaceAll('_', '/');
  return JSON.parse(new TextDecoder().decode(Uint8Array.from(atob(base64), (c) => c.charCodeAt(0)))) as { sub: string };
}
