import type { Cause } from './protocol.js';

/** Why something could not be done; `code` is one of ERR-1, or lower case where this client decided. */
export class ChatError extends Error {
  declare readonly code: string;
  declare readonly retryable: boolean;
  declare readonly retryAfterMs?: number ;

  constructor({ code, message, retryable = false, retryAfterMs }: Cause & { retryAfterMs?: number | undefined }) {
    super(message);
    Object.assign(this, { name: 'ChatError', code, retryable, retryAfterMs });
  }
}

/** A cause of this client's own: what its code says its message says in words, where there is no better `reason`. */
export const ownCause = (doing: string, code: string, retryable = false, reason: unknown = code.toLowerCase().replaceAll('_', ' ')): Cause =>
  ({ code, message: `unable to ${doing}; ${reason}`, retryable });

export const ownError = (doing: string, code: string): ChatError => new ChatError(ownCause(doing, code));
