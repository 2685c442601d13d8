/** Where a room stands, and what it asks for. */
import type { Cause, Item, MessageFrame } from '../protocol.js';

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
  readonly head: number;
  readonly behind: number;
  /** Entries beyond a hole, in order. */
  readonly ahead: readonly MessageFrame[];
  /** Up to here something is missing, when it is beyond the place. */
  readonly holeTo: number;
  readonly tries: number;
  readonly asking: boolean;
  readonly askAt: number;
  /** A new log was announced; it goes on at 1, or right after what was reported. */
  readonly recreatedTo: number | null;
  readonly retryAt: number | null;
  readonly linked: boolean;
  readonly cause: Cause | undefined;
}

/** What a room asks its surroundings to do. */
export interface ContinuityEffects {
  subscribe(cursor: string | undefined): void;
  unsubscribe(): void;
  give(items: readonly Item[], epoch: string, source: Source): void;
  tell(discontinuity: Discontinuity): void;
  /** What stands in the log at `seq` and after is void. */
  forget(seq: number): void;
  resumed(from: number, to: number, replayed: number): void;
  fetch(after: number, limit: number): void;
  status(): void;
  moved(): void;
}

export const HOLE_MS = 500;

/** What a connection brought and only it can go on with. */
export const UNLINKED = { verdict: null, holeTo: 0, asking: false, ahead: [], behind: 0, retryAt: null };

export const newContinuity = (room: string): ContinuityState =>
  ({ ...UNLINKED, room, status: 'initialized', wanted: false, place: null, tries: 0, askAt: 0, origin: 0, head: 0, recreatedTo: null, linked: false, cause: undefined });

export const seqOf = ({ place }: ContinuityState): number => place?.seq ?? 0;

export const wakeAtOf = (state: ContinuityState): number | null =>
  state.retryAt ?? (state.holeTo > seqOf(state) && !state.asking ? state.askAt : null);
