import type { ReactNode } from 'react';

const FAMILIES: Array<[RegExp, string]> = [
  [/^(pdf)$/, 'red'],
  [/^(xlsx?|csv|ods|numbers)$/, 'green'],
  [/^(pptx?|odp|key)$/, 'orange'],
  [/^(zip|gz|tgz|tar|7z|rar|bz2|xz|zst)$/, 'brown'],
  [/^(png|jpe?g|gif|webp|svg|heic|bmp|tiff?)$/, 'teal'],
  [/^(mp4|mov|webm|mkv|avi|mp3|wav|m4a|ogg|flac)$/, 'purple'],
];

/** The ending of a file's name, or what its type suggests: `pdf`, `zip`, `bin`. */
export function endingOf(name: string | null, mimetype: string): string {
  const ending = /\.([a-z0-9]{1,5})$/i.exec(name ?? '')?.[1];
  if (ending) return ending.toLowerCase();
  if (mimetype.startsWith('text/')) return 'txt';
  return /\/([a-z0-9]{1,4})$/.exec(mimetype)?.[1] ?? 'bin';
}

/** A coloured sheet with the file's ending on it. */
export function FileIcon({ name, mimetype }: { name: string | null; mimetype: string }): ReactNode {
  const ending = endingOf(name, mimetype);
  const colour = FAMILIES.find(([endings]) => endings.test(ending))?.[1] ?? 'blue';
  return (
    <span className={`file-icon ${colour}`} aria-hidden="true">
      {ending.slice(0, 4).toUpperCase()}
    </span>
  );
}
