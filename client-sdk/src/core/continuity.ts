/**
 * A room's place in its log as a pure state machine (SDK-5, SDK-6, CON-3, CON-5): every entry once and in seq order, every hole filled from
 * history or raised once with its exact range. A position is never moved past what was neither given nor reported.
 */
import type { Cause, DiscontinuityFrame, HistoryFrame, Item, MessageFrame, SubscribedFrame } from '../protocol.js';
import { HOLE_MS, type ContinuityEffect, type ContinuityEvent, type ContinuityState, type Discontinuity, type Place, type Source } from './continuity-state.js';

const HOLE_TRIES = 4;
const PAGE = 500;
const RETRY_MS = 1_000;
const AHEAD_MAX = 10_000;

class Turn {
  state: ContinuityState;
  readonly now: number;
  readonly effects: ContinuityEffect[] = [];

  constructor(state: ContinuityState, now: number) {
    this.state = state;
    this.now = now;
  }

  set(change: Partial<ContinuityState>): void {
    const status = this.state.status;
    this.state = { ...this.state, ...change };
    if (this.state.status !== status) {
      this.effects.push({ do: 'status' });
    }
  }

  get seq(): number {
    return this.state.place?.seq ?? 0;
  }

  tell(reason: string, from: number, to: number, facts: Partial<Discontinuity> = {}): void {
    const discontinuity = { room: this.state.room, reason, from, to, lost: Math.max(0, to - from + 1), recoverable: true, oldestSeq: 0, epoch: this.state.place?.epoch ?? null, ...facts };
    this.effects.push({ do: 'tell', discontinuity });
  }
}

export function step(state: ContinuityState, event: ContinuityEvent, now: number): readonly [ContinuityState, readonly ContinuityEffect[]] {
  const turn = new Turn(state, now);
  handle(turn, event);
  return [turn.state, turn.effects];
}

function handle(turn: Turn, event: ContinuityEvent): void {
  switch (event.type) {
    case 'attach': turn.set({ wanted: true }); return subscribe(turn);
    case 'detach': return detach(turn);
    case 'linked': turn.set({ linked: true }); return subscribe(turn);
    case 'unlinked': return unlinked(turn);
    case 'restored': return turn.set(turn.state.place === null ? { place: event.place, origin: event.place.seq } : {});
    case 'subscribed': return subscribed(turn, event.frame);
    case 'refused': return refused(turn, event.cause, event.retryAfterMs);
    case 'message': return message(turn, event.frame);
    case 'discontinuity': return discontinuity(turn, event.frame);
    case 'head': return head(turn, event.seq);
    case 'lag': turn.set({ behind: event.behind }); turn.effects.push({ do: 'moved' }); return;
    case 'page': return page(turn, event.page);
    case 'pageFailed': return pageFailed(turn);
    case 'time': return time(turn);
  }
}

function subscribe(turn: Turn): void {
  const { wanted, linked, status, place } = turn.state;
  if (wanted && linked && status !== 'attached' && status !== 'failed') {
    turn.set({ status: 'attaching', retryAt: null, verdict: null, hole: null, ahead: [], behind: 0 });
    turn.effects.push({ do: 'subscribe', cursor: place?.cursor ?? null });
  }
}

function detach(turn: Turn): void {
  if (turn.state.wanted) {
    turn.effects.push({ do: 'unsubscribe' });
  }
  turn.set({ wanted: false, status: 'detached', hole: null, ahead: [], verdict: null, retryAt: null, cause: null });
}

function unlinked(turn: Turn): void {
  const { status } = turn.state;
  turn.set({ linked: false, hole: null, ahead: [], verdict: null, retryAt: null, behind: 0, status: status === 'attached' || status === 'attaching' ? 'suspended' : status });
}

function refused(turn: Turn, cause: Cause, retryAfterMs?: number): void {
  if (cause.retryable === true) {
    turn.set({ status: 'suspended', cause, retryAt: turn.now + (retryAfterMs ?? RETRY_MS) });
  } else {
    turn.set({ status: 'failed', cause, wanted: false });
  }
}

function subscribed(turn: Turn, { epoch, seq, cursor, resumed, replayed }: SubscribedFrame): void {
  const { place, status } = turn.state;
  if (status !== 'attaching') {
    return;
  }
  const attach: Place = { epoch, seq, cursor };
  turn.set({ status: 'attached', attachSeq: seq, head: Math.max(seq, resumed ? turn.seq : 0), cause: null });
  if (place === null) {
    turn.set({ place: attach, origin: seq });
  } else if (!resumed) {
    turn.set({ verdict: attach }); // the cursor stays the old one until the reason is known
  } else {
    turn.effects.push({ do: 'resumed', from: place.seq + 1, to: seq, replayed });
    if (seq <= place.seq && replayed === 0) {
      turn.set({ place: { epoch: place.epoch ?? epoch, seq: place.seq, cursor } });
    }
    suspect(turn, seq);
  }
  turn.effects.push({ do: 'moved' });
}

