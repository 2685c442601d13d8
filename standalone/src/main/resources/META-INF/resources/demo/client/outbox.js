import { byteLength } from './link.js';
import { ulid } from './ulid.js';

const WINDOW = 64; // unanswered at once: below the server's 256 in flight (ING-5) and its 256 held per lane (SYN-3)

/**
 * What this page load has written, in order: one session, the text lane, `laneSeq` from 1. Nothing leaves the queue unanswered: after a
 * loss everything without an answer goes again with the same id and laneSeq, in order; after RATE_LIMITED or UNAVAILABLE too, in time.
 *
 * A message is `{id, text, createdAt, laneSeq, state, cause?, seq?}`; its states are `queued`, `sending`, `accepted`, then the server's.
 */
export class Outbox {
  #room;
  #send;
  #changed;
  #session = ulid();
  #laneSeq = 0;
  #refused = new Set();
  #unanswered = [];
  #unfinished = new Map();
  #inFlight = 0;
  #open = false;
  #pausedUntil = 0;
  #maxBytes = 65_536;

  constructor(room, send, changed) {
    this.#room = room;
    this.#send = send;
    this.#changed = changed;
  }

  write(text) {
    const message = { id: ulid(), text, createdAt: new Date().toISOString(), laneSeq: null, state: 'queued', tries: 0, inFlight: false };
    if (byteLength(JSON.stringify(this.#frame({ ...message, laneSeq: Number.MAX_SAFE_INTEGER }))) > this.#maxBytes) {
      this.#finish(message, { code: 'TOO_LARGE', message: `the message is over ${this.#maxBytes} bytes` });
      return message;
    }
    this.#unanswered.push(message);
    this.#unfinished.set(message.id, message);
    this.#changed(message);
    this.#pump();
    return message;
  }

  opened(hello) {
    this.#maxBytes = hello.limits?.maxMessageBytes ?? this.#maxBytes;
    this.#open = true;
    this.#pump();
  }

  closed() {
    this.#open = false;
    this.#unanswered.filter((message) => message.inFlight).forEach((message) => this.#back(message));
  }

  accepted({ id }) {
    const message = this.#answered(id);
    if (message !== undefined && message.state === 'sending') {
      this.#become(message, 'accepted');
    }
    this.#pump();
  }

  refused(error) {
    const message = this.#unfinished.get(error.id);
    if (message === undefined) {
      return;
    }
    if (error.retryable) {
      this.#back(message);
      this.#pause(error.retryAfterMs ?? 1_000);
      return;
    }
    this.#answered(error.id);
    if (message.state !== 'sending') {
      return; // accepted before, so its last word is still to come
    }
    if (message.tries === 1) { // of a resent one nobody knows whether the first try was appended
      this.#freeLaneSeq(message.laneSeq);
    }
    this.#finish(message, error);
    this.#pump();
  }

  /** A sync event (SYN-7). After `synced` or `failed` the message is forgotten here, so nothing that comes later contradicts it. */
  sync({ id, state, cause, seq }) {
    const message = this.#unfinished.get(id);
    if (message === undefined) {
      return;
    }
    this.#answered(id); // the answer itself may have been lost
    if (state === 'failed') {
      this.#finish(message, cause);
    } else if (state === 'synced') {
      message.seq = seq;
      this.#finish(message, null);
    } else {
      this.#become(message, state);
    }
    this.#pump();
  }

  /** How many the server has not answered yet. */
  get waiting() {
    return this.#unanswered.length;
  }

  /**
   * Sync events are not replayed, so after a loss whatever was accepted without a last word goes again: the same id gets the original
   * terminal event once more (SYN-2). To be called when the delivery socket stands and hears it.
   */
  askAgain() {
    const silent = [...this.#unfinished.values()].filter((message) => !this.#unanswered.includes(message));
    this.#unanswered = [...silent, ...this.#unanswered].sort((one, other) => (one.laneSeq ?? Infinity) - (other.laneSeq ?? Infinity) || 0);
    this.#pump();
  }

  #pump() {
    if (!this.#open || performance.now() < this.#pausedUntil) {
      return;
    }
    for (const message of this.#unanswered) {
      if (this.#inFlight >= WINDOW) {
        return;
      }
      if (!message.inFlight) {
        message.laneSeq ??= ++this.#laneSeq;
        message.tries++;
        message.inFlight = true;
        this.#inFlight++;
        this.#send(this.#frame(message));
        if (message.state === 'queued') {
          this.#become(message, 'sending');
        }
      }
    }
  }

  #frame({ id, laneSeq, text, createdAt }) {
    return { op: 'send', ref: id, id, room: this.#room, session: this.#session, laneSeq, action: 'message.create', type: 'text', text, createdAt };
  }

  #answered(id) {
    const at = this.#unanswered.findIndex((message) => message.id === id);
    if (at < 0) {
      return undefined;
    }
    const [message] = this.#unanswered.splice(at, 1);
    this.#inFlight -= message.inFlight ? 1 : 0;
    message.inFlight = false;
    return message;
  }

  #back(message) {
    if (message.inFlight) {
      message.inFlight = false;
      this.#inFlight--;
      if (message.state === 'sending') {
        this.#become(message, 'queued');
      }
    }
  }

  #pause(ms) {
    this.#pausedUntil = Math.max(this.#pausedUntil, performance.now() + ms);
    setTimeout(() => this.#pump(), this.#pausedUntil - performance.now() + 1);
  }

  /** A refused frame was never appended, so its number is used again where nothing later went out under a higher one. */
  #freeLaneSeq(laneSeq) {
    this.#refused.add(laneSeq);
    while (this.#refused.delete(this.#laneSeq)) {
      this.#laneSeq--;
    }
  }

  #finish(message, cause) {
    this.#unfinished.delete(message.id);
    message.cause = cause ?? undefined;
    this.#become(message, cause === null ? 'synced' : 'failed');
  }

  #become(message, state) {
    message.state = state;
    this.#changed(message);
  }
}
