import type { ReactNode } from 'react';

const PATHS = {
  plus: 'M8 3v10M3 8h10',
  reply: 'M2.5 3.5h11v7h-6l-3 3v-3h-2z',
  more: 'M8 3.2v.1M8 8v.1M8 12.7v.1',
  download: 'M8 2.5v7.5M4.8 7 8 10.2 11.2 7M3 13h10',
  trash: 'M3 4.5h10M6.5 4.5v-2h3v2M4.5 4.5l.6 9h5.8l.6-9',
  send: 'M2.5 13.5 14 8 2.5 2.5l1.8 5.5zM4.3 8H14',
  eye: 'M1.8 8S4 3.8 8 3.8 14.2 8 14.2 8 12 12.2 8 12.2 1.8 8 1.8 8zM8 6.3v.01a1.7 1.7 0 1 0 .01 0z',
  close: 'M3.5 3.5l9 9M12.5 3.5l-9 9',
  down: 'M4 6.2 8 10.2 12 6.2',
} as const;

/** A small line drawing; the text beside it, or the button's label, says what it means. */
export function Icon({ name, size = 16 }: { name: keyof typeof PATHS; size?: number }): ReactNode {
  return (
    <svg className="icon" viewBox="0 0 16 16" width={size} height={size} aria-hidden="true">
      <path
        d={PATHS[name]}
        fill="none"
        stroke="currentColor"
        strokeWidth={name === 'more' ? 2.2 : 1.5}
        strokeLinecap="round"
        strokeLinejoin="round"
      />
    </svg>
  );
}
