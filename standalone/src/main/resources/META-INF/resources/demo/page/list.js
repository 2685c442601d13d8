import { part, Row } from './row.js';

const MAX_ROWS = 2_000;
const NEAR_PX = 48;
const STEERING = ['wheel', 'touchmove', 'pointerdown', 'keydown'];
const STEERED_MS = 1_000; // a finger's fling scrolls on for a while

/** The messages in seq order, marks between them, our unsent ones last. Follows the newest as long as the reader stands at the end. */
export class MessageList {
  #list;
  #scroll;
  #newer;
  #me;
  #sendAgain;
  #lines = []; // {at, tie, element, row?} in the order shown
  #own = new Map(); // id of our message → its line
  #bySeq = new Map();
  #ties = 0;
  #due = 0;
  #unseen = 0;
  #follow = true;
  #steered = -STEERED_MS;

  constructor({ list, scroll, newer, me, sendAgain }) {
    this.#list = list;
    this.#scroll = scroll;
    this.#newer = newer;
    this.#me = me;
    this.#sendAgain = sendAgain;
    scroll.addEventListener('scroll', () => this.#scrolled(), { passive: true });
    STEERING.forEach((event) => scroll.addEventListener(event, () => this.#steered = performance.now(), { passive: true }));
    newer.addEventListener('click', () => this.toEnd());
    new ResizeObserver(() => this.#settle()).observe(scroll);
  }

  entry(item, source) {
    const { seq, entry } = item;
    if (this.#bySeq.has(seq)) {
      return;
    }
    const mine = entry.sender === this.#me;
    const known = mine ? this.#own.get(entry.id) : undefined;
    const line = known ?? this.#line(seq, new Row(entry.sender, mine, this.#sendAgain));
    line.row.show(item, source);
    this.#bySeq.set(seq, line);
    this.#move(line, seq);
    this.#unseen += source === 'history' ? 0 : 1;
    this.#settleLater();
  }

  /** A message of ours changed its state. */
  own(message) {
    let line = this.#own.get(message.id);
    if (line === undefined) {
      line = this.#line(Infinity, new Row(this.#me, true, this.#sendAgain));
      this.#own.set(message.id, line);
      this.#place(line);
      this.#follow = true;
    }
    line.row.follow(message);
    if (message.state === 'failed' && line.at === Infinity) {
      this.#move(line, Math.max(0, ...this.#bySeq.keys()) + 0.5); // it stays where it failed
    }
    this.#settleLater();
  }

  /** Takes a message of ours off the page. */
  drop({ id }) {
    const line = this.#own.get(id);
    this.#own.delete(id);
    this.#lines = this.#lines.filter((other) => other !== line);
    line.element.remove();
  }

  /** A line about the log itself, after everything up to `seq`. */
  mark(seq, testid, className, text) {
    const element = part('li', `mark ${className}`);
    element.dataset.testid = testid;
    element.append(part('span', '', text));
    this.#place({ at: seq + 0.5, tie: this.#ties++, element });
    this.#settleLater();
    return element;
  }

  /** Removes what stands in the log outside `from..to`; unsent messages stay. */
  keep(from, to) {
    const unsent = ({ row }) => row !== undefined && row.element.dataset.seq === undefined;
    const gone = (line) => !unsent(line) && (line.at < from || line.at > to + 0.5);
    this.#lines.filter(gone).forEach((line) => line.element.remove());
    this.#lines = this.#lines.filter((line) => !gone(line));
    this.#bySeq.forEach((line, seq) => gone(line) && this.#bySeq.delete(seq));
    this.#own.forEach((line, id) => gone(line) && this.#own.delete(id));
  }

  /** The seq to keep from when the list has grown too long for a page that follows the end; undefined while it has not. */
  get surplus() {
    return this.#follow && this.#bySeq.size > MAX_ROWS * 1.1 ? [...this.#bySeq.keys()].sort((a, b) => b - a)[MAX_ROWS - 1] : undefined;
  }

  /** Runs what adds lines above without moving what the reader looks at. */
  async holding(change) {
    const fromEnd = this.#scroll.scrollHeight - this.#scroll.scrollTop;
    await change();
    if (!this.#follow) {
      this.#scroll.scrollTop = this.#scroll.scrollHeight - fromEnd;
    }
  }

  toEnd() {
    this.#follow = true;
    this.#settleLater();
  }

  #line(at, row) {
    return { at, tie: this.#ties++, element: row.element, row };
  }

  #move(line, at) {
    const old = this.#lines.indexOf(line);
    if (old >= 0) {
      this.#lines.splice(old, 1);
    }
    line.at = at;
    this.#place(line);
  }

  #place(line) {
    let low = 0;
    for (let high = this.#lines.length; low < high;) {
      const middle = (low + high) >> 1;
      if (before(this.#lines[middle], line)) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    const next = this.#lines[low]?.element ?? null;
    if (line.element.parentNode === null || line.element.nextSibling !== next) { // moving to where it stands would cost a layout
      this.#list.insertBefore(line.element, next);
    }
    this.#lines.splice(low, 0, line);
  }

  #scrolled() {
    const { scrollHeight, scrollTop, clientHeight } = this.#scroll;
    const atEnd = scrollHeight - scrollTop - clientHeight < NEAR_PX;
    const byReader = performance.now() - this.#steered < STEERED_MS; // otherwise a change of layout moved it
    this.#follow = byReader ? atEnd : atEnd || this.#follow;
    this.#settleLater();
  }

  #settleLater() {
    this.#due ||= requestAnimationFrame(() => {
      this.#due = 0;
      this.#settle();
    });
  }

  #settle() {
    if (this.#follow) {
      this.#unseen = 0;
      this.#scroll.scrollTop = this.#scroll.scrollHeight;
    }
    this.#newer.hidden = this.#unseen === 0;
    this.#newer.textContent = `${this.#unseen} new below`;
  }
}

function before(one, other) {
  return one.at === other.at ? one.tie < other.tie : one.at < other.at;
}
