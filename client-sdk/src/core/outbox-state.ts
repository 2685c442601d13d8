/** What the outbox knows, what can happen to it, and what it asks for. */
import type { Cause, ErrorFrame, Lane, SendFrame, SyncFrame } from '../protocol.js';
import type { NewOutgoing, Outgoing } from './outgoing.js';

export interface LaneState {
  readonly queue: readonly Outgoing[];
  readonly session: string;
  readonly next: number;
  /** A number of this session was used up by a message that never arrived: what follows it would be held (SYN-3). */
  readonly holed: boolean;
}

export interface OutboxState {
  /** False until what a former session left is known. */
  readonly restored: boolean;
  readonly open: boolean;
  readonly pausedUntil: number;
  readonly maxBytes: number;
  readonly lanes: Readonly<Record<Lane, LaneState>>;
  readonly failed: readonly Outgoing[];
}

export interface OutboxSettings {
  readonly retryMs: number;
  readonly retries: number;
  /** Sent and unanswered at once. */
  readonly window: number;
  /** Numbered and without a last word at once, below the 256 a server holds behind a hole (SYN-3). */
  readonly span: number;
  readonly uploadsAtOnce: number;
  /** So long after it first went out a message may go again: the server still knows its id then (SYN-2). */
  readonly repeatableMs: number;
}

export const OUTBOX_SETTINGS: OutboxSettings = { retryMs: 5_000, retries: 3, window: 64, span: 200, uploadsAtOnce: 2, repeatableMs: 23 * 3_600_000 };

export type OutboxEvent =
  | { type: 'restored'; messages: readonly Outgoing[]; resume: boolean }
  | { type: 'enqueue'; message: NewOutgoing }
  | { type: 'opened'; maxBytes?: number } | { type: 'closed'; code: number }
  | { type: 'listening' }
  | { type: 'accepted'; id: string } | { type: 'refused'; error: ErrorFrame } | { type: 'sync'; frame: SyncFrame }
  | { type: 'logged'; id: string; room: string; epoch: string; seq: number }
  | { type: 'progress'; id: string; index: number; sent: number }
  | { type: 'uploaded'; id: string; index: number; attachment: string }
  | { type: 'uploadTrouble'; id: string; cause: Cause; reached: boolean }
  | { type: 'resend'; id: string; message: Pick<NewOutgoing, 'id' | 'createdAt' | 'order'> }
  | { type: 'remove'; id: string }
  | { type: 'time' };

export type OutboxEffect =
  | { do: 'transmit'; frame: SendFrame }
  | { do: 'upload'; message: Outgoing }
  | { do: 'keep'; message: Outgoing } | { do: 'forget'; message: Outgoing; bytes: boolean }
  | { do: 'changed'; message: Outgoing } | { do: 'removed'; message: Outgoing }
  | { do: 'settle'; message: Outgoing }
  | { do: 'probe' };

export interface Env {
  readonly now: number;
  /** Milliseconds since 1970: what counts over page loads. */
  readonly wall: number;
  readonly newId: () => string;
  readonly settings: OutboxSettings;
}

export function emptyOutbox(session: string): OutboxState {
  const lane: LaneState = { queue: [], session, next: 1, holed: false };
  return { restored: false, open: false, pausedUntil: 0, maxBytes: 65_536, lanes: { text: lane, media: lane }, failed: [] };
}
