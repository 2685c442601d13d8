/** A message on its way out, as the outbox keeps it (SDK-1..4). Plain data: it is stored as it is. */
import type { Action, Cause, Json, Lane, MessageType, SendFrame } from '../protocol.js';

export type SyncState = 'created' | 'queued' | 'syncing' | 'uploading' | 'synced' | 'failed';

/** A file to be sent along; its bytes are kept in the store under `key`. */
export interface Upload {
  readonly key: string;
  readonly name?: string;
  readonly contentType: string;
  readonly size: number;
  /** Bytes on the way so far, for a progress bar. */
  readonly sent: number;
  /** What the server calls it, once it is complete. */
  readonly id?: string ;
}

/** What the app wants to say. */
export interface Content {
  readonly action: Action;
  readonly type: MessageType;
  readonly text?: string;
  readonly data?: Json;
  readonly metadata?: Json;
  readonly replyTo?: string;
  readonly target?: number;
}

export interface Outgoing {
  readonly id: string;
  readonly room: string;
  readonly lane: Lane;
  readonly content: Content;
  readonly uploads: readonly Upload[];
  readonly createdAt: string;
  /** Grows with every message of this client, over page loads too. */
  readonly order: number;
  /** Who wrote it: another user's client must never send it. */
  readonly sender?: string;
  readonly session?: string;
  readonly laneSeq?: number;
  readonly state: SyncState;
  /** `waiting` to go out, `sent` without an answer, `accepted` without a last word. */
  readonly stage: 'waiting' | 'sent' | 'accepted';
  /** Accepted at some time: its end is the server's to tell, never a missing answer's (ING-2). */
  readonly promised: boolean;
  /** When it first went out, in milliseconds since 1970. */
  readonly firstSentAt?: number;
  /** Answers missed or troubled since this connection stands. */
  readonly attempts: number;
  /** When the answer is late (sent), when to try again (waiting) or to ask what became of it (accepted). */
  readonly dueAt: number | null;
  readonly uploading: boolean;
  readonly attempt?: number;
  readonly maxAttempts?: number;
  readonly nextAttemptAt?: string;
  readonly cause?: Cause;
  readonly epoch?: string;
  readonly seq?: number;
  /** The failed message whose place on the screen it takes (SDK-4). */
  readonly replaces?: string;
}

export type NewOutgoing = Pick<Outgoing, 'id' | 'room' | 'lane' | 'content' | 'uploads' | 'createdAt' | 'order'> & Partial<Pick<Outgoing, 'sender' | 'replaces'>>;

export const fresh = (message: NewOutgoing): Outgoing => ({
  ...message, state: 'created', stage: 'waiting', promised: false, attempts: 0, dueAt: null, uploading: false,
});

export const hasAllBytesThere = ({ uploads }: Pick<Outgoing, 'uploads'>): boolean => uploads.every(({ id }) => id);

export function frameOf({ id, room, session, laneSeq, content, uploads, createdAt }: Outgoing): SendFrame {
  const attachments = uploads.map((upload) => ({ id: upload.id, name: upload.name }));
  return { op: 'send', ref: id, id, room, session, laneSeq, ...content, ...(attachments.length > 0 && { attachments }), createdAt } as SendFrame;
}

export const bytesOf = (message: Outgoing): number => new Blob([JSON.stringify(frameOf(message))]).size;
