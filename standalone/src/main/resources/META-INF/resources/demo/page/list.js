import { oncePerFrame } from './dom.js';
import { Row } from './row.js';

const NEAR_PX = 60;

/** The messages in the order the client gives them, with marks about the log between them. Follows the end while the reader stands there. */
export class List {
  #list;
  #scroll;
  #act;
  #rows = new Map();
  #marks = [];
  #messages = [];
  #follow = true;
  draw = oncePerFrame(() => this.#draw());

  constructor(list, scroll, act) {
    this.#list = list;
    this.#scroll = scroll;
    this.#act = act;
    scroll.addEventListener('scroll', () => {
      this.#follow = scroll.scrollHeight - scroll.scrollTop - scroll.clientHeight < NEAR_PX;
    }, { passive: true });
    new ResizeObserver(() => this.#settle()).observe(scroll);
    list.addEventListener('load', () => this.#settle(), true);
  }

  show(messages) {
    this.#messages = messages;
    this.draw();
  }

  /** After everything up to `seq`. */
  mark(seq, element) {
    this.#marks.push({ seq, element });
    this.#marks.sort((one, other) => one.seq - other.seq);
    this.draw();
  }

  toEnd() {
    this.#follow = true;
    this.draw();
  }

  #draw() {
    const fromEnd = this.#scroll.scrollHeight - this.#scroll.scrollTop;
    const above = this.#list.firstElementChild;
    const rows = this.#elements();
    const kept = new Set(rows);
    [...this.#list.children].filter((child) => !kept.has(child)).forEach((child) => child.remove());
    let next = this.#list.firstElementChild;
    for (const element of rows) {
      if (element === next) {
        next = next.nextElementSibling;
      } else {
        this.#list.insertBefore(element, next);
      }
    }
    if (!this.#follow && above !== this.#list.firstElementChild) {
      this.#scroll.scrollTop = this.#scroll.scrollHeight - fromEnd; // what came above moves nothing that is read
    }
    this.#settle();
  }

  #elements() {
    const rows = new Map();
    const elements = [];
    let mark = 0;
    const marksBefore = (seq) => {
      for (; mark < this.#marks.length && this.#marks[mark].seq < seq; mark++) {
        elements.push(this.#marks[mark].element);
      }
    };
    for (const message of this.#messages) {
      marksBefore(message.seq ?? (message.syncState === 'failed' ? 0 : Infinity));
      const row = this.#rows.get(message.id) ?? new Row(message, this.#act);
      row.show(message);
      row.element.classList.toggle('again', elements.at(-1)?.dataset.sender === message.sender);
      rows.set(message.id, row);
      elements.push(row.element);
    }
    marksBefore(Infinity);
    this.#rows = rows;
    return elements;
  }

  #settle() {
    if (this.#follow) {
      this.#scroll.scrollTop = this.#scroll.scrollHeight;
    }
  }
}
