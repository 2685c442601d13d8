import { step } from './core/outbox.js';
import { emptyOutbox, OUTBOX_SETTINGS, type OutboxEffect, type OutboxEvent, type OutboxSettings, type OutboxState } from './core/outbox-state.js';
import type { Content, Outgoing } from './core/outgoing.js';
import { wakeAt } from './core/pump.js';
import { ChatError } from './errors.js';
import { laneOf, type Json } from './protocol.js';
import { Wake, type Clock } from './shell/clock.js';
import type { Store } from './shell/store.js';
import type { Uploader } from './shell/uploader.js';
import { ulid } from './ulid.js';

/** A file to send along. */
export interface OutgoingFile {
  readonly data: Blob | Uint8Array | string;
  readonly name?: string;
  /** Of a `Blob` its own type, otherwise `application/octet-stream`. */
  readonly contentType?: string;
}

export interface OutboxPorts {
  send(frame: Json): void;
  probe(): void;
  changed(message: Outgoing): void;
  removed(message: Outgoing): void;
  sender(): string | undefined;
}

const KEY = 'message:';

interface Fate {
  resolve(message: Outgoing): void;
  reject(error: ChatError): void;
}

/** Runs the lane queues: what the core decides is sent, stored, uploaded and told here. */
export class Outbox {
  state: OutboxState;
  readonly #session: string;
  readonly #settings: OutboxSettings;
  readonly #clock: Clock;
  readonly #store: Store;
  readonly #uploader: Uploader;
  readonly #ports: OutboxPorts;
  readonly #wake: Wake;
  readonly #fates = new Map<string, Fate>();
  #order = 0;

  constructor(session: string, clock: Clock, store: Store, uploader: Uploader, ports: OutboxPorts, settings: Partial<OutboxSettings> = {}) {
    this.#session = session;
    this.state = emptyOutbox(session);
    this.#clock = clock;
    this.#store = store;
    this.#uploader = uploader;
    this.#ports = ports;
    this.#settings = { ...OUTBOX_SETTINGS, ...settings };
    this.#wake = new Wake(clock, () => this.happen({ type: 'time' }));
  }

  /** What former sessions left; a living one's (another tab) is left alone. */
  async restore(kept: Map<string, unknown>, resume: boolean): Promise<void> {
    const me = this.#ports.sender();
    const messages: Outgoing[] = [];
    for (const [key, value] of kept) {
      const { owner, message } = value as { owner: string; message: Outgoing };
      if (key.startsWith(KEY) && owner !== this.#session && (message.sender === undefined || me === undefined || message.sender === me) && await this.#store.isOver(owner)) {
        messages.push(message);
        this.#keep(message);
      }
    }
    this.#order = Math.max(this.#order, ...messages.map(({ order }) => order));
    this.happen({ type: 'restored', messages, resume });
  }

  happen(event: OutboxEvent): void {
    const env = { now: this.#clock.now(), wall: this.#clock.wall(), newId: () => ulid(this.#clock.wall()), settings: this.#settings };
    const [state, effects] = step(this.state, event, env);
    this.state = state;
    this.#wake.set(wakeAt(state, env.now, this.#settings));
    effects.forEach((effect) => this.#run(effect));
  }

  send(room: string, content: Content, files: readonly OutgoingFile[], id: string = ulid(this.#clock.wall())): { message: Outgoing; synced: Promise<Outgoing> } {
    const uploads = files.map((file, i) => {
      const bytes = file.data instanceof Blob ? file.data : new Blob([file.data as BlobPart]);
      const key = `${id}-${i}`;
      const name = file.name ?? (bytes as Blob & { name?: string }).name;
      this.#store.putBytes(key, bytes);
      return { key, contentType: file.contentType ?? (bytes.type || 'application/octet-stream'), size: bytes.size, sent: 0, ...(name !== undefined && { name }) };
    });
    const sender = this.#ports.sender();
    const synced = this.#fate(id);
    const message = { id, room, lane: laneOf(content.type), content, uploads, ...this.#stamp(), ...(sender !== undefined && { sender }) };
    this.happen({ type: 'enqueue', message });
    return { message: this.find(id) as Outgoing, synced };
  }

  /** SDK-4: a new message with a new id; `undefined` where there is no such failed message. */
  resend(id: string): { message: Outgoing; synced: Promise<Outgoing> } | undefined {
    if (!this.state.failed.some((message) => message.id === id)) {
      return undefined;
    }
    const newId = ulid(this.#clock.wall());
    const synced = this.#fate(newId);
    this.happen({ type: 'resend', id, message: { id: newId, ...this.#stamp() } });
    return { message: this.find(newId) as Outgoing, synced };
  }

  find(id: string): Outgoing | undefined {
    const { lanes, failed } = this.state;
    return [lanes.text.queue, lanes.media.queue, failed].map((messages) => messages.findLast((message) => message.id === id)).find((message) => message !== undefined);
  }

  get unfinished(): readonly Outgoing[] {
    return [...this.state.lanes.text.queue, ...this.state.lanes.media.queue];
  }

  #stamp(): { createdAt: string; order: number } {
    this.#order = Math.max(this.#order + 1, this.#clock.wall());
    return { createdAt: new Date(this.#clock.wall()).toISOString(), order: this.#order };
  }

  #fate(id: string): Promise<Outgoing> {
    const promise = new Promise<Outgoing>((resolve, reject) => this.#fates.set(id, { resolve, reject }));
    promise.catch(() => {}); // whoever does not ask for it is told by the collection
    return promise;
  }

  #run(effect: OutboxEffect): void {
    switch (effect.do) {
      case 'transmit': return this.#ports.send(effect.frame);
      case 'probe': return this.#ports.probe();
      case 'keep': return this.#keep(effect.message);
      case 'forget': return this.#forget(effect.message, effect.bytes);
      case 'changed': return this.#ports.changed(effect.message);
      case 'removed': return this.#ports.removed(effect.message);
      case 'settle': return this.#settle(effect.message);
      case 'upload': return this.#upload(effect.message);
    }
  }

  #keep(message: Outgoing): void {
    this.#store.put(KEY + message.id, { owner: this.#session, message });
  }

  #forget(message: Outgoing, bytes: boolean): void {
    this.#store.delete(KEY + message.id);
    if (bytes) {
      message.uploads.forEach(({ key }) => this.#store.deleteBytes(key));
    }
  }

  #settle(message: Outgoing): void {
    const fate = this.#fates.get(message.id);
    this.#fates.delete(message.id);
    if (message.state === 'synced') {
      fate?.resolve(message);
    } else {
      fate?.reject(new ChatError(message.cause ?? { code: 'INTERNAL', message: 'unable to send' }));
    }
  }

  #upload(message: Outgoing): void {
    const { id } = message;
    void this.#uploader.upload(message, {
      progress: (index, sent) => this.happen({ type: 'progress', id, index, sent }),
      uploaded: (index, attachment) => this.happen({ type: 'uploaded', id, index, attachment }),
      trouble: (cause, reached) => this.happen({ type: 'uploadTrouble', id, cause, reached }),
    });
  }
}
