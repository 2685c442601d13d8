/** What the outbox knows, and what it asks for. */
import type { Lane, SendFrame } from '../protocol.js';
import type { Outgoing } from './outgoing.js';

export interface LaneState {
  readonly queue: readonly Outgoing[];
  readonly session: string;
  readonly next: number;
  /** A number of this session was used up by a message that never arrived: what follows it would be held (SYN-3). */
  readonly holed: boolean;
  /** What the server never took: its numbers are still to be filled. */
  readonly refused: readonly Outgoing[];
}

export interface OutboxState {
  /** False until what a former session left is known. */
  readonly restored: boolean;
  readonly open: boolean;
  readonly maxBytes: number;
  readonly lanes: Readonly<Record<Lane, LaneState>>;
  readonly failed: readonly Outgoing[];
}

export const RETRY_MS = 5_000;
export const RETRIES = 3;
/** So long after the promise the first of a lane asks what became of it: whatever was missed, it gets its last word again (SYN-2). */
export const ASK_MS = 20_000;
/** Sent and unanswered at once. */
export const WINDOW = 64;
/** Numbered and without a last word at once, below the 256 a server holds behind a hole (SYN-3). */
export const SPAN = 200;
export const UPLOADS_AT_ONCE = 2;
/** So long after it first went out a message may go again: the server still knows its id then (SYN-2). */
export const REPEATABLE_MS = 23 * 3_600_000;

/** What an outbox asks its surroundings to do. */
export interface OutboxEffects {
  transmit(frame: SendFrame): void;
  upload(message: Outgoing): void;
  keep(message: Outgoing): void;
  forget(message: Outgoing, bytes: boolean): void;
  changed(message: Outgoing): void;
  removed(message: Outgoing): void;
  settle(message: Outgoing): void;
  probe(): void;
}

export interface Env {
  /** Milliseconds since 1970: what counts over page loads. */
  readonly wall: number;
  readonly newId: () => string;
}

export const LANES: readonly Lane[] = ['text', 'media'];

export const queuedIn = ({ lanes }: OutboxState): Outgoing[] => Object.values(lanes).flatMap(({ queue }) => queue);

export function emptyOutbox(session: string): OutboxState {
  const lane: LaneState = { queue: [], session, next: 1, holed: false, refused: [] };
  return { restored: false, open: false, maxBytes: 0, lanes: { text: lane, media: lane }, failed: [] };
}
