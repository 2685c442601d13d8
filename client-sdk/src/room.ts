import { step } from './core/continuity.js';
import {
  newContinuity, wakeAtOf, type ContinuityEffect, type ContinuityEvent, type ContinuityState, type Discontinuity, type Place, type RoomStatus, type Source,
} from './core/continuity-state.js';
import type { Outgoing } from './core/outgoing.js';
import type { Range } from './core/ranges.js';
import type { Message } from './core/message.js';
import { Timeline } from './core/timeline.js';
import { ChatError } from './errors.js';
import { LiveCollection } from './live.js';
import { Messages } from './messages.js';
import type { Outbox } from './outbox.js';
import type { Cause, HistoryFrame, Item, Json, ServerFrame } from './protocol.js';
import { Recovery, type Recovered } from './recovery.js';
import { Wake, type Clock } from './shell/clock.js';
import { Emitter, type Subscription } from './shell/emitter.js';
import type { Link } from './shell/link.js';

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

/** @internal What a room needs of its client. */
export interface RoomPorts {
  readonly clock: Clock;
  readonly delivery: Link;
  readonly outbox: Outbox;
  me(): string;
  keepPlace(place: Place): void;
  nextRef(): string;
  readonly maxMessages: number;
}

const KEEP_MS = 250;

/** One room: attach to it, send, listen, and be told exactly when something was missed. */
export class Room {
  readonly name: string;
  readonly messages: Messages;
  readonly #ports: RoomPorts;
  readonly #events = new Emitter<RoomEvents>();
  readonly #wake: Wake;
  readonly #recovery: Recovery;
  #state: ContinuityState;
  #ref = '';
  #keepDue: (() => void) | null = null;
  /** @internal */
  readonly timeline: Timeline;
  /** @internal */
  readonly collection: LiveCollection;

