import type { ReactNode } from 'react';
import type { PageMessage } from '../../slack/page-api.ts';
import { Avatar } from '../parts/Avatar.tsx';
import { useDesk } from '../store/desk.ts';
import { timeOf } from '../store/model.ts';
import { ago } from '../text/dates.ts';
import { plural } from '../text/format.ts';

/** The line under a message that says how many replies it has, and opens them. */
export function ThreadSummary(props: { message: PageMessage; replies: PageMessage[] }): ReactNode {
  const { message, replies } = props;
  const { person, openThread } = useDesk();
  const authors = [...new Set(replies.map((one) => one.user))].slice(0, 4);
  const last = replies.at(-1);
  return (
    <button
      type="button"
      className="thread-summary"
      onClick={() => openThread({ channel: message.channel, ts: message.ts })}
    >
      {authors.map((id) => (
        <Avatar key={id} person={person(id)} size={22} />
      ))}
      <strong>{plural(replies.length, 'reply', 'replies')}</strong>
      {last && <span className="thread-ago">Last reply {ago(timeOf(last.ts), Date.now())}</span>}
    </button>
  );
}
