import { type ReactNode, useEffect, useRef, useState } from 'react';
import type { PageChannel } from '../../slack/page-api.ts';
import { ChannelDialog } from '../make/ChannelDialog.tsx';
import { Avatar } from '../parts/Avatar.tsx';
import { useDesk } from '../store/desk.ts';
import { makeChannel } from '../store/make.ts';
import { appChannel, type Place } from '../store/model.ts';
import { ChannelIcon } from './ChannelIcon.tsx';

interface Props {
  place: Place | null;
  unread: ReadonlySet<string>;
  open: boolean;
  onClose(): void;
  /** Shows the first steps again; null while they are shown. */
  onPath: (() => void) | null;
}

export function Sidebar({ place, unread, open, onClose, onPath }: Props): ReactNode {
  const { workspace, me, person, go } = useDesk();
  const app = appChannel(workspace);
  const channels = workspace.channels.filter((one) => one.kind === 'public' || one.kind === 'private');
  const direct = workspace.channels.filter(
    (one) => (one.kind === 'im' || one.kind === 'mpim') && one !== app,
  );
  const bot = person(workspace.bot.id);
  const here = place?.kind === 'channel' ? place.id : null;
  const [isMaking, setMaking] = useState(false);
  const bar = useRef<HTMLElement>(null);
  // On a phone it slides in over the channel.
  useEffect(() => {
    if (open) bar.current?.querySelector('button')?.focus();
  }, [open]);
  return (
    <nav
      ref={bar}
      className={`sidebar ${open ? 'open' : ''}`}
      aria-label="Channels and apps"
      onKeyDown={(event) => {
        if (event.key === 'Escape' && open) onClose();
      }}
    >
      <h1 className="workspace-name">{workspace.team.name}</h1>
      <h2>Channels</h2>
      <ul>
        {channels.map((channel) => (
          <li key={channel.id}>
            <Row
              current={here === channel.id}
              unread={unread.has(channel.id)}
              faint={!channel.is_member}
              onClick={() => go({ kind: 'channel', id: channel.id })}
            >
              <ChannelIcon kind={channel.kind} /> {channel.name}
            </Row>
          </li>
        ))}
        <li>
          <Row current={false} unread={false} onClick={() => setMaking(true)}>
            <span className="channel-icon" aria-hidden="true">
              +
            </span>{' '}
            Add channel
          </Row>
        </li>
      </ul>
      {isMaking && (
        <ChannelDialog
          onMade={async (name, isPrivate) => {
            const id = await makeChannel(me.id, name, isPrivate);
            go({ kind: 'channel', id });
          }}
          onClose={() => setMaking(false)}
        />
      )}
      {direct.length > 0 && <h2>Direct messages</h2>}
      <ul>
        {direct.map((channel) => (
          <li key={channel.id}>
            <Row
              current={here === channel.id}
              unread={unread.has(channel.id)}
              onClick={() => go({ kind: 'channel', id: channel.id })}
            >
              <DirectName channel={channel} me={me.id} />
            </Row>
          </li>
        ))}
      </ul>
      <h2>Apps</h2>
      <ul>
        <li>
          <Row
            current={place?.kind === 'app'}
            unread={app !== null && unread.has(app.id)}
            onClick={() => go({ kind: 'app', tab: app && unread.has(app.id) ? 'messages' : 'home' })}
          >
            <Avatar person={bot} size={20} /> {workspace.bot.name}
            <span
              className={`presence ${workspace.bot.connected ? 'on' : ''}`}
              role="img"
              aria-label={workspace.bot.connected ? 'connected' : 'not connected'}
            />
          </Row>
        </li>
        {onPath && (
          <li>
            <Row current={false} unread={false} onClick={onPath}>
              First steps
            </Row>
          </li>
        )}
      </ul>
    </nav>
  );
}

function DirectName({ channel, me }: { channel: PageChannel; me: string }): ReactNode {
  const { person } = useDesk();
  const others = channel.members.filter((id) => id !== me).map(person);
  return (
    <>
      <Avatar person={others[0]} size={20} /> {others.map((one) => one?.real_name ?? 'somebody').join(', ')}
    </>
  );
}

interface RowProps {
  current: boolean;
  unread: boolean;
  faint?: boolean;
  onClick(): void;
  children: ReactNode;
}

function Row({ current, unread, faint, onClick, children }: RowProps): ReactNode {
  return (
    <button
      type="button"
      className={`row ${current ? 'current' : ''} ${unread ? 'unread' : ''} ${faint ? 'faint' : ''}`}
      aria-current={current ? 'page' : undefined}
      onClick={onClick}
    >
      {children}
      {unread && <span className="unread-dot" role="img" aria-label="unread" />}
    </button>
  );
}
