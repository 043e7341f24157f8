import type { ReactNode, SyntheticEvent } from 'react';
import { type Block as LibraryShape, Message } from 'slack-blocks-to-jsx';
import type { Block } from '../../slack/page-api.ts';
import { useDesk } from '../store/desk.ts';
import { useTheme } from '../store/theme.ts';
import { ChannelMention, DateText, UserMention } from '../text/Mrkdwn.tsx';
import { safeHref } from '../text/mrkdwn.ts';

type Hooks = NonNullable<Parameters<typeof Message>[0]['hooks']>;

const HOOKS: Hooks = {
  user: ({ id }) => <UserMention id={id} />,
  channel: ({ id, name }) => <ChannelMention id={id} label={name} />,
  date: ({ timestamp, format, link, fallback }) => (
    <DateText at={Number(timestamp) * 1000} format={format} href={link} fallback={fallback} />
  ),
  link: ({ href, children }) => {
    const safe = safeHref(href);
    if (!safe) return children;
    return (
      <a href={safe} target="_blank" rel="noreferrer">
        {children}
      </a>
    );
  },
};

function markBroken({ target }: SyntheticEvent): void {
  if (target instanceof HTMLImageElement) target.classList.add('picture-broken');
}

/** Rich text, tables, markdown, images, charts and so on: everything that people read and do not click. */
export function LibraryBlock({ block }: { block: Block }): ReactNode {
  const { workspace } = useDesk();
  const { theme } = useTheme();
  return (
    // The library draws its own pictures: one that does not load is marked, and its words are shown.
    <div className="library-block" onErrorCapture={markBroken}>
      <Message
        withoutWrapper
        theme={theme}
        name=""
        logo=""
        blocks={[block as LibraryShape]}
        hooks={HOOKS}
        data={{ users: workspace.people, channels: workspace.channels }}
      />
    </div>
  );
}
