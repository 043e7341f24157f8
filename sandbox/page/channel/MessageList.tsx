import { type ReactNode, useLayoutEffect, useMemo, useRef, useState } from 'react';
import type { PageChannel, PageMessage } from '../../slack/page-api.ts';
import { useDesk } from '../store/desk.ts';
import { type Thread, threads, timeOf } from '../store/model.ts';
import { dayHeading } from '../text/dates.ts';
import { ChannelIcon } from './ChannelIcon.tsx';
import { Message } from './Message.tsx';

const PAGE = 100;
/** Messages of one person within this time share one name and avatar. */
const RUN_MS = 5 * 60_000;
const NEAR_BOTTOM_PX = 120;

export function MessageList(props: { channel: PageChannel; messages: PageMessage[] | undefined }): ReactNode {
  const { channel, messages } = props;
  const [count, setCount] = useState(PAGE);
  const all = useMemo(() => threads(messages ?? []), [messages]);
  const visible = all.slice(-count);
  const list = useSticky(messages);
  return (
    <section ref={list} className="messages" aria-label="Messages">
      {all.length > count ? (
        <button type="button" className="as-link earlier" onClick={() => setCount(count + PAGE)}>
          Show earlier messages
        </button>
      ) : (
        messages && <Beginning channel={channel} />
      )}
      {visible.map((thread, index) => (
        <Entry key={thread.root.ts} thread={thread} previous={visible[index - 1]} />
      ))}
    </section>
  );
}

function Entry({ thread, previous }: { thread: Thread; previous: Thread | undefined }): ReactNode {
  const { root } = thread;
  const at = timeOf(root.ts);
  const before = previous ? timeOf(previous.root.ts) : 0;
  const newDay = new Date(at).toDateString() !== new Date(before).toDateString();
  const follows =
    !newDay &&
    previous?.root.user === root.user &&
    at - before < RUN_MS &&
    !root.ephemeral &&
    !previous.root.ephemeral;
  return (
    <>
      {newDay && (
        <div className="day">
          <span>{dayHeading(at, Date.now())}</span>
        </div>
      )}
      <Message message={root} replies={thread.replies} compact={follows} />
    </>
  );
}

function Beginning({ channel }: { channel: PageChannel }): ReactNode {
  const { workspace } = useDesk();
  if (channel.kind === 'im' || channel.kind === 'mpim') {
    return <p className="beginning">This is the beginning of your direct messages.</p>;
  }
  return (
    <div className="beginning">
      <h3>
        <ChannelIcon kind={channel.kind} /> {channel.name}
      </h3>
      <p>
        {channel.bot_is_member
          ? `Drop a few files here: ${workspace.bot.name} stores them in your bucket and confirms in the thread. Then type /vault list.`
          : `${workspace.bot.name} is not a member of this channel, so it does not see what is shared here.`}
      </p>
    </div>
  );
}

/** Keeps a list at its end while new messages and images arrive, unless the reader has scrolled up. */
export function useSticky(content: unknown): React.RefObject<HTMLElement | null> {
  const list = useRef<HTMLElement | null>(null);
  const stuck = useRef(true);
  // biome-ignore lint/correctness/useExhaustiveDependencies: new content is the moment to look again
  useLayoutEffect(() => {
    const element = list.current;
    if (!element) return;
    const toEnd = () => {
      if (stuck.current) element.scrollTop = element.scrollHeight;
    };
    const onScroll = () => {
      stuck.current = element.scrollHeight - element.scrollTop - element.clientHeight < NEAR_BOTTOM_PX;
    };
    toEnd();
    element.addEventListener('scroll', onScroll);
    const watcher = new ResizeObserver(toEnd);
    watcher.observe(element);
    for (const child of element.children) watcher.observe(child);
    return () => {
      element.removeEventListener('scroll', onScroll);
      watcher.disconnect();
    };
  }, [content]);
  return list;
}
