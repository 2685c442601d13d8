/**
 * The lane queues as a pure state machine (SDK-1..4, MSG-1): two lanes, first in, first out, each with a session and its own count. Nothing
 * leaves a lane without a last word; what the server never answered goes again with the same id and laneSeq, in order.
 */
import type { Cause, ErrorFrame, Lane, SyncFrame } from '../protocol.js';
import type { Env, LaneState, OutboxEffect, OutboxEvent, OutboxState } from './outbox-state.js';
import { fresh, type NewOutgoing, type Outgoing } from './outgoing.js';
import { pump } from './pump.js';

/** One event's work: a state that is replaced, never changed, and the effects in order. */
export class Turn {
  state: OutboxState;
  readonly env: Env;
  readonly effects: OutboxEffect[] = [];

  constructor(state: OutboxState, env: Env) {
    this.state = state;
    this.env = env;
  }

  lane(lane: Lane, change: Partial<LaneState>): void {
    this.state = { ...this.state, lanes: { ...this.state.lanes, [lane]: { ...this.state.lanes[lane], ...change } } };
  }

  find(id: string): Outgoing | undefined {
    return this.state.lanes.text.queue.find((message) => message.id === id) ?? this.state.lanes.media.queue.find((message) => message.id === id);
  }

  /** Replaces a queued message; tells the app when something it can see is new. */
  update(message: Outgoing, change: Partial<Outgoing>, how: { keep?: boolean; quiet?: boolean } = {}): Outgoing {
    const changed = { ...message, ...change };
    const queue = this.state.lanes[message.lane].queue.slice();
    queue[queue.findIndex(({ id }) => id === message.id)] = changed;
    this.lane(message.lane, { queue });
    if (how.keep === true) {
      this.effects.push({ do: 'keep', message: changed });
    }
    if (how.quiet !== true) {
      this.effects.push({ do: 'changed', message: changed });
    }
    return changed;
  }

  take(message: Outgoing): void {
    const queue = this.state.lanes[message.lane].queue.slice();
    const at = queue.findIndex(({ id }) => id === message.id);
    if (at >= 0) {
      queue.splice(at, 1);
      this.lane(message.lane, { queue });
    }
  }

  fail(message: Outgoing, cause: Cause): void {
    const failed: Outgoing = { ...message, state: 'failed', cause, dueAt: null, uploading: false };
    this.take(message);
    if (message.laneSeq !== undefined && message.session === this.state.lanes[message.lane].session && !message.promised) {
      this.lane(message.lane, { holed: true });
    }
    this.state = { ...this.state, failed: [...this.state.failed, failed] };
    this.effects.push({ do: 'keep', message: failed }, { do: 'changed', message: failed }, { do: 'settle', message: failed });
  }

  succeed(message: Outgoing, epoch: string | undefined, seq: number | undefined): void {
    const { cause: _, ...rest } = message;
    const synced: Outgoing = { ...rest, state: 'synced', ...(epoch !== undefined && { epoch }), ...(seq !== undefined && { seq }) };
    this.take(message);
    this.state = { ...this.state, failed: this.state.failed.filter(({ id }) => id !== message.id) };
    this.effects.push({ do: 'forget', message: synced, bytes: true }, { do: 'changed', message: synced }, { do: 'settle', message: synced });
  }
}

export function step(state: OutboxState, event: OutboxEvent, env: Env): readonly [OutboxState, readonly OutboxEffect[]] {
  const turn = new Turn(state, env);
  handle(turn, event);
  pump(turn);
  return [turn.state, turn.effects];
}

function handle(turn: Turn, event: OutboxEvent): void {
  switch (event.type) {
    case 'restored': return restored(turn, event.messages, event.resume);
    case 'enqueue': return enqueue(turn, event.message);
    case 'opened': turn.state = { ...turn.state, open: true, pausedUntil: 0, maxBytes: event.maxBytes ?? turn.state.maxBytes }; return;
    case 'closed': return closed(turn, event.code);
    case 'listening': return askAgain(turn);
    case 'accepted': return onQueued(turn, event.id, (message) => accepted(turn, message));
    case 'refused': return onQueued(turn, event.error.id ?? String(event.error.ref), (message) => refused(turn, message, event.error));
    case 'sync': return sync(turn, event.frame);
    case 'logged': return logged(turn, event);
    case 'progress': return onQueued(turn, event.id, (message) => { turn.update(message, withUpload(message, event.index, { sent: event.sent })); });
    case 'uploaded': return onQueued(turn, event.id, (message) => uploaded(turn, message, event.index, event.attachment));
    case 'uploadTrouble': return onQueued(turn, event.id, (message) => uploadTrouble(turn, message, event.cause, event.reached));
    case 'resend': return resend(turn, event.id, event.message);
    case 'remove': return remove(turn, event.id);
    case 'time': return late(turn);
  }
}

