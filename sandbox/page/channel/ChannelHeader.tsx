import type { ReactNode } from 'react';
import type { PageChannel } from '../../slack/page-api.ts';
import { Avatar } from '../parts/Avatar.tsx';
import { api } from '../store/api.ts';
import { useDesk } from '../store/desk.ts';
import { CanvasTab } from './CanvasTab.tsx';
import { ChannelIcon } from './ChannelIcon.tsx';

export function ChannelHeader({ channel }: { channel: PageChannel }): ReactNode {
  const { me, person, workspace, complain } = useDesk();
  const members = channel.members.map(person).filter((one) => one !== undefined);
  const names = members.map((one) => one.real_name).join(', ');
  return (
    <header className="channel-header">
      <h2>
        <ChannelIcon kind={channel.kind} /> {channel.name}
      </h2>
      <CanvasTab channel={channel} />
      <span className="topic">{channel.topic}</span>
      {!channel.bot_is_member && channel.is_member && (
        <button
          type="button"
          className="button small"
          title={`${workspace.bot.name} is not in this channel, so it captures nothing here`}
          onClick={() => api.invite(me.id, channel.id, workspace.bot.id).catch(complain)}
        >
          Add {workspace.bot.name}
        </button>
      )}
      <span className="members" role="img" title={names} aria-label={`Members: ${names}`}>
        {members.slice(0, 5).map((one) => (
          <Avatar key={one.id} person={one} size={24} />
        ))}
        <span className="member-count">{channel.members.length}</span>
      </span>
    </header>
  );
}
