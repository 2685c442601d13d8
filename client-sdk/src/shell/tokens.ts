import type { Cause } from '../protocol.js';
import { now } from './time.js';

/** Asks the app's server for a fresh token. An error with `final: true` says that asking again is of no use. */
export type GetToken = () => string | Promise<string>;

/** Keeps one token and says when the next is due. Lives are measured from the moment of fetching: a wrong local clock does no harm. */
export interface Tokens {
  current(): Promise<string>;
  /** All who ask at once share one request. */
  renew(): Promise<string>;
  renewAt(): number;
  discard(): void;
  /** `fetch` with the token. */
  authorized(url: URL, request?: RequestInit): Promise<Response>;
}

const TIMEOUT_MS = 20_000;

export function newTokens(getToken: GetToken, known: (sender: string) => void): Tokens {
  let pending: Promise<string> | null = null;
  let token = '';
  let dueAt = 0;

  async function take(): Promise<string> {
    const taken = await new Promise<string>((resolve, reject) => {
      const timer = setTimeout(() => reject(new Error('no answer')), TIMEOUT_MS);
      Promise.resolve().then(getToken).then(resolve, reject).finally(() => clearTimeout(timer));
    });
    const { sub, exp = Infinity, iat = Date.now() / 1000 } = claims(taken);
    const life = (exp - iat) * 1000;
    known(sub);
    token = taken;
    dueAt = now() + life - Math.min(life / 4, 60_000);
    return token;
  }

  const renew = (): Promise<string> => pending ??= take().finally(() => { pending = null; });
  const current = async (): Promise<string> => token && now() < dueAt ? token : renew();
  return {
    renew,
    current,
    renewAt: () => Math.max(now() + 1_000, dueAt),
    discard: () => { token = ''; },
    authorized: async (url, request) => fetch(url, { ...request, headers: { 'authorization': `Bearer ${await current()}`, ...request?.headers } }),
  };
}

export function tokenTrouble(error: unknown): [cause: Cause, final: boolean] {
  const { message = String(error), final = false } = error as { message?: string; final?: boolean };
  return [{ code: 'no_token', message: `unable to get a token; ${message}` }, final];
}

function claims(token: string): { sub: string; exp?: number; iat?: number } {
  const base64 = (token.split('.')[1] ?? '').replaceAll('-', '+').replaceAll('_', '/');
  return JSON.parse(new TextDecoder().decode(Uint8Array.from(atob(base64), (c) => c.charCodeAt(0)))) as { sub: string };
}