function onQueued(turn: Turn, id: string, act: (message: Outgoing) => void): void {
  const message = turn.find(id);
  if (message !== undefined) {
    act(message);
  }
}

/** SDK-3: what a former session left goes on with its own session and numbers, or has failed. */
function restored(turn: Turn, messages: readonly Outgoing[], resume: boolean): void {
  const again = messages.map((message): Outgoing => ({ ...message, stage: 'waiting', attempts: 0, crashes: 0, dueAt: null, uploading: false }))
    .sort((one, other) => one.order - other.order);
  const unfinished = again.filter(({ state }) => state !== 'failed');
  turn.state = { ...turn.state, restored: true, failed: again.filter(({ state }) => state === 'failed') };
  for (const lane of ['text', 'media'] as const) {
    const left = unfinished.filter((message) => message.lane === lane).map((message): Outgoing => ({ ...message, state: 'queued' }));
    turn.lane(lane, { queue: [...left, ...turn.state.lanes[lane].queue] });
  }
  turn.effects.push(...turn.state.failed.map((message) => ({ do: 'changed', message } as const)));
  for (const message of unfinished) {
    onQueued(turn, message.id, (queued) => resume ? turn.effects.push({ do: 'changed', message: queued })
      : turn.fail(queued, { code: 'interrupted', message: 'unable to send; the session that wrote it has ended' }));
  }
}

function enqueue(turn: Turn, message: NewOutgoing): void {
  const created = fresh(message);
  const queued: Outgoing = { ...created, state: 'queued' };
  turn.lane(message.lane, { queue: [...turn.state.lanes[message.lane].queue, queued] });
  turn.effects.push({ do: 'changed', message: created }, { do: 'keep', message: queued }, { do: 'changed', message: queued });
}

/** A lost connection begins the count anew: only a server that is there and does not answer makes a message fail. */
function closed(turn: Turn, code: number): void {
  const poisoned = code === 1009 || code === 4500;
  turn.state = { ...turn.state, open: false };
  for (const message of unanswered(turn)) {
    const back = turn.update(message, {
      stage: 'waiting', dueAt: null, attempts: 0, crashes: message.crashes + (poisoned ? 1 : 0), state: message.state === 'syncing' && !message.promised ? 'queued' : message.state,
    });
    if (back.crashes > turn.env.settings.retries) {
      turn.fail(back, { code: 'refused', message: `unable to send; the server closes the connection over it with ${code}` });
    }
  }
}

const unanswered = (turn: Turn): Outgoing[] => (['text', 'media'] as const).flatMap((lane) => turn.state.lanes[lane].queue.filter(({ stage }) => stage === 'sent'));

/**
 * Sync events are not told again, so what was accepted before this client listened goes out once more: the same id gets its original last
 * word again (SYN-2).
 */
function askAgain(turn: Turn): void {
  for (const lane of ['text', 'media'] as const) {
    for (const message of turn.state.lanes[lane].queue.filter(({ stage }) => stage === 'accepted')) {
      turn.update(message, { stage: 'waiting', attempts: 0 }, { quiet: true });
    }
  }
}

function accepted(turn: Turn, message: Outgoing): void {
  if (message.laneSeq === undefined) {
    return;
  }
  turn.update(message, { stage: 'accepted', promised: true, dueAt: null, attempts: 0 }, { keep: !message.promised });
}

function refused(turn: Turn, message: Outgoing, { code, message: words, retryable, retryAfterMs }: ErrorFrame): void {
  const { now, settings } = turn.env;
  const cause: Cause = { code, message: words, retryable };
  if (message.stage !== 'sent') {
    return;
  }
  if (code === 'RATE_LIMITED') {
    turn.state = { ...turn.state, pausedUntil: Math.max(turn.state.pausedUntil, now + (retryAfterMs ?? 1_000)) };
    turn.update(message, { stage: 'waiting', dueAt: null, state: message.promised ? message.state : 'queued' });
  } else if (retryable) {
    missed(turn, message, cause, now + Math.max(settings.retryMs, retryAfterMs ?? 0));
  } else if (message.promised) {
    turn.update(message, { stage: 'accepted', dueAt: null }, { quiet: true });
  } else {
    refusedForGood(turn, message, cause);
  }
}

/** A frame refused at its only try was never appended, so its number is free again where none after it is in use. */
function refusedForGood(turn: Turn, message: Outgoing, cause: Cause): void {
  const { session, next, holed } = turn.state.lanes[message.lane];
  turn.fail(message, cause);
  if (message.sends === 1 && message.session === session && message.laneSeq === next - 1) {
    turn.lane(message.lane, { next: next - 1, holed });
  }
}

