import type { ReactNode } from 'react';
import type { PageChannel, PageMessage } from '../../slack/page-api.ts';
import { BookmarkBar } from './BookmarkBar.tsx';
import { ChannelHeader } from './ChannelHeader.tsx';
import { Composer } from './Composer.tsx';
import { DropZone } from './DropZone.tsx';
import { JoinBar } from './JoinBar.tsx';
import { MessageList } from './MessageList.tsx';
import { useStaged } from './useStaged.ts';

interface Props {
  channel: PageChannel;
  messages: PageMessage[] | undefined;
  /** Instead of the channel's own heading. */
  heading?: ReactNode;
  title?: string;
}

/** A channel: heading, messages, composer; files can be dropped anywhere on it. */
export function ChannelView({ channel, messages, heading, title = `#${channel.name}` }: Props): ReactNode {
  const staged = useStaged();
  return (
    <main className="main" aria-label={title} tabIndex={-1}>
      {heading ?? <ChannelHeader channel={channel} />}
      <BookmarkBar channel={channel} />
      <DropZone target={title} onFiles={staged.add} disabled={!channel.is_member}>
        <MessageList channel={channel} messages={messages} />
        {channel.is_member ? (
          <Composer channel={channel} placeholder={`Message ${title}`} staged={staged} />
        ) : (
          <JoinBar channel={channel} />
        )}
      </DropZone>
    </main>
  );
}
