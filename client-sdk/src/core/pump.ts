/** Decides what goes out now, and when to look again. */
import { byteLength, type Lane } from '../protocol.js';
import { frameOf, hasAllBytesThere, type Outgoing } from './outgoing.js';
import type { Turn } from './outbox.js';
import type { LaneState, OutboxSettings, OutboxState } from './outbox-state.js';

const LANES: readonly Lane[] = ['text', 'media'];

export function pump(turn: Turn): void {
  if (!turn.state.restored || !turn.state.open) {
    return;
  }
  startUploads(turn);
  if (turn.env.now < turn.state.pausedUntil) {
    return;
  }
  for (const lane of LANES) {
    while (sendNext(turn, lane)) {
      // one at a time: each may change the lane
    }
  }
}

/** When the outbox has something to do by itself; null while it only waits for others. */
export function wakeAt({ lanes, open, pausedUntil }: OutboxState, now: number, { span }: OutboxSettings): number | null {
  let at = Infinity;
  for (const lane of LANES) {
    const { queue } = lanes[lane];
    at = pausedUntil > now && queue.length > 0 ? Math.min(at, pausedUntil) : at;
    for (let i = 0; i < queue.length && i < span; i++) {
      const { stage, dueAt } = queue[i] as Outgoing;
      if (dueAt !== null && (stage === 'sent' || dueAt > now)) { // what is due but held waits for others, not for the time
        at = Math.min(at, dueAt);
      }
    }
  }
  return open && at < Infinity ? at : null;
}

function sendNext(turn: Turn, lane: Lane): boolean {
  const message = candidate(turn.state.lanes[lane], turn.env.now, turn.env.settings);
  if (message === undefined) {
    return false;
  }
  if (message.firstSentAt !== undefined && turn.env.wall - message.firstSentAt > turn.env.settings.repeatableMs) {
    turn.fail(message, { code: 'outcome_unknown', message: 'unable to send again; it went out so long ago that it could be doubled' });
    return true;
  }
  const numbered = message.laneSeq === undefined ? number(turn, message) : message;
  const frame = frameOf(numbered);
  const length = byteLength(JSON.stringify(frame));
  if (length > turn.state.maxBytes) {
    const { laneSeq: _, session: __, ...unnumbered } = numbered;
    turn.lane(lane, { next: message.laneSeq === undefined ? turn.state.lanes[lane].next - 1 : turn.state.lanes[lane].next });
    turn.fail(message.laneSeq === undefined ? unnumbered : numbered, { code: 'TOO_LARGE', message: `unable to send; ${length} bytes are more than ${turn.state.maxBytes}` });
    return true;
  }
  turn.update(numbered, {
    stage: 'sent', sends: numbered.sends + 1, firstSentAt: numbered.firstSentAt ?? turn.env.wall, dueAt: turn.env.now + turn.env.settings.retryMs, state: numbered.promised ? numbered.state : 'syncing',
  }, { keep: numbered.sends === 0, quiet: numbered.state === 'syncing' });
  turn.effects.push({ do: 'transmit', frame });
  return true;
}

/**
 * The first of the lane that may go out: nothing overtakes what waits for its bytes or its next try, and a session's messages wait until
 * those of the session before have all ended.
 */
function candidate({ queue, session, holed }: LaneState, now: number, { window, span }: OutboxSettings): Outgoing | undefined {
  let sent = 0;
  const first = queue[0]?.session;
  for (let i = 0; i < queue.length && i < span; i++) {
    const message = queue[i] as Outgoing;
    if (first !== undefined && (message.session ?? session) !== first) {
      return undefined;
    }
    if (message.stage === 'sent') {
      sent++;
    } else if (message.stage === 'waiting') {
      const behindHole = holed && message.session === undefined && message !== queue[0];
      const held = behindHole || !hasAllBytesThere(message) || message.dueAt !== null && message.dueAt > now || sent >= (message.crashes > 0 ? 1 : window);
      return held ? undefined : message;
    }
    if (message.stage !== 'accepted' && message.crashes > 0) {
      return undefined; // it goes alone, so that the culprit is found
    }
  }
  return undefined;
}

/** The next number; a lane with a hole at its end goes on in a new session, where nothing waits for what never arrived. */
function number(turn: Turn, message: Outgoing): Outgoing {
  const lane = turn.state.lanes[message.lane];
  const { session, next } = lane.holed ? { session: turn.env.newId(), next: 1 } : lane;
  turn.lane(message.lane, { session, next: next + 1, holed: false });
  return turn.update(message, { session, laneSeq: next }, { quiet: true });
}

function startUploads(turn: Turn): void {
  const { now, settings } = turn.env;
  const waiting = turn.state.lanes.media.queue.slice(0, settings.span).filter((message) => !hasAllBytesThere(message)).slice(0, settings.uploadsAtOnce);
  for (const message of waiting.filter(({ uploading, dueAt }) => !uploading && (dueAt === null || dueAt <= now))) {
    turn.effects.push({ do: 'upload', message: turn.update(message, { uploading: true, dueAt: null, state: 'uploading' }) });
  }
}
