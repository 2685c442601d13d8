/**
 * The lane queues as a pure state machine (SDK-1..4, MSG-1): two lanes, first in, first out, each with a session and its own count. Nothing
 * leaves a lane without a last word; what the server never answered goes again with the same id and laneSeq, in order.
 */
import { ownCause } from '../errors.js';
import type { Cause, ErrorFrame, SyncFrame } from '../protocol.js';
import { ASK_MS, LANES, RETRIES, RETRY_MS, type Env, type OutboxEffects, type OutboxState } from './outbox-state.js';
import { OutboxTurn } from './outbox-turn.js';
import { bytesOf, frameOf, fresh, hasAllBytesThere, type NewOutgoing, type Outgoing, type Upload } from './outgoing.js';
import { pump } from './pump.js';
import type { Effect, Event } from './turn.js';

export type OutboxEvent = Event<OutboxTurn>;

export function step(state: OutboxState, event: OutboxEvent, now: number, env: Env): readonly [OutboxState, readonly Effect<OutboxEffects>[]] {
  const turn = new OutboxTurn(state, now, env);
  event(turn);
  pump(turn);
  return [turn.state, turn.effects];
}

const onQueued = (id: string, act: (turn: OutboxTurn, message: Outgoing) => void): OutboxEvent => (turn) => {
  const message = turn.find(id);
  if (message) {
    act(turn, message);
  }
};

/** SDK-3: what a former session left goes on with its own session and numbers, or has failed. */
export const restored = (messages: readonly Outgoing[], resume: boolean): OutboxEvent => (turn) => {
  const again = messages.map((message): Outgoing => ({ ...fresh(message), promised: message.promised, state: message.state === 'failed' ? 'failed' : 'queued' })).sort((one, other) => one.order - other.order);
  const unfinished = again.filter(({ state }) => state !== 'failed');
  turn.set({ restored: true, failed: again.filter(({ state }) => state === 'failed') });
  for (const lane of LANES) {
    turn.lane(lane, { queue: [...unfinished.filter((message) => message.lane === lane), ...turn.state.lanes[lane].queue] });
  }
  again.forEach((message) => turn.show(message));
  if (!resume) {
    unfinished.forEach((message) => turn.fail(message, ownCause('send', 'interrupted')));
  }
};

export const enqueue = (message: NewOutgoing): OutboxEvent => (turn) => {
  const created = turn.show(fresh(message));
  const queued: Outgoing = { ...created, state: 'queued' };
  turn.lane(message.lane, { queue: [...turn.state.lanes[message.lane].queue, queued] });
  turn.to.keep(turn.show(queued));
};

export const opened = (maxBytes = 65_536): OutboxEvent => (turn) => turn.set({ open: true, maxBytes });

/**
 * A lost connection begins the count anew: only a server that is there and does not answer makes a message fail. Over one that is too large
 * it closes with 1009: that is the largest, for joined ones are never larger than it or stay small.
 */
export const closed = (code: number): OutboxEvent => (turn) => {
  const back = turn.queued('sent').map((message) => turn.update(message, { stage: 'waiting', dueAt: null, attempts: 0, state: stateOf(message) }));
  const [largest] = back.filter(({ promised }) => !promised).sort((one, other) => bytesOf(other) - bytesOf(one));
  turn.set({ open: false });
  if (code === 1009 && largest) {
    refuse(turn, largest, ownCause('send', 'TOO_LARGE'));
  }
};

/** The server has it, and will tell its end. */
const promised = ({ now }: OutboxTurn) => ({ stage: 'accepted', attempts: 0, dueAt: now + ASK_MS }) as const;

/** What is not promised by the server only waits. */
const stateOf = ({ promised, state }: Outgoing): Outgoing['state'] => promised ? state : 'queued';

/**
 * Sync events are not told again, so what was out before this client listened goes out once more: the same id gets its original last word
 * again (SYN-2).
 */
export const listening: OutboxEvent = (turn) => turn.queued('sent', 'accepted').forEach((message) => turn.put(message, { stage: 'waiting', attempts: 0, dueAt: null }));

export const accepted = (id: string): OutboxEvent => onQueued(id, (turn, message) => {
  if (message.laneSeq) {
    turn.to.keep(turn.update(message, { ...promised(turn), promised: true }));
    fillNumbers(turn, message);
  }
});

/** A repeat uses up the number it carries (SYN-2): with it nothing waits at the server for what was refused (SYN-3). */
function fillNumbers(turn: OutboxTurn, repeat: Outgoing): void {
  turn.state.lanes[repeat.lane].refused.forEach(({ session, laneSeq }) => turn.to.transmit(frameOf({ ...repeat, session, laneSeq })));
  turn.lane(repeat.lane, { refused: [] });
}

/** The server never had it. */
function refuse(turn: OutboxTurn, message: Outgoing, cause: Cause): void {
  turn.fail(message, cause);
  turn.lane(message.lane, { refused: [...turn.state.lanes[message.lane].refused, message] });
}

