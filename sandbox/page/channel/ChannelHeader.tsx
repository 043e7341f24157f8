import type { ReactNode } from 'react';
import type { PageChannel } from '../../slack/page-api.ts';
import { Avatar } from '../parts/Avatar.tsx';
import { useDesk } from '../store/desk.ts';
import { ChannelIcon } from './ChannelIcon.tsx';

export function ChannelHeader({ channel }: { channel: PageChannel }): ReactNode {
  const { person, workspace } = useDesk();
  const members = channel.members.map(person).filter((one) => one !== undefined);
  const names = members.map((one) => one.real_name).join(', ');
  return (
    <header className="channel-header">
      <h2>
        <ChannelIcon kind={channel.kind} /> {channel.name}
      </h2>
      <span className="topic">{channel.topic}</span>
      {!channel.bot_is_member && (
        <span
          className="badge"
          title={`Files shared here are not captured: ${workspace.bot.name} is not a member`}
        >
          {workspace.bot.name} is not in here
        </span>
      )}
      <span className="members" role="img" title={names} aria-label={`Members: ${names}`}>
        {members.slice(0, 4).map((one) => (
          <Avatar key={one.id} person={one} size={24} />
        ))}
        <span className="member-count">{channel.members.length}</span>
      </span>
    </header>
  );
}
