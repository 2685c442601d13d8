/** What an app is shown of a message. */
import type { Cause, Entry, MessageType } from '../protocol.js';
import type { Source } from './continuity-state.js';
import type { Reactions } from './fold.js';
import type { Outgoing, SyncState } from './outgoing.js';

/** A file of a message; while it is being sent, how far it has come. */
export interface Attachment {
  /** For `chat.attachment(id)`; missing until the upload is complete. */
  readonly id?: string;
  readonly name?: string;
  readonly contentType?: string;
  readonly size?: number;
  /** Bytes sent so far. */
  readonly sent?: number;
}

/** A message as it is shown; a new object whenever something about it changes. */
export interface Message {
  readonly id: string;
  readonly room: string;
  readonly sender: string;
  /** Written by this user, on this device or another. */
  readonly mine: boolean;
  readonly type: MessageType;
  readonly text?: string;
  readonly data?: Readonly<Record<string, unknown>>;
  readonly metadata?: Readonly<Record<string, unknown>>;
  readonly attachments: readonly Attachment[];
  readonly replyTo?: string;
  /** The sender's clock; never orders anything. */
  readonly createdAt?: string;
  /** When the server accepted it. */
  readonly at?: string;
  /** Its place in the room's log, once it has one. */
  readonly seq?: number;
  readonly epoch?: string;
  readonly syncState: SyncState;
  /** Why it failed, or why it has to be tried again. */
  readonly cause?: Cause;
  readonly attempt?: number;
  readonly maxAttempts?: number;
  readonly nextAttemptAt?: string;
  readonly edited: boolean;
  readonly deleted: boolean;
  readonly reactions: Reactions;
  /** An edit, delete or reaction of this client that is on its way or has failed. */
  readonly change?: { readonly id: string; readonly action: string; readonly syncState: SyncState; readonly cause?: Cause };
  /** How it came here; missing for a message that is only local. */
  readonly source?: Source;
}

export interface Change {
  readonly type: 'added' | 'changed' | 'removed';
  readonly message: Message;
}

export type SyncFacts = Pick<Message, 'syncState' | 'cause' | 'attempt' | 'maxAttempts' | 'nextAttemptAt'>;

export function blank({ id, sender, type, replyTo, createdAt, at }: Entry, room: string): Message {
  return {
    id, room, sender, mine: false, type, attachments: [], syncState: 'synced', edited: false, deleted: false, reactions: {}, at,
    ...(replyTo !== undefined && { replyTo }), ...(createdAt !== undefined && { createdAt }),
  };
}

export function syncOf({ state, cause, attempt, maxAttempts, nextAttemptAt }: Outgoing): SyncFacts {
  return {
    syncState: state, ...(cause && { cause }), ...(attempt !== undefined && { attempt }), ...(maxAttempts !== undefined && { maxAttempts }),
    ...(nextAttemptAt !== undefined && { nextAttemptAt }),
  };
}

export function local(message: Outgoing, sender: string): Message {
  const { id, room, content: { action: _, target: __, ...said }, uploads, createdAt, seq, epoch } = message;
  return {
    ...said, ...syncOf(message), id, room, sender, mine: true, createdAt, edited: false, deleted: false, reactions: {},
    attachments: uploads.map(({ key: _, ...upload }) => upload), ...(seq !== undefined && { seq }), ...(epoch !== undefined && { epoch }),
  };
}
