import { type ReactNode, useEffect } from 'react';
import type { PageChannel, PageMessage, View } from '../../slack/page-api.ts';
import { Avatar } from '../parts/Avatar.tsx';
import { api } from '../store/api.ts';
import { useDesk } from '../store/desk.ts';
import { appChannel } from '../store/model.ts';
import { ChannelView } from './ChannelView.tsx';
import { HomeTab } from './HomeTab.tsx';

interface Props {
  tab: 'home' | 'messages';
  home: View | null;
  channel: PageChannel | null;
  messages: Record<string, PageMessage[]>;
}

const TABS = [
  ['home', 'Home'],
  ['messages', 'Messages'],
] as const;

/** The app: its Home, and the direct message with it. */
export function AppView({ tab, home, channel, messages }: Props): ReactNode {
  const { workspace, me, person, go, complain } = useDesk();
  const { bot } = workspace;

  // Slack tells an app each time somebody opens its Home; that is when apps draw it.
  useEffect(() => {
    if (tab === 'home') api.home(me.id).catch(complain);
  }, [tab, me.id, complain]);

  const heading = (
    <header className="channel-header app-header">
      <h2>
        <Avatar person={person(bot.id)} size={24} /> {bot.name}
      </h2>
      <div role="tablist" aria-label={bot.name} className="tabs">
        {TABS.map(([name, label]) => (
          <button
            key={name}
            type="button"
            role="tab"
            aria-selected={tab === name}
            disabled={name === 'messages' && !appChannel(workspace)}
            onClick={() => go({ kind: 'app', tab: name })}
          >
            {label}
          </button>
        ))}
      </div>
    </header>
  );
  if (tab === 'messages' && channel) {
    return (
      <ChannelView channel={channel} messages={messages[channel.id]} heading={heading} title={bot.name} />
    );
  }
  return (
    <main className="main" aria-label={`${bot.name} Home`} tabIndex={-1}>
      {heading}
      <HomeTab view={home} />
    </main>
  );
}
