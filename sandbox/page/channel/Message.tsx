import { memo, type ReactNode, useState } from 'react';
import type { PageMessage } from '../../slack/page-api.ts';
import { Blocks } from '../blocks/Blocks.tsx';
import { Surface } from '../blocks/Surface.tsx';
import { Avatar } from '../parts/Avatar.tsx';
import { Icon } from '../parts/Icon.tsx';
import { useDesk } from '../store/desk.ts';
import { timeOf } from '../store/model.ts';
import { timeOfDay } from '../text/dates.ts';
import { emojiOf } from '../text/emoji.ts';
import { Mrkdwn } from '../text/Mrkdwn.tsx';
import { EditBox } from './EditBox.tsx';
import { FileCard } from './FileCard.tsx';
import { MessageMenu } from './MessageMenu.tsx';
import { ThreadSummary } from './ThreadSummary.tsx';

interface Props {
  message: PageMessage;
  /** Left out inside a thread, where there is nothing to open. */
  replies?: PageMessage[];
  /** It follows another message of the same person: no name, no avatar. */
  compact?: boolean;
}

export const Message = memo(function Message({ message, replies, compact }: Props): ReactNode {
  const { person, workspace } = useDesk();
  const [editing, setEditing] = useState(false);
  const author = person(message.user);
  const name = author?.real_name ?? nameOfNobody(message);
  const at = timeOf(message.ts);
  const time = (
    <time dateTime={new Date(at).toISOString()} title={new Date(at).toLocaleString()}>
      {timeOfDay(at)}
    </time>
  );
  return (
    <article
      className={`message ${compact ? 'compact' : ''} ${message.ephemeral ? 'ephemeral' : ''}`}
      aria-label={`${name}, ${timeOfDay(at)}`}
      data-ts={message.ts}
    >
      <div className="gutter">
        {compact ? (
          time
        ) : (
          <Avatar person={author} sign={name === 'Email' ? 'mail' : undefined} letter={name.charAt(0)} />
        )}
      </div>
      <div className="message-body">
        {message.ephemeral && (
          <div className="only-you">
            <Icon name="eye" size={13} /> Only visible to you
          </div>
        )}
        {!compact && (
          <div className="byline">
            <strong>{name}</strong>
            {message.user === workspace.bot.id && <span className="app-tag">APP</span>}
            {author?.role === 'guest' && <span className="app-tag">GUEST</span>}
            {time}
          </div>
        )}
        {editing ? (
          <EditBox message={message} onDone={() => setEditing(false)} />
        ) : (
          <Content message={message} />
        )}
        {message.files?.map((file) => (
          <FileCard key={file.id} file={file} />
        ))}
        <Reactions message={message} />
        {replies && replies.length > 0 && <ThreadSummary message={message} replies={replies} />}
      </div>
      {!editing && !message.ephemeral && (
        <MessageMenu message={message} inThread={!replies} onEdit={() => setEditing(true)} />
      )}
    </article>
  );
});

/** The author when no person wrote it. Slack shows an e-mail as sent by “Email”, though its user is Slackbot. */
function nameOfNobody({ user, files }: PageMessage): string {
  if (user === 'slack') return 'Slack';
  if (user !== 'USLACKBOT') return 'Somebody';
  return files?.some((one) => one.mode === 'email') ? 'Email' : 'Slackbot';
}

function Content({ message }: { message: PageMessage }): ReactNode {
  if (message.blocks && message.blocks.length > 0) {
    return (
      <Surface
        container={{ type: 'message', channel: message.channel, ts: message.ts }}
        blocks={message.blocks}
      >
        <Blocks blocks={message.blocks} />
        {message.edited && <span className="edited">(edited)</span>}
      </Surface>
    );
  }
  if (!message.text) return null;
  return (
    <div className="message-text">
      <Mrkdwn text={message.text} />
      {message.edited && <span className="edited">(edited)</span>}
    </div>
  );
}

function Reactions({ message }: { message: PageMessage }): ReactNode {
  const { person } = useDesk();
  if (!message.reactions?.length) return null;
  return (
    <ul className="reactions" aria-label="Reactions">
      {message.reactions.map((reaction) => (
        <li
          key={reaction.name}
          title={`${reaction.users.map((id) => person(id)?.real_name ?? id).join(', ')} reacted with :${reaction.name}:`}
        >
          {emojiOf(reaction.name) ?? `:${reaction.name}:`} <span>{reaction.users.length}</span>
        </li>
      ))}
    </ul>
  );
}
