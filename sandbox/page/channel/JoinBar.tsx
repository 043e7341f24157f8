import type { ReactNode } from 'react';
import type { PageChannel } from '../../slack/page-api.ts';
import { api } from '../store/api.ts';
import { useDesk } from '../store/desk.ts';

/** Stands where the composer would be, for people who only look at a public channel. */
export function JoinBar({ channel }: { channel: PageChannel }): ReactNode {
  const { me, complain } = useDesk();
  return (
    <div className="join-bar">
      <span>
        You are looking at <strong>#{channel.name}</strong>
      </span>
      <button
        type="button"
        className="button primary"
        onClick={() => api.join(me.id, channel.id).catch(complain)}
      >
        Join channel
      </button>
    </div>
  );
}
