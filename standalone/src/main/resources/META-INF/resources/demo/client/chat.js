import { Feed } from './feed.js';
import { Link } from './link.js';
import { Outbox } from './outbox.js';
import { Tokens } from './tokens.js';

const PAGE = 50;
const RANGE_PAGE = 500;
const HISTORY_TRIES = 4;

/**
 * One user in one room: both sockets, the outbox and the feed. The page gives a token source and callbacks (`link`, `message`, `trouble`
 * and those of the feed); everything the page can do stands here as a method.
 */
export class Chat {
  #room;
  #tokens;
  #on;
  #outbox;
  #renewal = 0;
  feed;

  constructor({ room, fetchToken, on }) {
    this.#room = room;
    this.#tokens = new Tokens(fetchToken);
    this.#on = on;
    this.#outbox = new Outbox(room, (frame) => this.ingest.send(frame), on.message);
    this.feed = new Feed(room, on);
    this.ingest = new Link('/v1/ingest', this.#tokens, {
      opened: (hello) => this.#outbox.opened(hello), frame: (frame) => this.#answer(frame), state: () => this.#linkChanged(this.ingest),
    });
    this.delivery = new Link('/v1/delivery', this.#tokens, {
      opened: () => this.#attach(), frame: (frame) => this.#delivered(frame), state: () => this.#linkChanged(this.delivery),
    });
  }

  connect() {
    this.ingest.connect();
    this.delivery.connect();
  }

  cut() {
    clearTimeout(this.#renewal);
    this.ingest.cut();
    this.delivery.cut();
  }

  write(text) {
    return this.#outbox.write(text);
  }

  /** Messages without an answer: they go out, or go again, when the connection is back. */
  get waiting() {
    return this.#outbox.waiting;
  }

  /** The newest page below `before`, which is exclusive (HIS-2). */
  async older(before) {
    const page = await this.#history({ before, limit: PAGE });
    this.feed.page(page);
    return page;
  }

  /** Everything from `from` to `to`, both inclusive; answers the first seq that could be had. */
  async range(from, to) {
    let first = from;
    for (let after = from - 1; after < to;) {
      const page = await this.#history({ after, limit: Math.min(RANGE_PAGE, to - after) });
      this.feed.page(page);
      first = Math.max(first, page.trimmedBefore ?? 0);
      if (page.items.length === 0) {
        break;
      }
      after = page.items.at(-1).seq;
    }
    return first;
  }

  async #history(anchor, tries = HISTORY_TRIES) {
    try {
      return await this.delivery.request({ op: 'history', room: this.#room, ...(this.feed.epoch && { epoch: this.feed.epoch }), view: 'log', ...anchor });
    } catch (error) {
      if (!error.retryable || tries === 1) {
        throw error;
      }
      await new Promise((later) => setTimeout(later, error.retryAfterMs ?? 1_000));
      return this.#history(anchor, tries - 1);
    }
  }

  #attach() {
    this.#renewLater();
    this.delivery.send(this.feed.subscribe);
    this.#outbox.askAgain();
  }

  #answer(frame) {
    if (frame.op === 'accepted') {
      this.#outbox.accepted(frame);
    } else if (frame.op === 'error' && (frame.id ?? frame.ref) !== undefined) {
      this.#outbox.refused({ ...frame, id: frame.id ?? frame.ref });
    } else if (frame.op === 'error') {
      this.#on.trouble(frame);
    }
  }

  #delivered(frame) {
    const feed = this.feed;
    switch (frame.op) {
      case 'subscribed': return feed.subscribed(frame);
      case 'message': return feed.message(frame);
      case 'discontinuity': return feed.discontinuity(frame);
      case 'heads': return feed.heads(frame);
      case 'lag': return feed.lag(frame.behind);
      case 'caughtUp': return feed.lag(0);
      case 'sync': return this.#outbox.sync(frame);
      case 'error': return this.#troubled(frame);
      default: // newer servers may say more
    }
  }

  #troubled(error) {
    if (error.ref === 'subscribe' && error.retryable) {
      setTimeout(() => !this.feed.attached && this.delivery.send(this.feed.subscribe), error.retryAfterMs ?? 1_000);
    }
    this.#on.trouble(error);
  }

  #linkChanged(link) {
    if (link === this.ingest && link.state !== 'open') {
      this.#outbox.closed();
    }
    if (link === this.delivery && link.state !== 'open') {
      this.feed.attached = false;
    }
    this.#on.link();
  }

  #renewLater() {
    clearTimeout(this.#renewal);
    this.#renewal = setTimeout(async () => {
      const token = await this.#tokens.renew().catch(() => null); // the sockets close with 4401 and come back with another
      if (token !== null) {
        [this.ingest, this.delivery].forEach((link) => link.send({ op: 'auth', ref: 'auth', token }));
      }
      this.#renewLater();
    }, Math.min(this.#tokens.renewIn, 2 ** 31 - 1));
  }
}
