import type { Change, Message } from './core/message.js';
import type { Timeline } from './core/timeline.js';
import { guarded, newEmitter, type Subscription } from './shell/emitter.js';

/** What a listener of a live collection gets. */
export interface LiveUpdate {
  /** Everything, in the order to show; a new array each time. */
  readonly messages: readonly Message[];
  /** What is new since the last call; empty in the first. */
  readonly changes: readonly Change[];
}

/** The messages of a room as they are now, local ones included; changes of one turn come together. */
export interface LiveCollection {
  readonly messages: readonly Message[];
  /** Calls at once with what is there, then after every change. */
  subscribe(listener: (update: LiveUpdate) => void): Subscription;
}

/** `touched` says that the timeline has changed. */
export function newLive(timeline: Timeline): { collection: LiveCollection; touched: () => void } {
  const events = newEmitter<{ update: LiveUpdate }>();
  let messages: readonly Message[] | null = null;
  let due = false;

  const collection: LiveCollection = {
    get messages() {
      return messages ??= timeline.messages;
    },
    subscribe(listener) {
      guarded(() => listener({ messages: collection.messages, changes: [] }));
      return events.on('update', listener);
    },
  };

  function tell(): void {
    due = false;
    const changes = timeline.takeChanges();
    if (changes.length > 0) {
      events.emit('update', { messages: collection.messages, changes });
    }
  }

  return {
    collection,
    touched() {
      messages = null;
      if (!due) {
        due = true;
        queueMicrotask(tell);
      }
    },
  };
}
