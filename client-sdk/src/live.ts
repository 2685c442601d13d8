import type { Change, Message } from './core/message.js';
import type { Timeline } from './core/timeline.js';
import { guarded, type Subscription } from './shell/emitter.js';

/** What a listener of a live collection gets. */
export interface LiveUpdate {
  /** Everything, in the order to show; a new array each time. */
  readonly messages: readonly Message[];
  /** What is new since the last call; empty in the first. */
  readonly changes: readonly Change[];
}

/** The messages of a room as they are now, local ones included; changes of one turn come together. */
export class LiveCollection {
  readonly #timeline: Timeline;
  readonly #listeners = new Set<(update: LiveUpdate) => void>();
  #messages: readonly Message[] | null = null;
  #due = false;

  /** @internal */
  constructor(timeline: Timeline) {
    this.#timeline = timeline;
  }

  get messages(): readonly Message[] {
    this.#messages ??= this.#timeline.messages;
    return this.#messages;
  }

  /** Calls at once with what is there, then after every change. */
  subscribe(listener: (update: LiveUpdate) => void): Subscription {
    const own = (update: LiveUpdate): void => listener(update);
    this.#listeners.add(own);
    guarded(() => own({ messages: this.messages, changes: [] }));
    return { off: () => void this.#listeners.delete(own) };
  }

  /** @internal */
  touched(): void {
    this.#messages = null;
    if (!this.#due) {
      this.#due = true;
      queueMicrotask(() => this.#tell());
    }
  }

  #tell(): void {
    this.#due = false;
    const changes = this.#timeline.takeChanges();
    if (changes.length > 0 && this.#listeners.size > 0) {
      const update = { messages: this.messages, changes };
      [...this.#listeners].forEach((listener) => guarded(() => listener(update)));
    }
  }
}
