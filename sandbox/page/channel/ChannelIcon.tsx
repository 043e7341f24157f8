import type { ReactNode } from 'react';
import type { PageChannel } from '../../slack/page-api.ts';

/** `#` for public channels, a lock for private ones. */
export function ChannelIcon({ kind }: { kind: PageChannel['kind'] }): ReactNode {
  if (kind === 'public') {
    return (
      <span className="channel-icon" aria-hidden="true">
        #
      </span>
    );
  }
  if (kind !== 'private') return null;
  return (
    <svg className="channel-icon" viewBox="0 0 16 16" width="14" height="14" role="img" aria-label="private">
      <rect x="3" y="7" width="10" height="7" rx="1.5" fill="none" stroke="currentColor" strokeWidth="1.5" />
      <path d="M5 7V5a3 3 0 0 1 6 0v2" fill="none" stroke="currentColor" strokeWidth="1.5" />
    </svg>
  );
}
