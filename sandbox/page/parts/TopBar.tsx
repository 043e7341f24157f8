import type { ReactNode } from 'react';
import { PersonSwitcher } from './PersonSwitcher.tsx';

interface Props {
  live: boolean;
  showBucket: boolean;
  onBucket(): void;
  onSidebar(): void;
}

export function TopBar({ live, showBucket, onBucket, onSidebar }: Props): ReactNode {
  return (
    <header className="topbar">
      <button type="button" className="topbar-button menu-button" aria-label="Channels" onClick={onSidebar}>
        ☰
      </button>
      <span className="topbar-title">
        RIA Vault sandbox <span className="topbar-note">Slack and S3 on this computer</span>
      </span>
      <span className="topbar-state" role="status">
        {!live && 'Reconnecting…'}
      </span>
      <PersonSwitcher />
      <button type="button" className="topbar-button" aria-pressed={showBucket} onClick={onBucket}>
        Your bucket
      </button>
    </header>
  );
}
