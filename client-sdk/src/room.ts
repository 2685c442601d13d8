import * as core from './core/continuity.js';
import { newContinuity, seqOf, wakeAtOf, type ContinuityEffects, type Discontinuity, type Place, type RoomStatus, type Source } from './core/continuity-state.js';
import { logged } from './core/outbox.js';
import type { Outgoing } from './core/outgoing.js';
import type { Range } from './core/ranges.js';
import type { Message } from './core/message.js';
import { newTimeline } from './core/timeline.js';
import { run } from './core/turn.js';
import { ChatError, ownCause } from './errors.js';
import { newLive } from './live.js';
import { newMessages, type Messages } from './messages.js';
import type { Outbox } from './outbox.js';
import type { Cause, HistoryFrame, Item, Json, ServerFrame, SubscribedFrame } from './protocol.js';
import { recover, type Recovered } from './recovery.js';
import { newEmitter, type Subscription } from './shell/emitter.js';
import type { Link } from './shell/link.js';
import { now, wake } from './shell/time.js';

export interface RoomEvents {
  /** The room's status changed; `cause` says why where it is not a wanted one. */
  status: { status: RoomStatus; cause?: Cause };
  discontinuity: Discontinuity;
  /** The connection came back without loss; `replayed` entries of `from..to` follow. */
  resumed: { from: number; to: number; replayed: number };
  /** An entry was given: for what shows the log itself. */
  entry: { item: Item; epoch: string; source: Source; message: Message | undefined };
  /** The head, the lag or what is held changed. */
  moved: void;
}

/** What is known of a room's log, and what is not: enough to draw a ruler with holes. */
export interface Coverage {
  readonly epoch: string | null;
  /** The newest seq heard of. */
  readonly head: number;
  readonly held: readonly Range[];
  readonly replayed: readonly Range[];
  /** Raised as discontinuities and not recovered yet. */
  readonly lost: readonly Range[];
  /** How many entries a slow client still has to be served (DEL-7). */
  readonly behind: number;
}

/** One room: attach to it, send, listen, and be told exactly when something was missed. */
export interface Room {
  readonly name: string;
  readonly messages: Messages;
  readonly status: RoomStatus;
  readonly coverage: Coverage;
  on<K extends keyof RoomEvents>(type: K, listener: (value: RoomEvents[K]) => void): Subscription;
  /** Before or after `attach`; called once per missed range. Recover with `room.recover()`. */
  onDiscontinuity(listener: (discontinuity: Discontinuity) => void): Subscription;
  /** Resolves when attached: now, or when the connection is there. From then on the room stays attached over every reconnect. */
  attach(): Promise<void>;
  detach(): void;
  /**
   * Gets from history what discontinuities left out, 5,000 entries at most where no limit is given, meets the live stream, and returns what
   * to show, oldest first. Asked again while it runs, both get the same answer.
   */
  recover(options?: { limit?: number }): Promise<Recovered>;
}

/** A room as its client handles it. */
export interface RoomInside {
  readonly room: Room;
  happen(event: core.ContinuityEvent): void;
  /** A frame of the delivery socket that names this room. Newer servers may say more: that is no concern. */
  frame(frame: ServerFrame): void;
  outgoing(message: Outgoing): void;
  removed(message: Outgoing): void;
  /** Writes down where this client stands, without waiting for more. */
  keepPlace(): void;
}

/** What a room needs of its client. */
export interface RoomPorts {
  readonly delivery: Link;
  readonly outbox: Outbox;
  me(): string;
  keep(place: Place): void;
  readonly maxMessages: number;
}

const KEEP_MS = 250;
const RECOVER_LIMIT = 5_000;

