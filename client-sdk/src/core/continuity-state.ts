/** Where a room stands, what can happen to it, and what it asks for. */
import type { Cause, DiscontinuityFrame, HistoryFrame, Item, MessageFrame, SubscribedFrame } from '../protocol.js';

export type RoomStatus = 'initialized' | 'attaching' | 'attached' | 'suspended' | 'detached' | 'failed';

/** Where a client stands in a room's log; kept across page loads. */
export interface Place {
  readonly epoch: string | null;
  readonly seq: number;
  readonly cursor: string;
}

/** A range of a room's log that this client was not given (CON-3); `from` and `to` are inclusive. */
export interface Discontinuity {
  readonly room: string;
  /** One of CON-3, or `HOLE`: this client counted and the server said nothing. */
  readonly reason: string;
  readonly from: number;
  readonly to: number;
  readonly lost: number;
  /** All of it is still in history: `room.recover()` gets it. */
  readonly recoverable: boolean;
  readonly oldestSeq: number;
  /** Of the log that is there now; null in a room without entries. */
  readonly epoch: string | null;
}

export type Source = 'live' | 'replay' | 'history';

export interface ContinuityState {
  readonly room: string;
  readonly status: RoomStatus;
  readonly wanted: boolean;
  readonly place: Place | null;
  /** Told by `subscribed`, but what lies before it is still to be reported or found. */
  readonly verdict: Place | null;
  /** Where the present, unbroken run of entries began: history up to and including it meets what was given (HIS-2). */
  readonly origin: number;
  readonly attachSeq: number;
  readonly head: number;
  readonly behind: number;
  /** Entries beyond a hole, in order. */
  readonly ahead: readonly MessageFrame[];
  readonly hole: { readonly to: number; readonly tries: number; readonly asking: boolean; readonly dueAt: number } | null;
  /** A new log was announced; it goes on at 1, or right after what was reported. */
  readonly recreatedTo: number | null;
  readonly retryAt: number | null;
  readonly linked: boolean;
  readonly cause: Cause | null;
}

export type ContinuityEvent =
  | { type: 'attach' } | { type: 'detach' } | { type: 'linked' } | { type: 'unlinked' } | { type: 'restored'; place: Place }
  | { type: 'subscribed'; frame: SubscribedFrame } | { type: 'refused'; cause: Cause; retryAfterMs?: number }
  | { type: 'message'; frame: MessageFrame } | { type: 'discontinuity'; frame: DiscontinuityFrame }
  | { type: 'head'; seq: number } | { type: 'lag'; behind: number }
  | { type: 'page'; page: HistoryFrame } | { type: 'pageFailed'; cause: Cause } | { type: 'time' };

export type ContinuityEffect =
  | { do: 'subscribe'; cursor: string | null } | { do: 'unsubscribe' }
  | { do: 'give'; items: readonly Item[]; epoch: string; source: Source }
  | { do: 'tell'; discontinuity: Discontinuity }
  | { do: 'forgetFrom'; seq: number } | { do: 'recreated' }
  | { do: 'resumed'; from: number; to: number; replayed: number }
  | { do: 'fetch'; after: number; limit: number; epoch: string | null }
  | { do: 'status' } | { do: 'moved' };

export const HOLE_MS = 500;

export const newContinuity = (room: string): ContinuityState => ({
  room, status: 'initialized', wanted: false, place: null, verdict: null, origin: 0, attachSeq: 0, head: 0, behind: 0, ahead: [], hole: null,
  recreatedTo: null, retryAt: null, linked: false, cause: null,
});

export const wakeAtOf = ({ hole, retryAt, status }: ContinuityState): number | null =>
  retryAt ?? (hole !== null && !hole.asking && status === 'attached' ? hole.dueAt : null);
