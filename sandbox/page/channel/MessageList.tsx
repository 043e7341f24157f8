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
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must scroll by keys too
    <section ref={list} className="messages" aria-label="Messages" tabIndex={0}>
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
          ? `Drop a few files here: ${workspace.bot.name} stores them in your bucket and confirms in the thread. Then type /vault.`
          : `${workspace.bot.name} is not a member of this channel, so it does not see what is shared here.`}
      </p>
    </div>
  );
}

/** An answer that is higher than the list is read from its beginning: there its first result is. */
function beginningOfAnswer(list: HTMLElement): number | null {
  const last = list.lastElementChild;
  if (!last?.classList.contains('ephemeral')) return null;
  const { top, height } = last.getBoundingClientRect();
  if (height <= list.clientHeight) return null;
  return list.scrollTop + top - list.getBoundingClientRect().top;
}

/**
 * Keeps a list at its end while new messages and images arrive, unless the reader has scrolled up; what they send themselves
 * brings them back.
 */
export function useSticky(content: unknown): React.RefObject<HTMLElement | null> {
  const list = useRef<HTMLElement | null>(null);
  const stuck = useRef(true);
  /** Where the page itself put the list. */
  const settled = useRef(0);
  // biome-ignore lint/correctness/useExhaustiveDependencies: new content is the moment to look again
  useLayoutEffect(() => {
    const element = list.current;
    if (!element) return;
    const toEnd = () => {
      // What somebody is choosing from must not move away, and a menu closes when its list moves.
      const choosing = element.querySelector('[aria-haspopup][aria-expanded="true"]') !== null;
      if (!stuck.current || choosing) return;
      element.scrollTop = beginningOfAnswer(element) ?? element.scrollHeight;
      settled.current = element.scrollTop;
    };
    const onScroll = () => {
      const left = element.scrollHeight - element.scrollTop - element.clientHeight;
      stuck.current = left < NEAR_BOTTOM_PX || Math.abs(element.scrollTop - settled.current) < 2;
    };
    const onSent = () => {
      stuck.current = true;
      toEnd();
    };
    toEnd();
    const frame = element.parentElement;
    frame?.addEventListener('sent', onSent);
    element.addEventListener('scroll', onScroll);
    const watcher = new ResizeObserver(toEnd);
    watcher.observe(element);
    for (const child of element.children) watcher.observe(child);
    return () => {
      frame?.removeEventListener('sent', onSent);
      element.removeEventListener('scroll', onScroll);
      watcher.disconnect();
    };
  }, [content]);
  return list;
}
