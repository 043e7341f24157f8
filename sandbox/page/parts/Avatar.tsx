import type { ReactNode } from 'react';
import type { Person } from '../../slack/page-api.ts';
import { initials } from '../text/format.ts';
import { Icon, type IconName } from './Icon.tsx';

/** For messages from Slack itself. */
const NOBODY = '#69686e';

interface Props {
  person: Person | undefined;
  size?: number;
  /** Instead of initials, if it is not a person. */
  sign?: IconName | undefined;
  /** Instead of a sign. */
  letter?: string;
}

/** A coloured square with initials; the bot has a little vault door instead. */
export function Avatar({ person, size = 36, sign, letter = '?' }: Props): ReactNode {
  const background = person?.color ?? NOBODY;
  const style = { width: size, height: size, fontSize: Math.round(size * 0.4), background };
  if (person?.is_bot) {
    return (
      <span className="avatar bot" style={{ ...style, background: undefined }} aria-hidden="true">
        <svg viewBox="0 0 24 24" width={size * 0.66} height={size * 0.66} role="presentation">
          <rect
            x="3.5"
            y="4"
            width="17"
            height="15"
            rx="2.5"
            fill="none"
            stroke="currentColor"
            strokeWidth="2"
          />
          <circle cx="12" cy="11.5" r="3.4" fill="none" stroke="currentColor" strokeWidth="2" />
          <path
            d="M12 6.6v1.5M12 14.9v1.5M7.1 11.5h1.5M15.4 11.5h1.5"
            stroke="currentColor"
            strokeWidth="1.6"
          />
        </svg>
      </span>
    );
  }
  // The letters are a picture, no text: a button's words are only those that people hear, too.
  const letters = person ? initials(person.real_name || person.name) : sign ? undefined : letter;
  return (
    <span className="avatar" style={style} aria-hidden="true" data-letters={letters}>
      {!person && sign && <Icon name={sign} size={size / 2} />}
    </span>
  );
}
