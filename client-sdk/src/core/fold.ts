/** What a message looks like once everything the log says about it is applied (LOG-2, MSG-4). */
import type { AttachmentRef, Entry, Item, Json, MessageType } from '../protocol.js';

/** How often each name was given, and by whom. */
export type Reactions = Readonly<Record<string, { readonly total: number; readonly senders: readonly string[] }>>;

export interface Folded {
  readonly type: MessageType;
  readonly replyTo?: string;
  readonly text?: string;
  readonly data?: Json;
  readonly metadata?: Json;
  readonly attachments: readonly AttachmentRef[];
  readonly edited: boolean;
  readonly deleted: boolean;
  readonly reactions: Reactions;
}

/** `changes` in seq order. */
export function fold(create: Entry, changes: readonly Item[]): Folded {
  const last = (action: string): Entry | undefined => changes.findLast(({ entry }) => entry.action === action)?.entry;
  const edit = last('message.update');
  const { type, replyTo } = create;
  const { text, data, metadata, attachments = create.attachments ?? [] } = edit ?? create;
  const deleted = !!last('message.delete');
  const said = deleted ? { attachments: [], reactions: {} } : { text, data, metadata, attachments, reactions: reactionsOf(changes) };
  return { type, replyTo, ...said, edited: !!edit, deleted };
}

function reactionsOf(changes: readonly Item[]): Reactions {
  const given: Record<string, Map<string, number>> = Object.create(null); // a name can be anything, `constructor` too
  for (const { entry: { action, sender, data: { name, kind } = {} } } of changes) {
    if (action.startsWith('reaction') && typeof name === 'string') {
      const by = given[name] ??= new Map();
      const before = by.get(sender) ?? 0;
      const add = action === 'reaction.add';
      (add && kind === 'unique' ? Object.values(given) : [by]).forEach((others) => others.delete(sender));
      if (add) {
        by.set(sender, kind === 'multiple' ? before + 1 : 1);
      }
    }
  }
  return Object.fromEntries(Object.entries(given).filter(([, by]) => by.size > 0)
    .map(([name, by]) => [name, { total: [...by.values()].reduce((a, b) => a + b), senders: [...by.keys()] }]));
}