  /** @internal */
  constructor(name: string, ports: RoomPorts) {
    this.name = name;
    this.#ports = ports;
    this.#state = newContinuity(name);
    this.#wake = new Wake(ports.clock, () => this.happen({ type: 'time' }));
    this.timeline = new Timeline(name, (sender) => sender === ports.me());
    this.collection = new LiveCollection(this.timeline);
    this.#recovery = new Recovery(this, (frame) => this.history(frame));
    this.messages = new Messages(this, ports.outbox, this.#events);
  }

  get status(): RoomStatus {
    return this.#state.status;
  }

  get coverage(): Coverage {
    const { place, head, behind } = this.#state;
    const { held, replayed, lost } = this.timeline;
    return { epoch: place?.epoch ?? null, head, behind, held: held.all, replayed: replayed.all, lost: lost.all };
  }

  on<K extends keyof RoomEvents>(type: K, listener: (value: RoomEvents[K]) => void): Subscription {
    return this.#events.on(type, listener);
  }

  /** Before or after `attach`; called once per missed range. Recover with `room.recover()`. */
  onDiscontinuity(listener: (discontinuity: Discontinuity) => void): Subscription {
    return this.#events.on('discontinuity', listener);
  }

  /** Resolves when attached: now, or when the connection is there. From then on the room stays attached over every reconnect. */
  attach(): Promise<void> {
    this.happen({ type: 'attach' });
    return new Promise((resolve, reject) => {
      const settle = (): boolean => {
        const { status, cause } = this.#state;
        if (status === 'attached') {
          resolve();
        } else if (status === 'failed' || status === 'detached') {
          reject(new ChatError(cause ?? { code: 'detached', message: 'unable to attach; the room was detached' }));
        }
        return status === 'attached' || status === 'failed' || status === 'detached';
      };
      if (!settle()) {
        const listening = this.#events.on('status', () => { if (settle()) { listening.off(); } });
      }
    });
  }

  detach(): void {
    this.happen({ type: 'detach' });
  }

  /** Gets from history what discontinuities left out, meets the live stream, and returns what to show, oldest first. */
  recover(options: { limit?: number } = {}): Promise<Recovered> {
    return this.#recovery.run(options.limit);
  }

  /** @internal The seq up to which history is to be asked so that it meets what was given. */
  get origin(): number {
    return this.#state.origin;
  }

  /** @internal */
  get seq(): number {
    return this.#state.place?.seq ?? 0;
  }

  /** @internal */
  async history(frame: Json): Promise<HistoryFrame> {
    const epoch = this.#state.place?.epoch ?? undefined;
    return this.#ports.delivery.request<HistoryFrame>({ op: 'history', room: this.name, view: 'log', ...(epoch !== undefined && { epoch }), ...frame });
  }

  /** @internal */
  happen(event: ContinuityEvent): void {
    const [state, effects] = step(this.#state, event, this.#ports.clock.now());
    this.#state = state;
    this.#wake.set(wakeAtOf(state));
    effects.forEach((effect) => this.#run(effect));
  }

  /** @internal A frame of the delivery socket that names this room. */
  frame(frame: ServerFrame): void {
    switch (frame.op) {
      case 'subscribed': return frame.ref === this.#ref ? this.happen({ type: 'subscribed', frame }) : undefined;
      case 'message': return this.happen({ type: 'message', frame });
      case 'discontinuity': return this.happen({ type: 'discontinuity', frame });
      case 'lag': return this.happen({ type: 'lag', behind: frame.behind });
      case 'caughtUp': return this.happen({ type: 'lag', behind: 0 });
      case 'error':
        if (frame.ref === this.#ref) {
          this.happen({ type: 'refused', cause: { code: frame.code, message: frame.message, retryable: frame.retryable }, ...(frame.retryAfterMs !== undefined && { retryAfterMs: frame.retryAfterMs }) });
        }
        return;
      default: // newer servers may say more
    }
  }

  /** @internal */
  outgoing(message: Outgoing): void {
    this.timeline.outgoing(message, this.#ports.me());
    this.collection.touched();
  }

  /** @internal */
  outgoingRemoved(message: Outgoing): void {
    this.timeline.removed(message);
    this.collection.touched();
  }

  /** @internal */
  given(items: readonly Item[], epoch: string, source: Source): void {
    this.timeline.entries(items, epoch, source);
    for (const item of items) {
      if (item.entry.sender === this.#ports.me()) {
        this.#ports.outbox.happen({ type: 'logged', id: item.entry.id, room: this.name, epoch, seq: item.seq });
      }
    }
    if (source !== 'history') {
      this.timeline.trim(this.#ports.maxMessages);
    }
    this.collection.touched();
  }

  /** @internal Writes down where this client stands, without waiting for more. */
  keepPlace(): void {
    this.#keepDue?.();
    this.#keepDue = null;
    if (this.#state.place !== null) {
      this.#ports.keepPlace(this.#state.place);
    }
  }

  #run(effect: ContinuityEffect): void {
    switch (effect.do) {
      case 'subscribe':
        this.#ref = this.#ports.nextRef();
        return this.#ports.delivery.send({ op: 'subscribe', ref: this.#ref, room: this.name, ...(effect.cursor !== null && { cursor: effect.cursor }) });
      case 'unsubscribe': this.keepPlace(); return this.#ports.delivery.send({ op: 'unsubscribe', room: this.name });
      case 'give': return this.#give(effect);
      case 'tell': return this.#tell(effect.discontinuity);
      case 'forgetFrom': this.timeline.forgetFrom(effect.seq); return this.collection.touched();
      case 'recreated': this.timeline.recreated(); return this.collection.touched();
      case 'resumed': return this.#events.emit('resumed', { from: effect.from, to: effect.to, replayed: effect.replayed });
      case 'fetch': return this.#fetch(effect);
      case 'status': return this.#events.emit('status', { status: this.#state.status, ...(this.#state.cause && { cause: this.#state.cause }) });
      case 'moved': this.#keepLater(); return this.#events.emit('moved', undefined);
    }
  }

  #give({ items, epoch, source }: { items: readonly Item[]; epoch: string; source: Source }): void {
    this.given(items, epoch, source);
    for (const item of items) {
      const message = this.timeline.get(item.entry.action === 'message.create' ? item.seq : item.entry.target ?? 0);
      this.#events.emit('entry', { item, epoch, source, message });
    }
  }

  #tell(discontinuity: Discontinuity): void {
    this.timeline.discontinuity(discontinuity.from, discontinuity.to);
    this.messages.moveTo(this.origin);
    this.#events.emit('discontinuity', discontinuity);
  }

  #fetch({ after, limit, epoch }: { after: number; limit: number; epoch: string | null }): void {
    this.history({ after, limit, ...(epoch !== null && { epoch }) }).then(
      (page) => this.happen({ type: 'page', page }),
      (error: unknown) => this.happen({ type: 'pageFailed', cause: error instanceof ChatError ? error.asCause : { code: 'INTERNAL', message: String(error) } }),
    );
  }

  #keepLater(): void {
    this.#keepDue ??= this.#ports.clock.after(KEEP_MS, () => {
      this.#keepDue = null;
      this.keepPlace();
    });
  }
}
