/**
 * A position in one room's log and the judgement over what arrives: every entry once, in seq order, and every hole with its exact range.
 * Says through `on`: `entry(item, source)` with source `live`, `replay` or `history`; `attached(seq)`; `resumed({from, to, replayed})`;
 * `gap({from, to, reason, recoverable, oldestSeq})`; `recreated()` when the log is another one; `truncated(seq)` when it ends there now;
 * `moved()` when head or lag changed.
 */
export class Feed {
  #room;
  #on;
  #cursor = null;
  epoch = null;
  seq = 0; // the last seq dealt with: given, or reported as missing
  head = 0;
  behind = 0;
  attached = false;

  constructor(room, on) {
    this.#room = room;
    this.#on = on;
  }

  /** The frame that attaches, or resumes where this feed stands (DEL-2). */
  get subscribe() {
    return { op: 'subscribe', ref: 'subscribe', room: this.#room, ...(this.#cursor && { cursor: this.#cursor }) };
  }

  subscribed({ epoch, seq, cursor, resumed, replayed }) {
    const returning = this.#cursor !== null;
    this.attached = true;
    this.behind = 0;
    if (epoch !== this.epoch && this.epoch !== null) {
      this.#recreated();
    }
    this.epoch = epoch;
    this.head = seq;
    if (resumed) {
      this.head = Math.max(seq, this.seq); // a client may be ahead of what is committed (CON-2)
      this.#on.resumed({ from: this.seq + 1, to: seq, replayed });
    } else {
      if (seq < this.seq) {
        this.#on.truncated(seq);
      }
      this.seq = seq;
      this.#cursor = cursor;
      if (!returning) {
        this.#on.attached(seq);
      }
    }
    this.#on.moved();
  }

  message({ epoch, seq, cursor, entry, replay }) {
    if (epoch !== this.epoch) {
      if (this.epoch !== null) {
        this.#recreated();
      }
      this.epoch = epoch;
    }
    if (seq <= this.seq) {
      return; // a repeat: an aborted transaction wrote it before (DEL-5)
    }
    if (seq > this.seq + 1) {
      this.#on.gap({ from: this.seq + 1, to: seq - 1, reason: 'UNANNOUNCED', recoverable: true, oldestSeq: 1 });
    }
    this.seq = seq;
    this.#cursor = cursor;
    this.head = Math.max(this.head, seq);
    this.#on.entry({ seq, entry }, replay ? 'replay' : 'live');
    this.#on.moved();
  }

  /** Comes after `subscribed`, or at any time when loss shows while connected (CON-3, CON-4). */
  discontinuity(gap) {
    if (gap.reason === 'STREAM_RECREATED' && gap.to < this.seq) {
      this.#recreated();
    }
    this.seq = Math.max(this.seq, gap.to);
    this.head = Math.max(this.head, gap.to);
    this.#on.gap(gap);
    this.#on.moved();
  }

  heads({ rooms }) {
    this.head = Math.max(this.head, rooms[this.#room] ?? 0);
    this.#on.moved();
  }

  lag(behind) {
    this.behind = behind;
    this.#on.moved();
  }

  page({ epoch, items }) {
    if (epoch === this.epoch) {
      items.forEach((item) => this.#on.entry(item, 'history'));
    }
  }

  #recreated() {
    this.seq = 0;
    this.head = 0;
    this.#on.recreated();
  }
}
