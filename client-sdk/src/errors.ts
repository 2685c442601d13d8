import type { Cause } from './protocol.js';

/** Why something could not be done; `code` is one of ERR-1, or lower case where this client decided. */
export class ChatError extends Error {
  readonly code: string;
  readonly retryable: boolean;
  readonly retryAfterMs?: number;
  override readonly name = 'ChatError';

  constructor({ code, message, retryable = false, retryAfterMs }: Cause & { retryAfterMs?: number | undefined }) {
    super(message);
    this.code = code;
    this.retryable = retryable;
    if (retryAfterMs !== undefined) {
      this.retryAfterMs = retryAfterMs;
    }
  }

  get asCause(): Cause {
    return { code: this.code, message: this.message, retryable: this.retryable };
  }
}
