import { ChatError } from '../errors.js';
import type { Cause } from '../protocol.js';
import type { Clock } from './clock.js';

/** Asks the app's server for a fresh token. An error with `final: true` says that asking again is of no use. */
export type GetToken = () => string | Promise<string>;

const TIMEOUT_MS = 20_000;

/** Keeps one token and says when the next is due. Lives are measured from the moment of fetching: a wrong local clock does no harm. */
export class Tokens {
  readonly #getToken: GetToken;
  readonly #clock: Clock;
  readonly #known: (sender: string) => void;
  #pending: Promise<string> | null = null;
  #token: string | null = null;
  #renewAt = 0;

  constructor(getToken: GetToken, clock: Clock, known: (sender: string) => void) {
    this.#getToken = getToken;
    this.#clock = clock;
    this.#known = known;
  }

  async current(): Promise<string> {
    return this.#token !== null && this.#clock.now() < this.#renewAt ? this.#token : this.renew();
  }

  /** Both sockets asking at once share one request. */
  renew(): Promise<string> {
    this.#pending ??= this.#take().finally(() => { this.#pending = null; });
    return this.#pending;
  }

  get renewAt(): number {
    return Math.max(this.#clock.now() + 1_000, this.#renewAt);
  }

  discard(): void {
    this.#token = null;
  }

  async #take(): Promise<string> {
    const token = await this.#inTime();
    const { sub, exp, iat } = claims(token);
    const life = exp === undefined ? Infinity : (exp - (iat ?? this.#clock.wall() / 1000)) * 1000;
    this.#known(sub);
    this.#token = token;
    this.#renewAt = this.#clock.now() + life - Math.min(life / 4, 60_000);
    return token;
  }

  #inTime(): Promise<string> {
    return new Promise((resolve, reject) => {
      const cancel = this.#clock.after(TIMEOUT_MS, () => reject(new ChatError({ code: 'no_token', message: 'unable to connect; getToken does not answer' })));
      Promise.resolve().then(() => this.#getToken()).then(resolve, reject).finally(cancel);
    });
  }
}

export function tokenTrouble(error: unknown): { cause: Cause; final: boolean } {
  const { message = String(error), final = false } = error as { message?: string; final?: boolean };
  return { cause: { code: 'no_token', message: `unable to get a token; ${message}` }, final };
}

function claims(token: string): { sub: string; exp?: number; iat?: number } {
  try {
    const base64 = (token.split('.')[1] ?? '').replaceAll('-', '+').replaceAll('_', '/');
    return JSON.parse(new TextDecoder().decode(Uint8Array.from(atob(base64), (c) => c.charCodeAt(0)))) as { sub: string };
  } catch {
    throw Object.assign(new Error('it is not a JWT'), { final: true });
  }
}
