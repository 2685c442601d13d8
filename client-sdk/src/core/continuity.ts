/**
 * A room's place in its log as a pure state machine (SDK-5, SDK-6, CON-3, CON-5): every entry once and in seq order, every hole filled from
 * history or raised once with its exact range. A position is never moved past what was neither given nor reported.
 */
import type { Cause, DiscontinuityFrame, HistoryFrame, Item, MessageFrame, SubscribedFrame } from '../protocol.js';
import { HOLE_MS, seqOf, UNLINKED, type ContinuityEffects, type ContinuityState, type Discontinuity, type Place, type Source } from './continuity-state.js';
import { Turn, type Effect, type Event } from './turn.js';

const HOLE_TRIES = 4;
const PAGE = 500;
const RETRY_MS = 1_000;
const AHEAD_MAX = 10_000;

class RoomTurn extends Turn<ContinuityState, ContinuityEffects> {
  get seq(): number {
    return seqOf(this.state);
  }

  tell(reason: string, from: number, to: number, facts: Partial<Discontinuity> = {}): void {
    const { room, place } = this.state;
    const discontinuity = { room, reason, from, to, lost: to - from + 1, recoverable: true, oldestSeq: 0, epoch: place?.epoch ?? null, ...facts };
    this.to.tell(discontinuity);
  }
}

export type { ContinuityState };
export type ContinuityEvent = Event<RoomTurn>;

export function step(state: ContinuityState, event: ContinuityEvent, now: number): readonly [ContinuityState, readonly Effect<ContinuityEffects>[]] {
  const turn = new RoomTurn(state, now, undefined);
  event(turn);
  if (turn.state.status !== state.status) {
    turn.to.status();
  }
  if (turn.state !== state) {
    turn.to.moved();
  }
  return [turn.state, turn.effects];
}

export const attach: ContinuityEvent = (turn) => {
  turn.set({ wanted: true });
  subscribe(turn);
};

export const linked: ContinuityEvent = (turn) => {
  turn.set({ linked: true });
  subscribe(turn);
};

function subscribe(turn: RoomTurn): void {
  const { wanted, linked, status, place } = turn.state;
  if (wanted && linked && status !== 'attached' && status !== 'failed') {
    turn.set({ ...UNLINKED, status: 'attaching' });
    turn.to.subscribe(place?.cursor);
  }
}

export const detach: ContinuityEvent = (turn) => {
  if (turn.state.wanted) {
    turn.to.unsubscribe();
  }
  turn.set({ ...UNLINKED, wanted: false, status: 'detached', cause: undefined });
};

export const unlinked: ContinuityEvent = (turn) => {
  const { status } = turn.state;
  turn.set({ ...UNLINKED, linked: false, status: status === 'attached' || status === 'attaching' ? 'suspended' : status });
};

/** Where a former page load ended. */
export const restored = (place: Place): ContinuityEvent => (turn) => !turn.state.place ? turn.set({ place, origin: place.seq }) : undefined;

export const refused = (cause: Cause, retryAfterMs = RETRY_MS): ContinuityEvent => (turn) =>
  turn.set(cause.retryable ? { status: 'suspended', cause, retryAt: turn.now + retryAfterMs } : { status: 'failed', cause, wanted: false });

export const subscribed = ({ epoch, seq, cursor, resumed, replayed }: SubscribedFrame): ContinuityEvent => (turn) => {
  const { place, status } = turn.state;
  if (status !== 'attaching') {
    return;
  }
  const attached: Place = { epoch, seq, cursor };
  turn.set({ status: 'attached', head: Math.max(seq, resumed ? turn.seq : 0), cause: undefined });
  if (!place) {
    turn.set({ place: attached, origin: seq });
  } else if (!resumed) {
    turn.set({ verdict: attached }); // the cursor stays the old one until the reason is known
  } else {
    turn.to.resumed(place.seq + 1, seq, replayed);
    if (seq <= place.seq && replayed === 0) {
      turn.set({ place: { epoch: place.epoch ?? epoch, seq: place.seq, cursor } });
    }
    suspect(turn, seq);
  }
};

export const discontinuity = ({ reason, from, to, recoverable, oldestSeq }: DiscontinuityFrame): ContinuityEvent => (turn) => {
  const { verdict } = turn.state;
  const truncated = reason === 'LOG_TRUNCATED';
  if (truncated && from <= turn.seq) {
    turn.to.forget(from);
  }
  if (verdict) {
    judged(turn, verdict);
  } else if (reason === 'STREAM_RECREATED') {
    recreate(turn, to);
  } else {
    passTo(turn, truncated ? from - 1 : Math.max(turn.seq, to));
  }
  turn.tell(reason, from, to, { recoverable, oldestSeq });
  drain(turn);
};

function judged(turn: RoomTurn, verdict: Place): void {
  turn.to.forget(verdict.epoch === turn.state.place?.epoch ? verdict.seq + 1 : 0);
  turn.set({ place: verdict, origin: verdict.seq, verdict: null, holeTo: 0, ahead: [], head: verdict.seq });
}

/** Not resumed, and yet no discontinuity: this client counts for itself. A log that ends before its place was shortened. */
function unexplained(turn: RoomTurn): void {
  const { verdict, place } = turn.state;
  const { seq } = turn;
  turn.set({ verdict: null });
  if (verdict && verdict.epoch === place?.epoch && verdict.seq < seq) {
    judged(turn, verdict);
    turn.tell('HOLE', verdict.seq + 1, seq, { recoverable: false });
  }
}

function recreate(turn: RoomTurn, recreatedTo: number): void {
  const { place } = turn.state;
  turn.to.forget(0);
  turn.set({ place: place && { ...place, epoch: null, seq: 0 }, recreatedTo, origin: 0, head: 0, holeTo: 0, ahead: [] });
}

