import type { ReactNode } from 'react';
import { useDesk } from '../store/desk.ts';
import { PersonSwitcher } from './PersonSwitcher.tsx';

interface Props {
  live: boolean;
  showBucket: boolean;
  onBucket(): void;
  onSidebar(): void;
}

export function TopBar({ live, showBucket, onBucket, onSidebar }: Props): ReactNode {
  const { workspace } = useDesk();
  return (
    <header className="topbar">
      <button type="button" className="topbar-button menu-button" aria-label="Channels" onClick={onSidebar}>
        ☰
      </button>
      <span className="topbar-title">
        {workspace.team.name} <span className="topbar-note">a sandbox on this computer</span>
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