function discontinuity(turn: Turn, frame: DiscontinuityFrame): void {
  const { verdict } = turn.state;
  const { reason, from, to } = frame;
  const facts = { lost: frame.lost, recoverable: frame.recoverable, oldestSeq: frame.oldestSeq };
  if (reason === 'LOG_TRUNCATED' && from <= turn.seq) {
    turn.effects.push({ do: 'forgetFrom', seq: from });
  }
  if (verdict !== null) {
    judged(turn, verdict);
  } else if (reason === 'STREAM_RECREATED') {
    recreate(turn, to);
  } else {
    passTo(turn, reason === 'LOG_TRUNCATED' ? from - 1 : Math.max(turn.seq, to));
  }
  turn.tell(reason, from, to, { ...facts, epoch: turn.state.place?.epoch ?? null });
  drain(turn);
  turn.effects.push({ do: 'moved' });
}

function judged(turn: Turn, verdict: Place): void {
  if (verdict.epoch !== turn.state.place?.epoch) {
    turn.effects.push({ do: 'recreated' });
  }
  turn.set({ place: verdict, origin: verdict.seq, verdict: null, hole: null, ahead: [], head: verdict.seq });
}

function recreate(turn: Turn, to: number): void {
  turn.effects.push({ do: 'recreated' });
  turn.set({ place: turn.state.place && { ...turn.state.place, epoch: null, seq: 0 }, recreatedTo: to, origin: 0, head: 0, hole: null, ahead: [] });
}

/** Goes on after `seq`; the cursor stays the last entry's, from where the server will judge a return. */
function passTo(turn: Turn, seq: number): void {
  const { place, ahead } = turn.state;
  turn.set({ place: place && { ...place, seq }, origin: seq, head: Math.max(seq, turn.state.head), ahead: ahead.filter((frame) => frame.seq > seq), hole: null });
}

function message(turn: Turn, frame: MessageFrame): void {
  if (turn.state.status !== 'attached') {
    return;
  }
  if (turn.state.verdict !== null) {
    unexplained(turn, turn.state.verdict);
  }
  const epoch = turn.state.place?.epoch ?? null;
  if (epoch === null) {
    begin(turn, frame);
  } else if (epoch !== frame.epoch) {
    if (turn.seq > 0) {
      turn.tell('STREAM_RECREATED', 1, turn.seq, { recoverable: false, epoch: frame.epoch });
    }
    recreate(turn, 0);
    begin(turn, frame);
  }
  turn.set({ head: Math.max(turn.state.head, frame.seq) });
  if (frame.seq === turn.seq + 1) {
    give(turn, [frame], frame.epoch, frame.replay ? 'replay' : 'live');
    drain(turn);
  } else if (frame.seq > turn.seq) {
    turn.set({ ahead: insert(turn.state.ahead, frame).slice(0, AHEAD_MAX) }); // what is cut off is fetched with the hole
    suspect(turn, frame.seq - 1);
  }
  turn.effects.push({ do: 'moved' });
}

/** The first entry of a log: 1, or right after what was reported of it. */
function begin(turn: Turn, frame: MessageFrame): void {
  const { place, recreatedTo } = turn.state;
  const seq = recreatedTo !== null && frame.seq === recreatedTo + 1 ? recreatedTo : turn.seq;
  turn.set({ place: { cursor: place?.cursor ?? frame.cursor, epoch: frame.epoch, seq }, origin: seq, recreatedTo: null });
}

/** Not resumed, and yet no discontinuity: this client counts for itself. */
function unexplained(turn: Turn, verdict: Place): void {
  const { place } = turn.state;
  if (place !== null && place.epoch === verdict.epoch && place.seq <= verdict.seq) {
    turn.set({ verdict: null });
    suspect(turn, verdict.seq);
  } else {
    judged(turn, verdict);
    if (verdict.seq > 0) {
      turn.tell('HOLE', 1, verdict.seq);
    }
  }
}

function head(turn: Turn, seq: number): void {
  if (turn.state.status !== 'attached') {
    return;
  }
  if (turn.state.verdict !== null) {
    unexplained(turn, turn.state.verdict);
  }
  turn.set({ head: Math.max(turn.state.head, seq) });
  if (turn.state.behind === 0) {
    suspect(turn, seq);
  }
  turn.effects.push({ do: 'moved' });
}

