import { type ReactNode, useMemo } from 'react';
import type { PageChannel, PageMessage } from '../../slack/page-api.ts';
import { Icon } from '../parts/Icon.tsx';
import { useDesk } from '../store/desk.ts';
import { plural } from '../text/format.ts';
import { Composer } from './Composer.tsx';
import { DropZone } from './DropZone.tsx';
import { Message } from './Message.tsx';
import { useSticky } from './MessageList.tsx';
import { useStaged } from './useStaged.ts';

interface Props {
  channel: PageChannel;
  ts: string;
  messages: PageMessage[];
}

/** One thread, beside its channel. */
export function ThreadPane({ channel, ts, messages }: Props): ReactNode {
  const { openThread } = useDesk();
  const staged = useStaged();
  const root = messages.find((one) => one.ts === ts);
  const replies = useMemo(
    () => messages.filter((one) => one.thread_ts === ts && one.ts !== ts),
    [messages, ts],
  );
  const list = useSticky(replies);
  return (
    <aside className="thread" aria-label="Thread">
      <header className="channel-header">
        <h2>Thread</h2>
        <span className="topic">{channel.kind === 'im' ? '' : `#${channel.name}`}</span>
        <button
          type="button"
          className="icon-button"
          aria-label="Close thread"
          onClick={() => openThread(null)}
        >
          <Icon name="close" />
        </button>
      </header>
      <DropZone target="this thread" onFiles={staged.add} disabled={!channel.is_member}>
        {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must scroll by keys too */}
        <section ref={list} className="messages" aria-label="Replies" tabIndex={0}>
          {root ? <Message message={root} /> : <p className="empty">The first message was deleted.</p>}
          {replies.length > 0 && (
            <div className="day">
              <span>{plural(replies.length, 'reply', 'replies')}</span>
            </div>
          )}
          {replies.map((reply) => (
            <Message key={reply.ts} message={reply} />
          ))}
        </section>
        {channel.is_member && (
          <Composer channel={channel} threadTs={ts} placeholder="Reply…" staged={staged} />
        )}
      </DropZone>
    </aside>
  );
}
