import { ChatError, ownCause, ownError } from '../errors.js';
import type { Cause } from '../protocol.js';
import type { Outgoing, Upload } from '../core/outgoing.js';
import type { Store } from './store.js';
import type { Tokens } from './tokens.js';

/** Sends bytes with a `PUT` and tells how far it has come; answers status and body. */
export type Put = (url: string, headers: Record<string, string>, bytes: Blob, progress: (sent: number) => void) => Promise<{ status: number; body: string }>;

export interface UploadEvents {
  progress(index: number, change: Partial<Upload>): void;
  /** `reached`: a server answered. */
  trouble(cause: Cause, reached: boolean): void;
}

interface Offer {
  id: string;
  uploadUrl: string;
  headers?: Record<string, string>;
  completeUrl?: string;
}

/** Brings the files of a message to where the server wants them (ING-9): announce, put, complete. Each try has an address of its own. */
export function newUploader(url: string, { authorized }: Tokens, store: Store, put: Put): (message: Outgoing, on: UploadEvents) => Promise<void> {
  async function post(path: string, body: object, again: boolean): Promise<string> {
    const response = await authorized(path, body);
    return check({ status: response.status, body: await response.text() }, again);
  }

  async function one(room: string, { key, name, contentType, size }: Upload, progress: (sent: number) => void): Promise<string> {
    const bytes = await store.bytes(key);
    if (!bytes) {
      throw ownError('upload', 'no_bytes');
    }
    const { id, uploadUrl, headers = {}, completeUrl } = JSON.parse(await post('/v1/attachments', { room, name, contentType, size }, false)) as Offer;
    check(await put(new URL(uploadUrl, url).href, headers, bytes, progress), true);
    if (completeUrl) {
      await post(completeUrl, {}, true);
    }
    return id;
  }

  return async ({ room, uploads }, on) => {
    try {
      for (const [index, upload] of uploads.entries()) {
        if (!upload.id) {
          const id = await one(room, upload, (sent) => on.progress(index, { sent }));
          on.progress(index, { id, sent: upload.size });
        }
      }
    } catch (error) {
      const { code = 'unreached', message = String(error), retryable = true } = error as Partial<ChatError>;
      on.trouble({ code, message, retryable }, error instanceof ChatError);
    }
  };
}

/** `again`: a refusal holds for this upload's address only, so that the next try begins anew. */
function check({ status, body }: { status: number; body: string }, again: boolean): string {
  if (status < 300) {
    return body;
  }
  const told = { ...ownCause('upload', `http_${status}`, status >= 500 || status === 429), ...parsed(body) };
  throw new ChatError({ ...told, retryable: told.retryable || again });
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
  request.onerror = () => reject(new Error('unreached'));
  request.send(bytes);
});
