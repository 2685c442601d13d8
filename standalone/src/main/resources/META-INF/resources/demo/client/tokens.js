/** Keeps one token and says when the next is due. Lives are measured from the moment of fetching, so a wrong local clock does no harm. */
export class Tokens {
  #fetch;
  #pending = null;
  #token = null;
  #renewAt = 0;

  /** @param {() => Promise<string>} fetch asks the issuer for a fresh token; an error with `final` says that asking again is no use */
  constructor(fetch) {
    this.#fetch = fetch;
  }

  async current() {
    return this.#token !== null && performance.now() < this.#renewAt ? this.#token : this.renew();
  }

  /** Asks for a fresh one; both sockets asking at once share one request. */
  renew() {
    this.#pending ??= this.#take().finally(() => this.#pending = null);
    return this.#pending;
  }

  /** Milliseconds until `auth` should send a fresh one (SEC-2). */
  get renewIn() {
    return Math.max(1_000, this.#renewAt - performance.now());
  }

  discard() {
    this.#token = null;
  }

  async #take() {
    const token = await this.#fetch();
    const { exp, iat } = JSON.parse(atob(token.split('.')[1].replaceAll('-', '+').replaceAll('_', '/')));
    const life = (exp - (iat ?? Date.now() / 1000)) * 1000;
    this.#token = token;
    this.#renewAt = performance.now() + life - Math.min(life / 4, 60_000);
    return token;
  }
}
