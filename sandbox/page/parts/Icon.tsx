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
  upload: 'M8 10.5V3M4.8 6 8 2.8 11.2 6M3 13h10',
  mic: 'M8 1.8a2 2 0 0 1 2 2v4a2 2 0 0 1-4 0v-4a2 2 0 0 1 2-2zM3.8 7.6a4.2 4.2 0 0 0 8.4 0M8 11.8v2.4',
  video: 'M1.8 4.2h8.4v7.6H1.8zM10.2 7l4-2.2v6.4l-4-2.2',
  canvas: 'M3.2 1.8h6.6l3 3v9.4H3.2zM9.6 2v3h3M5.6 8h4.8M5.6 10.8h4.8',
  list: 'M6.5 4h7.2M6.5 8h7.2M6.5 12h7.2M2 4l.9.9L4.5 3.2M2 8l.9.9L4.5 7.2M2 12l.9.9 1.6-1.7',
  moon: 'M13.2 9.6A5.6 5.6 0 0 1 6.4 2.8a5.6 5.6 0 1 0 6.8 6.8z',
  link: 'M6.6 9.4a2.6 2.6 0 0 0 3.7 0l2.6-2.6a2.6 2.6 0 0 0-3.7-3.7l-.9.9M9.4 6.6a2.6 2.6 0 0 0-3.7 0L3.1 9.2a2.6 2.6 0 0 0 3.7 3.7l.9-.9',
  mail: 'M1.8 3.6h12.4v8.8H1.8zM2 4l6 4.8L14 4',
  huddle: 'M2.6 9.2V8a5.4 5.4 0 0 1 10.8 0v1.2M2.6 9h2v4h-2zM11.4 9h2v4h-2z',
} as const;

export type IconName = keyof typeof PATHS;

/** A small line drawing; the text beside it, or the button's label, says what it means. */
export function Icon({ name, size = 16 }: { name: IconName; size?: number }): ReactNode {
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
