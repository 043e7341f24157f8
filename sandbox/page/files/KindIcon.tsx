import type { ReactNode } from 'react';
import type { PageFile } from '../../slack/page-api.ts';
import { FileIcon } from '../parts/FileIcon.tsx';
import { Icon, type IconName } from '../parts/Icon.tsx';
import { isCanvas } from '../text/title.ts';

/** The icon of a file: a drawing for what Slack itself makes, a sheet with the name's ending for the rest. */
export function KindIcon({ file }: { file: PageFile }): ReactNode {
  const name = signOf(file);
  if (name === null) return <FileIcon name={file.name} mimetype={file.mimetype} />;
  return (
    <span className="kind-icon" aria-hidden="true">
      <Icon name={name} size={20} />
    </span>
  );
}

function signOf({ mode, clip }: PageFile): IconName | null {
  if (clip) return clip === 'video' ? 'video' : 'mic';
  if (isCanvas(mode)) return 'canvas';
  switch (mode) {
    case 'email':
      return 'mail';
    case 'external':
      return 'link';
    case 'list':
      return 'list';
    case 'huddle_transcript':
      return 'huddle';
    default:
      return null;
  }
}