export const refused = ({ id, ref, code, message: words, retryable, retryAfterMs = 0 }: ErrorFrame): OutboxEvent => onQueued(id ?? String(ref), (turn, message) => {
  const { now } = turn;
  const cause: Cause = { code, message: words, retryable };
  if (message.stage !== 'sent') {
    return;
  }
  if (code === 'RATE_LIMITED') { // no attempt: it was too early
    turn.update(message, { stage: 'waiting', dueAt: now + (retryAfterMs || 1_000), state: stateOf(message) });
  } else if (retryable) {
    missed(turn, message, cause, now + Math.max(RETRY_MS, retryAfterMs));
  } else if (message.promised) {
    turn.put(message, promised(turn));
  } else {
    refuse(turn, message, cause);
  }
});

/** SDK-2: about 5 s apart, 3 retries, then `failed`, unless the server has promised to end it. */
function missed(turn: OutboxTurn, message: Outgoing, cause: Cause, dueAt: number | null): void {
  const attempts = message.attempts + 1;
  if (attempts <= RETRIES) {
    turn.update(message, { stage: 'waiting', attempts, dueAt, cause });
  } else if (message.promised) {
    turn.put(message, promised(turn));
  } else {
    turn.fail(message, cause);
  }
}

export const time: OutboxEvent = (turn) => {
  const late = turn.queued('sent').filter(({ dueAt }) => dueAt && dueAt <= turn.now);
  late.forEach((message) => missed(turn, message, ownCause('send', 'no_answer', true), null));
  if (late.length > 0) {
    turn.to.probe();
  }
  for (const { queue: [first] } of Object.values(turn.state.lanes)) { // the last words of a lane come in its order, so it is enough that the first asks again
    if (first?.stage === 'accepted' && (first.dueAt ?? 0) <= turn.now) {
      turn.put(first, { stage: 'waiting', dueAt: null });
    }
  }
};

export const synced = ({ op: _, room: __, id, ...told }: SyncFrame): OutboxEvent => (turn) => {
  const message = turn.find(id) ?? turn.failed(id);
  const { state, cause, epoch, seq } = told;
  if (message && state === 'synced') {
    turn.succeed(message, epoch, seq);
  } else if (message && message.state !== 'failed') {
    const changed = turn.put(message, { ...told, ...promised(turn), promised: true });
    state === 'failed' ? turn.fail(changed, cause ?? ownCause('sync', 'INTERNAL')) : turn.show(changed);
  }
};

/** It stands in the room. The confirmation of a queued one follows; one that was given up is corrected now. */
export const logged = (id: string, room: string, epoch: string, seq: number): OutboxEvent => (turn) => {
  const failed = turn.state.failed.find((message) => message.id === id && message.room === room);
  if (failed) {
    turn.succeed(failed, epoch, seq);
  }
};

/** A file has come so far; with an `id` it is complete. */
export const progressed = (id: string, index: number, change: Partial<Upload>): OutboxEvent => onQueued(id, (turn, message) => {
  const uploads = message.uploads.map((upload, i) => i === index ? { ...upload, ...change } : upload);
  const done = hasAllBytesThere({ uploads });
  const changed = turn.update(message, { uploads, ...(done && { uploading: false, state: 'queued', attempts: 0 }) });
  if (change.id) {
    turn.to.keep(changed);
  }
});

/** `reached`: a server answered. */
export const uploadTroubled = (id: string, cause: Cause, reached: boolean): OutboxEvent => onQueued(id, (turn, message) => {
  const back = turn.update(message, { uploading: false, state: 'queued' });
  if (reached && !cause.retryable) {
    turn.fail(back, cause);
  } else if (reached || turn.state.open) {
    missed(turn, back, cause, turn.now + RETRY_MS);
  }
});

/** A new message with a new id; its files go up anew, for they may have been the trouble. */
export const resent = (id: string, again: Pick<NewOutgoing, 'id' | 'createdAt' | 'order'>): OutboxEvent => (turn) => {
  const old = turn.failed(id);
  if (old) {
    const { room, lane, content, sender } = old;
    const uploads = old.uploads.map((upload) => ({ ...upload, id: undefined, sent: 0 }));
    turn.take(old);
    turn.to.forget(old, false);
    enqueue({ room, lane, content, sender, uploads, ...again, replaces: id })(turn);
  }
};

/** A failed message, or one that never went out. */
export const deleted = (id: string): OutboxEvent => (turn) => {
  const failed = turn.failed(id);
  const message = failed ?? turn.find(id);
  if (message && (failed || !message.laneSeq)) {
    turn.take(message);
    turn.to.forget(message, true);
    turn.to.removed(message);
    turn.to.settle({ ...message, state: 'failed', cause: ownCause('send', 'deleted') });
  }
};