export function newRoom(name: string, { delivery, outbox, me, keep, maxMessages }: RoomPorts): RoomInside {
  const events = newEmitter<RoomEvents>();
  const timeline = newTimeline(name, me, () => touched());
  const { collection, touched } = newLive(timeline);
  const wakeUp = wake(() => happen(core.time));
  let state = newContinuity(name);
  let subscriptions = 0;
  let keepDue: ReturnType<typeof setTimeout> | undefined;
  let recovering: Promise<Recovered> | null = null;

  const effects: ContinuityEffects = {
    subscribe(cursor) {
      const own = ++subscriptions;
      delivery.ask<SubscribedFrame>({ op: 'subscribe', room: name, cursor }, (answer) => {
        if (own === subscriptions) {
          happen(answer.op === 'error' ? core.refused(answer, answer.retryAfterMs) : core.subscribed(answer));
        }
      });
    },
    unsubscribe() {
      subscriptions++; // whatever is still answered is no concern
      keepPlace();
      delivery.send({ op: 'unsubscribe', room: name });
    },
    give(items, epoch, source) {
      given(items, epoch, source);
      for (const item of items) {
        const { action, target = 0 } = item.entry;
        events.emit('entry', { item, epoch, source, message: timeline.get(action === 'message.create' ? item.seq : target) });
      }
    },
    tell(discontinuity) {
      timeline.discontinuity(discontinuity.from, discontinuity.to);
      events.emit('discontinuity', discontinuity);
    },
    forget: timeline.forget,
    resumed: (from, to, replayed) => events.emit('resumed', { from, to, replayed }),
    fetch: (after, limit) => void history({ after, limit }).then((page) => happen(core.paged(page)), () => happen(core.pageFailed)),
    status: () => events.emit('status', { status: state.status, cause: state.cause }),
    moved() {
      keepDue ??= setTimeout(keepPlace, KEEP_MS);
      events.emit('moved', undefined);
    },
  };

  function happen(event: core.ContinuityEvent): void {
    const [next, asked] = core.step(state, event, now());
    state = next;
    wakeUp(wakeAtOf(state));
    run(asked, effects);
  }

  function history(frame: Json): Promise<HistoryFrame> {
    const question = { op: 'history', room: name, view: 'log', epoch: state.place?.epoch ?? undefined, ...frame };
    return new Promise((resolve, reject) => {
      delivery.ask<HistoryFrame>(question, (answer) => answer.op === 'error' ? reject(new ChatError(answer)) : resolve(answer));
    });
  }

  async function load(before: number, limit: number): Promise<HistoryFrame> {
    const page = await history({ before, limit });
    if (page.epoch) {
      given([...page.items].reverse(), page.epoch, 'history');
    }
    return page;
  }

  function given(items: readonly Item[], epoch: string, source: Source): void {
    timeline.entries(items, epoch, source);
    for (const { seq, entry } of items.filter(({ entry }) => entry.sender === me())) {
      outbox.happen(logged(entry.id, name, epoch, seq));
    }
    if (source !== 'history') {
      timeline.trim(maxMessages);
    }
  }

  function keepPlace(): void {
    clearTimeout(keepDue);
    keepDue = undefined;
    if (state.place) {
      keep(state.place);
    }
  }

  async function attach(): Promise<void> {
    happen(core.attach);
    while (state.status !== 'attached') {
      if (state.status === 'failed' || state.status === 'detached') {
        throw new ChatError(state.cause ?? ownCause('attach', 'detached'));
      }
      await events.next('status');
    }
  }

  const room: Room = {
    name,
    messages: newMessages(name, {
      timeline, collection, events, attach, load, origin: () => state.origin, seq: () => state.status === 'attached' ? seqOf(state) : undefined,
    }, outbox),
    get status() {
      return state.status;
    },
    get coverage() {
      const { place, head, behind } = state;
      const { held, replayed, lost } = timeline;
      return { epoch: place?.epoch ?? null, head, behind, held, replayed, lost };
    },
    on: events.on,
    onDiscontinuity: (listener) => events.on('discontinuity', listener),
    attach,
    detach: () => happen(core.detach),
    recover: ({ limit = RECOVER_LIMIT } = {}) => recovering ??= attach().then(() => recover(timeline, load, limit)).finally(() => { recovering = null; }),
  };

  return {
    room,
    happen,
    frame(frame) {
      switch (frame.op) {
        case 'message': return happen(core.messaged(frame));
        case 'discontinuity': return happen(core.discontinuity(frame));
        case 'lag': case 'caughtUp': return happen(core.lagged('behind' in frame ? frame.behind : 0));
      }
    },
    outgoing: timeline.outgoing,
    removed: timeline.removed,
    keepPlace,
  };
}
