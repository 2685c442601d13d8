import { Ranges, shown } from './ranges.js';

/** A strip from the oldest seq on this page to the room's head: what is here, what was replayed, what is missing. */
export class Ruler {
  #element;
  #track = document.createElement('div');
  #words = document.createElement('p');
  #due = 0;
  held = new Ranges();
  replayed = new Ranges();
  reported = new Ranges(); // what a discontinuity took away; it is a hole until it is held
  head = 0;

  constructor(element) {
    this.#element = element;
    this.#track.className = 'track';
    this.#words.className = 'words';
    element.replaceChildren(this.#track, this.#words);
  }

  clear() {
    this.held = new Ranges();
    this.replayed = new Ranges();
    this.reported = new Ranges();
    this.head = 0;
    this.changed();
  }

  /** Forgets everything outside `from..to`. */
  keep(from, to) {
    [this.held, this.replayed, this.reported].forEach((ranges) => ranges.keep(from, to));
    this.changed();
  }

  /** Everything missing from the first seq here on, reported or not; what is merely on its way is no hole. */
  get holes() {
    return this.held.missing(this.#low, Math.max(this.held.last ?? 0, this.reported.last ?? 0));
  }

  changed() {
    this.#due ||= requestAnimationFrame(() => {
      this.#due = 0;
      this.#draw();
    });
  }

  get #low() {
    return Math.min(this.held.first ?? Infinity, this.reported.first ?? Infinity, this.head + 1);
  }

  #draw() {
    const low = this.#low;
    const holes = this.holes;
    this.#element.dataset.held = [...this.held].map(shown).join(',');
    this.#element.dataset.holes = holes.map(shown).join(',');
    const pieces = [...this.#pieces(this.held, 'held'), ...this.#pieces(this.replayed, 'replayed'), ...this.#pieces(holes, 'hole')];
    if (low > 1 && this.head > 0) {
      const stub = document.createElement('i');
      stub.className = 'older';
      stub.title = `seq ${shown([1, low - 1])}: not loaded`;
      pieces.unshift(stub);
    }
    this.#track.replaceChildren(...pieces);
    this.#words.textContent = this.#sentence(low, holes);
    this.#element.setAttribute('aria-label', this.#words.textContent);
  }

  #pieces(ranges, kind) {
    const low = this.#low;
    const span = this.head - low + 1;
    const stub = low > 1 ? 4 : 0; // percent kept free for what is older
    return [...ranges].map(([from, to]) => {
      const piece = document.createElement('i');
      piece.className = kind;
      piece.title = `seq ${shown([from, to])}: ${kind === 'hole' ? 'missing' : kind}`;
      piece.style.left = `${stub + (from - low) / span * (100 - stub)}%`;
      piece.style.width = `${(to - from + 1) / span * (100 - stub)}%`;
      return piece;
    });
  }

  #sentence(low, holes) {
    if (this.head === 0) {
      return 'nothing in this room yet';
    }
    const older = low > 1 && low <= this.head ? `, ${shown([1, low - 1])} not loaded` : '';
    const here = low > this.head ? 'loading' : `seq ${shown([low, this.head])}`;
    const replayed = [...this.replayed].map(shown).join(', ');
    return `${here}${older}, ${holes.length === 0 ? 'no holes' : `missing: ${holes.map(shown).join(', ')}`}${replayed && `, replayed: ${replayed}`}`;
  }
}
