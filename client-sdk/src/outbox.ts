import * as core from './core/outbox.js';
import { emptyOutbox, queuedIn, type OutboxEffects, type OutboxState } from './core/outbox-state.js';
import type { Content, Outgoing } from './core/outgoing.js';
import { wakeAt } from './core/pump.js';
import { run } from './core/turn.js';
import { ChatError, ownError } from './errors.js';
import { laneOf, type Cause } from './protocol.js';
import type { Store } from './shell/store.js';
import { newEmitter } from './shell/emitter.js';
import { now, wake } from './shell/time.js';
import type { newUploader } from './shell/uploader.js';
import { ulid } from './ulid.js';

/** A file to send along. */
export interface OutgoingFile {
  readonly data: Blob | Uint8Array | string;
  readonly name?: string;
  /** Of a `Blob` its own type, otherwise `application/octet-stream`. */
  readonly contentType?: string;
}

/** What an outbox cannot do by itself. */
export interface OutboxPorts extends Pick<OutboxEffects, 'transmit' | 'probe' | 'changed' | 'removed'> {
  sender(): string | undefined;
}

/** A message that was taken, and what becomes of it. */
export interface Taken {
  readonly message: Outgoing;
  readonly fate: Promise<Outgoing>;
}

const KEY = 'message:';

/** Runs the lane queues: what the core decides is sent, stored, uploaded and told here. */
export interface Outbox {
  readonly state: OutboxState;
  /** What former sessions left; a living one's (another tab) is left alone. */
  restore(kept: Map<string, unknown>, resume: boolean): Promise<void>;
  happen(event: core.OutboxEvent): void;
  send(room: string, content: Content, files: readonly OutgoingFile[], id?: string): Taken;
  /** SDK-4: a new message with a new id. */
  resend(id: string): Taken;
  deleteFailed(which: (message: Outgoing) => boolean): void;
  find(id: string): Outgoing | undefined;
  unfinished(): readonly Outgoing[];
  /** How a message that is on its way will have ended. */
  fate(id: string): Promise<Outgoing>;
}

export function newOutbox(session: string, store: Store, upload: ReturnType<typeof newUploader>, ports: OutboxPorts): Outbox {
  const ends = newEmitter<Record<string, Outgoing>>();
  let order = 0;

  const wakeUp = wake(() => happen(core.time));
  const effects: OutboxEffects = {
    ...ports,
    keep: (message) => store.put(KEY + message.id, { owner: session, message }),
    forget({ id, uploads }, bytes) {
      store.delete(KEY + id);
      uploads.forEach(({ key }) => bytes && store.deleteBytes(key));
    },
    settle: (message) => ends.emit(message.id, message),
    upload: (message) => void upload(message, {
      progress: (index, change) => happen(core.progressed(message.id, index, change)),
      trouble: (cause, reached) => happen(core.uploadTroubled(message.id, cause, reached)),
    }),
  };
  const outbox = { state: emptyOutbox(session), restore, happen, send, resend, deleteFailed, find, unfinished, fate };

  async function restore(kept: Map<string, unknown>, resume: boolean): Promise<void> {
    const messages: Outgoing[] = [];
    for (const [key, value] of kept) {
      const { owner, message } = value as { owner: string; message: Outgoing };
      const me = ports.sender();
      if (key.startsWith(KEY) && owner !== session && (message.sender ?? me) === me && await store.claim(owner)) {
        kept.delete(key);
        messages.push(message);
        effects.keep(message);
        order = Math.max(order, message.order);
      }
    }
    happen(core.restored(messages, resume));
  }

  function happen(event: core.OutboxEvent): void {
    const at = now();
    const [state, asked] = core.step(outbox.state, event, at, { wall: Date.now(), newId: ulid });
    outbox.state = state;
    wakeUp(wakeAt(state, at));
    run(asked, effects);
  }

  function send(room: string, content: Content, files: readonly OutgoingFile[], id = ulid()): Taken {
    const uploads = files.map(({ data, name, contentType }, i) => {
      const bytes = data instanceof Blob ? data : new Blob([data as BlobPart]);
      const key = `${id}-${i}`;
      store.putBytes(key, bytes);
      return { key, contentType: contentType || bytes.type || 'application/octet-stream', size: bytes.size, sent: 0, name: name ?? (bytes as Partial<File>).name };
    });
    return take(id, core.enqueue({ id, room, lane: laneOf(content.type), content, uploads, ...stamp(), sender: ports.sender() }));
  }

  function resend(id: string): Taken {
    const again = ulid();
    if (!outbox.state.failed.some((message) => message.id === id)) {
      throw ownError('resend', 'not_failed');
    }
    return take(again, core.resent(id, { id: again, ...stamp() }));
  }

  function take(id: string, event: core.OutboxEvent): Taken {
    const promise = fate(id);
    happen(event);
    return { message: find(id) as Outgoing, fate: promise };
  }

  function stamp(): { createdAt: string; order: number } {
    order = Math.max(order + 1, Date.now());
    return { createdAt: new Date().toISOString(), order };
  }

  function deleteFailed(which: (message: Outgoing) => boolean): void {
    outbox.state.failed.filter(which).forEach(({ id }) => happen(core.deleted(id)));
  }

  function find(id: string): Outgoing | undefined {
    return [...unfinished(), ...outbox.state.failed].findLast((message) => message.id === id);
  }

  function unfinished(): readonly Outgoing[] {
    return queuedIn(outbox.state);
  }

  async function fate(id: string): Promise<Outgoing> {
    const message = await ends.next(id);
    if (message.state === 'synced') {
      return message;
    }
    throw new ChatError(message.cause as Cause);
  }

  return outbox;
}
