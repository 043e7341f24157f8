import type { ReactNode } from 'react';
import { useTheme } from '../store/theme.ts';
import { Icon } from './Icon.tsx';
import { PersonSwitcher } from './PersonSwitcher.tsx';

interface Props {
  live: boolean;
  showBucket: boolean;
  onBucket(): void;
  onSidebar(): void;
}

/** Who am I, what do I look at, and in which light. */
export function TopBar({ live, showBucket, onBucket, onSidebar }: Props): ReactNode {
  const { theme, toggle } = useTheme();
  return (
    <header className="topbar">
      <button
        type="button"
        id="channels-button"
        className="topbar-button menu-button"
        aria-label="Channels"
        onClick={onSidebar}
      >
        ☰
      </button>
      <span className="topbar-title">
        RIA Vault sandbox <span className="topbar-note">Slack and S3 on this computer</span>
      </span>
      <span className="topbar-state" role="status">
        {!live && 'Reconnecting…'}
      </span>
      <PersonSwitcher />
      <button
        type="button"
        className="topbar-button theme-button"
        aria-label="Dark mode"
        aria-pressed={theme === 'dark'}
        title={theme === 'dark' ? 'Light mode' : 'Dark mode'}
        onClick={toggle}
      >
        <Icon name="moon" size={14} />
      </button>
      <button
        type="button"
        id="bucket-button"
        aria-label="Your bucket"
        className="topbar-button"
        aria-pressed={showBucket}
        onClick={onBucket}
      >
        <span className="wide-only">Your bucket</span>
        <span className="narrow-only">Bucket</span>
      </button>
    </header>
  );
}
