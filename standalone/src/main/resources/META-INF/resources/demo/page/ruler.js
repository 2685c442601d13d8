import { oncePerFrame, part, shown } from './dom.js';

/** A strip from the oldest seq here to the room's head: what is held, what was replayed, what is missing. */
export class Ruler {
  #element;
  #room;
  #track = part('div', 'track');
  #words = part('p', 'words');
  draw = oncePerFrame(() => this.#draw());

  constructor(element, room) {
    this.#element = element;
    this.#room = room;
    element.replaceChildren(this.#track, this.#words);
  }

  #draw() {
    const { head, held, replayed, lost, behind } = this.#room.coverage;
    const low = Math.min(held[0]?.[0] ?? Infinity, lost[0]?.[0] ?? Infinity, head + 1);
    const span = head - low + 1;
    const stub = low > 1 && head > 0 ? 4 : 0;
    const pieces = (ranges, kind) => ranges.map(([from, to]) => {
      const piece = part('i', kind);
      piece.title = `seq ${shown([from, to])}: ${kind}`;
      piece.style.left = `${stub + (from - low) / span * (100 - stub)}%`;
      piece.style.width = `${(to - from + 1) / span * (100 - stub)}%`;
      return piece;
    });
    this.#track.replaceChildren(...(stub ? [part('i', 'older')] : []), ...pieces(held, 'held'), ...pieces(replayed, 'replayed'), ...pieces(lost, 'missing'));
    this.#element.dataset.head = head;
    this.#element.dataset.held = held.map(shown).join(',');
    this.#element.dataset.holes = lost.map(shown).join(',');
    this.#words.textContent = head === 0 ? 'Nothing said in this room yet'
      : `seq ${low > head ? '–' : shown([low, head])} · ${lost.length === 0 ? 'no holes' : `missing ${lost.map(shown).join(', ')}`}${behind > 0 ? ` · ${behind} behind` : ''}`;
    this.#element.setAttribute('aria-label', this.#words.textContent);
  }
}
