import { newChat, type Chat, type ChatOptions, type Platform } from './chat.js';
import { nodePut } from './node/put.js';
import { NodeSocket } from './node/socket.js';
import { MemoryStore } from './shell/store.js';

export * from './public.js';
export { FileStore } from './node/file-store.js';
export { MemoryStore } from './shell/store.js';

const node: Platform = {
  openSocket: (url, protocols) => new NodeSocket(url, protocols),
  put: nodePut,
  newStore: () => new MemoryStore(),
  onNetwork: () => () => {},
};

export interface ChatClient extends Chat {}

/** One user's chat: connects by itself, stays connected, keeps what is queued. */
export class ChatClient {
  constructor(options: ChatOptions) {
    return newChat(options, node) as ChatClient;
  }
}
