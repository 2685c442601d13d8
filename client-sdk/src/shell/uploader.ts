import { ChatError } from '../errors.js';
import type { Cause } from '../protocol.js';
import type { Outgoing } from '../core/outgoing.js';
import type { Store } from './store.js';
import type { Tokens } from './tokens.js';

/** Sends bytes with a `PUT` and tells how far it has come; answers status and body. */
export type Put = (url: string, headers: Record<string, string>, bytes: Blob, progress: (sent: number) => void) => Promise<{ status: number; body: string }>;

export interface UploadEvents {
  progress(index: number, sent: number): void;
  uploaded(index: number, id: string): void;
  /** `reached`: a server answered. */
  trouble(cause: Cause, reached: boolean): void;
}

interface Offer {
  id: string;
  uploadUrl: string;
  headers?: Record<string, string>;
  completeUrl?: string;
  expiresAt?: string;
}

class Unreached extends Error {}

/** Brings the files of a message to where the server wants them (ING-9): announce, put, complete. An announced upload is used again. */
export class Uploader {
  readonly #url: string;
  readonly #tokens: Tokens;
  readonly #store: Store;
  readonly #put: Put;
  readonly #offers = new Map<string, Offer>();

  constructor(url: string, tokens: Tokens, store: Store, put: Put) {
    this.#url = url;
    this.#tokens = tokens;
    this.#store = store;
    this.#put = put;
  }

  async upload(message: Outgoing, on: UploadEvents): Promise<void> {
    try {
      for (const [index, upload] of message.uploads.entries()) {
        if (upload.id === undefined) {
          on.uploaded(index, await this.#one(message.room, upload, (sent) => on.progress(index, sent)));
        }
      }
    } catch (error) {
      const { code = 'upload', message: words = String(error), retryable = true } = error as Partial<ChatError>;
      on.trouble({ code, message: words, retryable }, !(error instanceof Unreached));
    }
  }

  async #one(room: string, upload: Outgoing['uploads'][number], progress: (sent: number) => void): Promise<string> {
    const bytes = await this.#store.bytes(upload.key);
    if (bytes === undefined) {
      throw new ChatError({ code: 'no_bytes', message: 'unable to upload; the file is no longer kept' });
    }
    const offer = this.#offers.get(upload.key) ?? await this.#announce(room, upload);
    this.#offers.set(upload.key, offer);
    try {
      check(await reached(this.#put(new URL(offer.uploadUrl, this.#url).href, offer.headers ?? {}, bytes, progress)), true);
      if (offer.completeUrl !== undefined) {
        await this.#post(offer.completeUrl, {}, true);
      }
    } catch (error) {
      if (error instanceof ChatError) {
        this.#offers.delete(upload.key); // another address next time
      }
      throw error;
    }
    this.#offers.delete(upload.key);
    return offer.id;
  }

  async #announce(room: string, { name, contentType, size }: Outgoing['uploads'][number]): Promise<Offer> {
    return JSON.parse(await this.#post('/v1/attachments', { room, name, contentType, size }, false)) as Offer;
  }

  async #post(path: string, body: object, again: boolean): Promise<string> {
    const headers = { 'authorization': `Bearer ${await reached(this.#tokens.current())}`, 'content-type': 'application/json' };
    const response = await reached(fetch(new URL(path, this.#url), { method: 'POST', headers, body: JSON.stringify(body) }));
    return check({ status: response.status, body: await reached(response.text()) }, again);
  }
}

async function reached<T>(work: Promise<T>): Promise<T> {
  return work.catch((error: unknown) => { throw new Unreached(`unable to upload; ${error instanceof Error ? error.message : String(error)}`); });
}

/** `again`: a refusal holds for this upload's address only, so that the next try begins anew. */
function check({ status, body }: { status: number; body: string }, again: boolean): string {
  if (status >= 200 && status < 300) {
    return body;
  }
  const told = parsed(body);
  const retryable = told.retryable ?? (status >= 500 || status === 429 || status === 408);
  throw new ChatError({ code: told.code ?? `http_${status}`, message: told.message ?? `unable to upload; the server answered ${status}`, retryable: retryable || again });
}

function parsed(body: string): Partial<Cause> {
  try {
    return JSON.parse(body) as Partial<Cause>;
  } catch {
    return {};
  }
}

/** `fetch` tells no progress of what it sends; the older way does. */
export const browserPut: Put = (url, headers, bytes, progress) => new Promise((resolve, reject) => {
  const request = new XMLHttpRequest();
  request.open('PUT', url);
  Object.entries(headers).forEach(([name, value]) => request.setRequestHeader(name, value));
  request.upload.onprogress = ({ loaded }) => progress(loaded);
  request.onload = () => resolve({ status: request.status, body: request.responseText });
  request.onerror = () => reject(new Error('the connection was lost'));
  request.send(bytes);
});
