import type { ReactNode } from 'react';
import type { PageChannel } from '../../slack/page-api.ts';
import { useDesk } from '../store/desk.ts';
import { withEmoji } from '../text/emoji.ts';

/** The bar under a channel's name. Nothing when there is no bookmark. */
export function BookmarkBar({ channel }: { channel: PageChannel }): ReactNode {
  const { bookmarks = [] } = channel;
  if (bookmarks.length === 0) return null;
  return (
    <nav className="bookmarks" aria-label="Bookmarks">
      {bookmarks.map((one) => (
        <Bookmark key={one.id} {...one} />
      ))}
    </nav>
  );
}

function Bookmark({ title, link, emoji }: { title: string; link: string; emoji: string }): ReactNode {
  const { go } = useDesk();
  const tab = appTab(link);
  return (
    <a
      href={link}
      target="_blank"
      rel="noreferrer"
      onClick={(event) => {
        if (tab === null) return;
        event.preventDefault();
        go({ kind: 'app', tab });
      }}
    >
      {emoji !== '' && <span aria-hidden="true">{withEmoji(emoji)}</span>} {title}
    </a>
  );
}

/**
 * Where in the app a link of Slack's own leads: `https://slack.com/app_redirect?app=…` opens the conversation with an
 * app (docs.slack.dev/interactivity/deep-linking). `tab` is in Slack's text for `slack://app` only; apps use it here, too.
 */
function appTab(link: string): 'home' | 'messages' | null {
  const { host, pathname, searchParams } = new URL(link);
  if (host !== 'slack.com' || pathname !== '/app_redirect' || !searchParams.has('app')) return null;
  return searchParams.get('tab') === 'home' ? 'home' : 'messages';
}
