/** What an app is shown of a message. */
import type { Cause, Entry, Item, MessageType } from '../protocol.js';
import type { Source } from './continuity-state.js';
import { fold, type Reactions } from './fold.js';
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

/** A message as the log has it, or as this client wrote it; while its last word is still to come its state is its sender's. */
export function shown(room: string, sender: string, mine: boolean, entry: Entry | undefined, changes: readonly Item[], outgoing: Outgoing | undefined): Message {
  const { state = 'synced', cause, attempt, maxAttempts, nextAttemptAt, seq, epoch } = outgoing ?? {};
  const { id, createdAt } = entry ?? outgoing as Outgoing;
  return {
    ...(entry ? fold(entry, changes) : written(outgoing as Outgoing)),
    id, room, sender, mine, createdAt, at: entry?.at, syncState: state, cause, attempt, maxAttempts, nextAttemptAt, seq, epoch,
  };
}

function written({ content: { action: _, target: __, ...said }, uploads }: Outgoing): Pick<Message, 'type' | 'text' | 'data' | 'metadata' | 'replyTo' | 'edited' | 'deleted' | 'reactions' | 'attachments'> {
  return { ...said, edited: false, deleted: false, reactions: {}, attachments: uploads.map(({ key: _, ...upload }) => upload) };
}