/** SDK-2: about 5 s apart, 3 retries, then `failed`, unless the server has promised to end it. */
function missed(turn: Turn, message: Outgoing, cause: Cause, dueAt: number | null): void {
  const attempts = message.attempts + 1;
  if (attempts <= turn.env.settings.retries) {
    turn.update(message, { stage: 'waiting', attempts, dueAt, cause }, { quiet: message.attempts > 0 });
  } else if (message.promised) {
    turn.update(message, { stage: 'accepted', attempts: 0, dueAt: null }, { quiet: true });
  } else {
    turn.fail(message, cause);
  }
}

function late(turn: Turn): void {
  const due = unanswered(turn).filter(({ dueAt }) => dueAt !== null && dueAt <= turn.env.now);
  for (const message of due) {
    missed(turn, message, { code: 'no_answer', message: 'unable to send; the server does not answer', retryable: true }, null);
  }
  if (due.length > 0) {
    turn.effects.push({ do: 'probe' });
  }
}

function sync(turn: Turn, { id, state, cause, epoch, seq, attempt, maxAttempts, nextAttemptAt }: SyncFrame): void {
  const message = turn.find(id) ?? turn.state.failed.find((failed) => failed.id === id);
  if (message === undefined) {
    return;
  }
  if (state === 'synced') {
    turn.succeed(message, epoch, seq);
  } else if (message.state !== 'failed') {
    const facts = { attempt: attempt ?? 1, maxAttempts: maxAttempts ?? 1, promised: true, stage: 'accepted', dueAt: null } as const;
    const told = turn.update(message, { ...facts, state, ...(nextAttemptAt !== undefined && { nextAttemptAt }), ...(cause && { cause }) }, { quiet: state === 'failed' });
    if (state === 'failed') {
      turn.fail(told, cause ?? { code: 'INTERNAL', message: 'unable to sync; no reason was given' });
    }
  }
}

/** It stands in the room. The confirmation of a queued one follows; one that was given up is corrected now. */
function logged(turn: Turn, { id, room, epoch, seq }: { id: string; room: string; epoch: string; seq: number }): void {
  const failed = turn.state.failed.find((message) => message.id === id && message.room === room);
  if (failed !== undefined) {
    turn.succeed(failed, epoch, seq);
  }
}

const withUpload = (message: Outgoing, index: number, change: Partial<Outgoing['uploads'][number]>): Pick<Outgoing, 'uploads'> =>
  ({ uploads: message.uploads.map((upload, i) => i === index ? { ...upload, ...change } : upload) });

function uploaded(turn: Turn, message: Outgoing, index: number, id: string): void {
  const change = withUpload(message, index, { id, sent: message.uploads[index]?.size ?? 0 });
  const done = change.uploads.every((upload) => upload.id !== undefined);
  turn.update(message, { ...change, ...(done && { uploading: false, state: 'queued', attempts: 0 }) }, { keep: true });
}

function uploadTrouble(turn: Turn, message: Outgoing, cause: Cause, reached: boolean): void {
  const { now, settings } = turn.env;
  const uploads = message.uploads.map((upload) => upload.id === undefined ? { ...upload, sent: 0 } : upload);
  const back = turn.update(message, { uploads, uploading: false, state: 'queued' });
  if (reached && cause.retryable !== true) {
    turn.fail(back, cause);
  } else if (reached || turn.state.open) {
    missed(turn, back, cause, now + settings.retryMs);
  }
}

function resend(turn: Turn, id: string, { id: newId, createdAt, order }: Pick<NewOutgoing, 'id' | 'createdAt' | 'order'>): void {
  const old = turn.state.failed.find((message) => message.id === id);
  if (old === undefined) {
    return;
  }
  const again = old.cause?.code === 'ATTACHMENT_FAILED' || old.cause?.code === 'UPLOAD_TIMEOUT';
  const uploads = old.uploads.map(({ id: done, ...upload }) => again || done === undefined ? { ...upload, sent: 0 } : { ...upload, id: done });
  const { room, lane, content, sender } = old;
  turn.state = { ...turn.state, failed: turn.state.failed.filter((message) => message !== old) };
  turn.effects.push({ do: 'forget', message: old, bytes: false });
  enqueue(turn, { id: newId, room, lane, content, uploads, createdAt, order, replaces: id, ...(sender !== undefined && { sender }) });
}

/** A failed message, or one that never went out. */
function remove(turn: Turn, id: string): void {
  const failed = turn.state.failed.find((message) => message.id === id);
  const message = failed ?? turn.find(id);
  if (message === undefined || failed === undefined && message.laneSeq !== undefined) {
    return;
  }
  turn.take(message);
  turn.state = { ...turn.state, failed: turn.state.failed.filter((other) => other !== message) };
  turn.effects.push({ do: 'forget', message, bytes: true }, { do: 'removed', message });
  if (failed === undefined) {
    turn.effects.push({ do: 'settle', message: { ...message, state: 'failed', cause: { code: 'deleted', message: 'unable to send; it was deleted' } } });
  }
}
