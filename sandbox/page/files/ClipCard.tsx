import type { ReactNode } from 'react';
import type { PageFile } from '../../slack/page-api.ts';
import { fileUrl } from '../store/api.ts';
import { useDesk } from '../store/desk.ts';
import { bytes } from '../text/format.ts';
import { CardFrame } from './CardFrame.tsx';

/** A voice or video message: a player, and what Slack understood of it. */
export function ClipCard({ file }: { file: PageFile }): ReactNode {
  const { me } = useDesk();
  const video = file.clip === 'video';
  const url = fileUrl(me.id, file.id);
  const player = {
    ...{ src: url, controls: true, preload: 'metadata', className: 'clip-player' },
    'aria-label': `Play ${file.title ?? file.name ?? 'the clip'}`,
  };
  return (
    <CardFrame file={file} note={`${video ? 'Video clip' : 'Audio clip'} · recorded as ${bytes(file.size)}`}>
      {video ? <video {...player} /> : <audio {...player} />}
      {file.transcript && <p className="clip-transcript">“{file.transcript}”</p>}
    </CardFrame>
  );
}