/** Goes on after `seq`; the cursor stays the last entry's, from where the server will judge a return. */
function passTo(turn: RoomTurn, seq: number): void {
  const { place, ahead, head } = turn.state;
  turn.set({ place: place && { ...place, seq }, origin: seq, head: Math.max(seq, head), ahead: ahead.filter((frame) => frame.seq > seq), holeTo: 0 });
}

export const messaged = (frame: MessageFrame): ContinuityEvent => (turn) => {
  if (turn.state.status !== 'attached') {
    return;
  }
  unexplained(turn);
  const epoch = turn.state.place?.epoch;
  if (epoch && epoch !== frame.epoch) {
    if (turn.seq > 0) {
      turn.tell('STREAM_RECREATED', 1, turn.seq, { recoverable: false, epoch: frame.epoch });
    }
    recreate(turn, 0);
  }
  if (epoch !== frame.epoch) {
    begin(turn, frame);
  }
  turn.set({ head: Math.max(turn.state.head, frame.seq) });
  if (frame.seq > turn.seq) {
    turn.set({ ahead: [...turn.state.ahead, frame].slice(0, AHEAD_MAX) }); // what is cut off is fetched with the hole
    drain(turn);
  }
};

/** The first entry of a log: 1, or right after what was reported of it. */
function begin(turn: RoomTurn, frame: MessageFrame): void {
  const { place, recreatedTo } = turn.state;
  const seq = frame.seq - 1 === recreatedTo ? recreatedTo : turn.seq;
  turn.set({ place: { cursor: place?.cursor ?? frame.cursor, epoch: frame.epoch, seq }, origin: seq, recreatedTo: null });
}

/** The newest seq, told in a room where nothing is said (DEL-8). */
export const headed = (seq: number): ContinuityEvent => (turn) => {
  if (turn.state.status === 'attached') {
    unexplained(turn);
    turn.set({ head: Math.max(turn.state.head, seq) });
    if (turn.state.behind === 0) {
      suspect(turn, seq);
    }
  }
};

export const lagged = (behind: number): ContinuityEvent => (turn) => turn.set({ behind });

/** Something up to `to` should be here; it may still be on its way. */
function suspect(turn: RoomTurn, to: number): void {
  const { holeTo } = turn.state;
  if (holeTo <= turn.seq) {
    turn.set({ tries: 0, asking: false, askAt: turn.now + HOLE_MS });
  }
  if (to > holeTo && to < Infinity) {
    turn.set({ holeTo: to });
  }
}

function give(turn: RoomTurn, items: readonly Item[], epoch: string, source: Source): void {
  const { seq, cursor = turn.state.place?.cursor ?? '' } = items.at(-1) as Item;
  turn.to.give(items.map(({ seq, entry }) => ({ seq, entry })), epoch, source);
  turn.set({ place: { epoch, seq, cursor }, askAt: turn.now + HOLE_MS, tries: 0 }); // as long as it moves there is no hole
}

/** Gives what is next, and what waited behind it. */
function drain(turn: RoomTurn): void {
  let { ahead } = turn.state;
  const following = (): MessageFrame | undefined => ahead.find(({ seq }) => seq === turn.seq + 1);
  for (let next = following(); next; next = following()) {
    give(turn, [next], next.epoch, next.replay ? 'replay' : 'live');
  }
  ahead = ahead.filter(({ seq }) => seq > turn.seq);
  turn.set({ ahead });
  suspect(turn, Math.min(...ahead.map(({ seq }) => seq)) - 1);
}

export const time: ContinuityEvent = (turn) => {
  const { retryAt, holeTo, asking, askAt, behind } = turn.state;
  const after = turn.seq;
  if (retryAt && turn.now >= retryAt) {
    subscribe(turn);
  } else if (holeTo > after && !asking && turn.now >= askAt) {
    turn.set({ asking: behind === 0, askAt: turn.now + HOLE_MS }); // one that is served at its own pace (DEL-7) is coming
    if (turn.state.asking) {
      turn.to.fetch(after, Math.min(PAGE, holeTo - after));
    }
  }
};

export const paged = ({ items, epoch, trimmedBefore = 0 }: HistoryFrame): ContinuityEvent => (turn) => {
  const { holeTo, asking, place } = turn.state;
  const found = items.filter(({ seq }) => seq > turn.seq && seq <= holeTo);
  const first = found[0];
  if (!asking) {
    return;
  }
  if (!first || !epoch || (place?.epoch ?? epoch) !== epoch) {
    return trimmedBefore > holeTo ? unfilled(turn, holeTo, trimmedBefore) : pageFailed(turn);
  }
  if (first.seq > turn.seq + 1) {
    unfilled(turn, first.seq - 1, first.seq);
  }
  give(turn, found, epoch, 'history');
  drain(turn);
  turn.set({ asking: false, askAt: turn.now });
};

export const pageFailed: ContinuityEvent = (turn) => {
  const { holeTo, asking, tries } = turn.state;
  if (asking) {
    turn.set({ asking: false, tries: tries + 1, askAt: turn.now + RETRY_MS * (tries + 1) });
    if (tries + 1 === HOLE_TRIES && holeTo > turn.seq) {
      unfilled(turn, holeTo, 0);
    }
  }
};

/** Raised once: the position passes the range. */
function unfilled(turn: RoomTurn, to: number, oldestSeq: number): void {
  const from = turn.seq + 1;
  passTo(turn, to);
  turn.tell('HOLE', from, to, { recoverable: oldestSeq === 0, oldestSeq });
  drain(turn);
}
