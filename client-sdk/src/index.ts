import { ChatClient as Client, type ChatOptions, type Platform } from './chat.js';
import { IndexedDbStore } from './shell/indexeddb.js';
import { systemClock } from './shell/clock.js';
import type { Socket } from './shell/link.js';
import { MemoryStore } from './shell/store.js';
import { browserPut } from './shell/uploader.js';

export * from './public.js';
export { IndexedDbStore } from './shell/indexeddb.js';
export { browserPut } from './shell/uploader.js';

const browser: Platform = {
  clock: systemClock,
  openSocket: (url, protocols) => new WebSocket(url, protocols) as unknown as Socket,
  put: browserPut,
  newStore: (session) => typeof indexedDB === 'undefined' ? new MemoryStore() : new IndexedDbStore(session),
  onNetwork: (listener) => {
    const online = (): void => listener(true);
    const offline = (): void => listener(false);
    const looked = (): void => void (document.visibilityState === 'visible' && listener(true));
    addEventListener('online', online);
    addEventListener('offline', offline);
    document.addEventListener('visibilitychange', looked);
    return () => {
      removeEventListener('online', online);
      removeEventListener('offline', offline);
      document.removeEventListener('visibilitychange', looked);
    };
  },
};

/** One user's chat: connects by itself, stays connected, keeps what is queued. */
export class ChatClient extends Client {
  constructor(options: ChatOptions) {
    super(options, browser);
  }
}