/** Something up to `to` should be here; it may still be on its way. */
function suspect(turn: Turn, to: number): void {
  const { hole } = turn.state;
  if (to > turn.seq) {
    turn.set({ hole: hole === null ? { to, tries: 0, asking: false, dueAt: turn.now + HOLE_MS } : { ...hole, to: Math.max(hole.to, to) } });
  }
}

function give(turn: Turn, items: readonly (Item & { cursor?: string })[], epoch: string, source: Source): void {
  const last = items.at(-1);
  if (last === undefined) {
    return;
  }
  turn.effects.push({ do: 'give', items: items.map(({ seq, entry }) => ({ seq, entry })), epoch, source });
  const hole = turn.state.hole;
  turn.set({
    place: { epoch, seq: last.seq, cursor: last.cursor ?? turn.state.place?.cursor ?? '' },
    hole: hole === null || last.seq >= hole.to ? null : { ...hole, dueAt: turn.now + HOLE_MS, tries: 0 }, // as long as it moves there is no hole
  });
}

/** Gives what waited behind a hole that is closed now. */
function drain(turn: Turn): void {
  while (turn.state.ahead.length > 0) {
    const next = turn.state.ahead.filter((frame) => frame.seq > turn.seq);
    const run = next.filter((frame, i) => frame.seq === turn.seq + 1 + i);
    turn.set({ ahead: next.slice(run.length) });
    if (run.length === 0) {
      break;
    }
    run.forEach((frame) => give(turn, [frame], frame.epoch, frame.replay ? 'replay' : 'live'));
  }
  const waiting = turn.state.ahead[0];
  if (waiting !== undefined) {
    suspect(turn, waiting.seq - 1);
  }
}

function time(turn: Turn): void {
  const { retryAt, hole, status, behind } = turn.state;
  if (retryAt !== null && turn.now >= retryAt) {
    return subscribe(turn);
  }
  if (hole === null || hole.asking || status !== 'attached' || turn.now < hole.dueAt) {
    return;
  }
  if (behind > 0) { // served at its own pace (DEL-7): it is coming
    return turn.set({ hole: { ...hole, dueAt: turn.now + HOLE_MS } });
  }
  turn.set({ hole: { ...hole, asking: true } });
  const after = turn.seq;
  turn.effects.push({ do: 'fetch', after, limit: Math.min(PAGE, hole.to - after), epoch: turn.state.place?.epoch ?? null });
}

function page(turn: Turn, { items, epoch, trimmedBefore = 0 }: HistoryFrame): void {
  const { hole, place } = turn.state;
  if (hole === null || !hole.asking) {
    return;
  }
  const found = items.filter(({ seq }) => seq > turn.seq && seq <= hole.to);
  const first = found[0];
  if (first === undefined || epoch === null || place?.epoch !== null && place?.epoch !== epoch) {
    return trimmedBefore > hole.to ? unfilled(turn, hole.to, trimmedBefore) : pageFailed(turn);
  }
  turn.set({ hole: { ...hole, asking: false } });
  if (first.seq > turn.seq + 1) {
    unfilled(turn, first.seq - 1, first.seq);
  }
  give(turn, found, epoch, 'history');
  drain(turn);
  if (turn.state.hole !== null) {
    turn.set({ hole: { ...turn.state.hole, dueAt: turn.now } });
  }
  turn.effects.push({ do: 'moved' });
}

function pageFailed(turn: Turn): void {
  const { hole } = turn.state;
  if (hole === null || !hole.asking) {
    return;
  }
  const tries = hole.tries + 1;
  if (tries < HOLE_TRIES) {
    turn.set({ hole: { ...hole, asking: false, tries, dueAt: turn.now + RETRY_MS * tries } });
  } else {
    unfilled(turn, hole.to, 0);
  }
}

/** Raised once: the position passes the range. */
function unfilled(turn: Turn, to: number, oldestSeq: number): void {
  const from = turn.seq + 1;
  passTo(turn, to);
  turn.tell('HOLE', from, to, { recoverable: oldestSeq === 0, oldestSeq });
  drain(turn);
  turn.effects.push({ do: 'moved' });
}

function insert(frames: readonly MessageFrame[], frame: MessageFrame): readonly MessageFrame[] {
  const last = frames.at(-1);
  if (last === undefined || last.seq < frame.seq) {
    return [...frames, frame];
  }
  return frames.some(({ seq }) => seq === frame.seq) ? frames : [...frames, frame].sort((one, other) => one.seq - other.seq);
}
