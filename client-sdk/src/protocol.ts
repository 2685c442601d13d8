/** The frames of both sockets (DEL-1, ING-1), as far as this client speaks them. */

export type Lane = 'text' | 'media';
export type MessageType = 'text' | 'custom' | 'image' | 'file' | 'audio' | 'video';
export type Action = 'message.create' | 'message.update' | 'message.delete' | 'reaction.add' | 'reaction.remove';
export type Json = { [key: string]: unknown };

/** Why something failed (ERR-1); codes in lower case are this client's own. */
export interface Cause {
  code: string;
  message: string;
  retryable?: boolean;
  /** The hook's own code where a hook refused. */
  reason?: string;
}

export interface AttachmentRef {
  id: string;
  name?: string;
}

/** A log entry: the whole new state of what it changes (LOG-2). */
export interface Entry {
  action: Action;
  type: MessageType;
  sender: string;
  id: string;
  session?: string;
  laneSeq?: number;
  /** The seq of the create entry that an edit, delete or reaction changes. */
  target?: number;
  text?: string;
  data?: Json;
  attachments?: AttachmentRef[];
  metadata?: Json;
  replyTo?: string;
  createdAt?: string;
  at: string;
}

/** An entry at its place in the log. */
export interface Item {
  seq: number;
  cursor?: string;
  entry: Entry;
}

export interface SendFrame extends Json {
  op: 'send';
  ref: string;
  id: string;
  room: string;
  session: string;
  laneSeq: number;
}

export interface HelloFrame {
  op: 'hello';
  pingMs: number;
  retentionMs?: number;
  recoveryWindowMs?: number;
  limits?: Record<string, number>;
}

export interface ErrorFrame {
  op: 'error';
  ref?: string | number;
  id?: string;
  code: string;
  message: string;
  retryable: boolean;
  retryAfterMs?: number;
}

export interface SyncFrame {
  op: 'sync';
  id: string;
  room: string;
  state: 'syncing' | 'uploading' | 'synced' | 'failed';
  attempt?: number;
  maxAttempts?: number;
  nextAttemptAt?: string;
  cause?: Cause;
  epoch?: string;
  seq?: number;
}

export interface SubscribedFrame {
  op: 'subscribed';
  ref?: string | number;
  room: string;
  epoch: string | null;
  seq: number;
  cursor: string;
  resumed: boolean;
  replayed: number;
}

export interface MessageFrame {
  op: 'message';
  room: string;
  epoch: string;
  seq: number;
  cursor: string;
  replay: boolean;
  entry: Entry;
}

export interface DiscontinuityFrame {
  op: 'discontinuity';
  room: string;
  reason: string;
  from: number;
  to: number;
  lost: number;
  recoverable: boolean;
  oldestSeq: number;
}

export interface HistoryFrame {
  op: 'history';
  ref?: string | number;
  room: string;
  epoch: string | null;
  items: Item[];
  next?: { before?: number; after?: number };
  complete: boolean;
  trimmedBefore?: number;
}

export type ServerFrame =
  | HelloFrame | ErrorFrame | SyncFrame | SubscribedFrame | MessageFrame | DiscontinuityFrame | HistoryFrame
  | { op: 'accepted'; ref?: string | number; id: string; lane?: Lane; laneSeq?: number }
  | { op: 'lag'; room: string; behind: number }
  | { op: 'caughtUp'; room: string; seq: number }
  | { op: 'heads'; rooms: Record<string, number> }
  | { op: 'goodbye'; reconnectAfterMs: number }
  | { op: 'ok'; ref?: string | number }
  | { op: 'pong'; ref?: string | number };

const MEDIA: readonly string[] = ['image', 'file', 'audio', 'video'];

/** The type alone decides the lane (MSG-1). */
export const laneOf = (type: MessageType): Lane => MEDIA.includes(type) ? 'media' : 'text';
