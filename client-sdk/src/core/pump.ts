/** Decides what goes out now, and when to look again. */
import { ownCause } from '../errors.js';
import type { Lane } from '../protocol.js';
import { bytesOf, frameOf, hasAllBytesThere, type Outgoing } from './outgoing.js';
import type { OutboxTurn } from './outbox-turn.js';
import { LANES, REPEATABLE_MS, RETRY_MS, SPAN, UPLOADS_AT_ONCE, WINDOW, type LaneState, type OutboxState } from './outbox-state.js';

export function pump(turn: OutboxTurn): void {
  const { restored, open } = turn.state;
  if (restored && open) {
    startUploads(turn);
    while (LANES.some((lane) => sendNext(turn, lane))) {
      // one at a time: each may change the lane
    }
  }
}

/** When the outbox has something to do by itself; null while it only waits for others. */
export function wakeAt({ lanes, open }: OutboxState, now: number): number | null {
  const at = Math.min(...Object.values(lanes).flatMap(({ queue }) => queue.slice(0, SPAN).map(({ stage, dueAt }, i) =>
    dueAt && (stage === 'sent' || i === 0 || stage === 'waiting' && dueAt > now) ? dueAt : Infinity))); // what is due but held waits for others, not for the time
  return open && at < Infinity ? at : null;
}

function sendNext(turn: OutboxTurn, lane: Lane): boolean {
  const { now, env: { wall, newId } } = turn;
  const message = candidate(turn.state.lanes[lane], now);
  if (!message) {
    return false;
  }
  const { firstSentAt = wall, laneSeq } = message;
  const { session, next } = turn.state.lanes[lane].holed ? { session: newId(), next: 1 } : turn.state.lanes[lane];
  const numbered = !laneSeq ? { ...message, session, laneSeq: next } : message;
  if (wall - firstSentAt > REPEATABLE_MS) {
    turn.fail(message, ownCause('send', 'outcome_unknown'));
  } else if (bytesOf(numbered) > turn.state.maxBytes) {
    turn.fail(message, ownCause('send', 'TOO_LARGE'));
  } else {
    if (!laneSeq) {
      turn.lane(lane, { session, next: next + 1, holed: false }); // a lane with a hole at its end goes on in a new session, where nothing waits for what never arrived
    }
    const sent = turn.update(numbered, {
      stage: 'sent', firstSentAt, dueAt: now + RETRY_MS, state: message.promised ? message.state : 'syncing',
    });
    if (!message.firstSentAt) {
      turn.to.keep(sent);
    }
    turn.to.transmit(frameOf(numbered));
  }
  return true;
}

/**
 * The first of the lane that may go out: nothing overtakes what waits for its bytes or its next try, and a session's messages wait until
 * those of the session before have all ended.
 */
function candidate({ queue, session, holed }: LaneState, now: number): Outgoing | undefined {
  const first = queue[0]?.session;
  let sent = 0;
  for (const message of queue.slice(0, SPAN)) {
    const other = first && (message.session ?? session) !== first;
    if (message.stage === 'waiting' || other) {
      const behindHole = holed && !message.session && message !== queue[0];
      return other || behindHole || sent >= WINDOW || !hasAllBytesThere(message) || (message.dueAt ?? 0) > now ? undefined : message;
    }
    sent += message.stage === 'sent' ? 1 : 0;
  }
  return undefined;
}

function startUploads(turn: OutboxTurn): void {
  const { now } = turn;
  const waiting = turn.state.lanes.media.queue.slice(0, SPAN).filter((message) => !hasAllBytesThere(message)).slice(0, UPLOADS_AT_ONCE);
  for (const message of waiting.filter(({ uploading, dueAt }) => !uploading && (dueAt ?? 0) <= now)) {
    const started = turn.update(message, { uploading: true, dueAt: null, state: 'uploading' });
    turn.to.upload(started);
  }
}
