import type { ReactNode } from 'react';
import type { PageFile } from '../../slack/page-api.ts';
import { CanvasCard } from '../files/CanvasCard.tsx';
import { CardFrame } from '../files/CardFrame.tsx';
import { ClipCard } from '../files/ClipCard.tsx';
import { LinkCard } from '../files/LinkCard.tsx';
import { ListCard } from '../files/ListCard.tsx';
import { MailCard } from '../files/MailCard.tsx';
import { endingOf } from '../parts/FileIcon.tsx';
import { Picture } from '../parts/Picture.tsx';
import { fileUrl } from '../store/api.ts';
import { useDesk } from '../store/desk.ts';
import { bytes } from '../text/format.ts';
import { isCanvas, titleOf } from '../text/title.ts';

/** Larger pictures are not fetched only to be shown small. */
const PREVIEW_BYTES = 15_000_000;
const PREVIEWED = /^image\/(png|jpeg|gif|webp|svg\+xml|avif|bmp)$/;

/** A shared file, drawn as what it is. */
export function FileCard({ file }: { file: PageFile }): ReactNode {
  if (file.mode === 'tombstone') return <div className="file-card gone">This file was deleted.</div>;
  if (file.clip) return <ClipCard file={file} />;
  if (file.mode === 'email') return <MailCard file={file} />;
  if (file.mode === 'external') return <LinkCard file={file} />;
  if (isCanvas(file.mode)) return <CanvasCard file={file} />;
  if (file.mode === 'list') return <ListCard file={file} />;
  if (file.mode === 'huddle_transcript') {
    return (
      <CardFrame file={file} note="Huddle transcript · only for those who were in it" download={false} />
    );
  }
  return <BytesCard file={file} />;
}

/** An ordinary file: icon, name, type and size; pictures also show themselves. */
function BytesCard({ file }: { file: PageFile }): ReactNode {
  const { me } = useDesk();
  const title = titleOf(file);
  const preview = PREVIEWED.test(file.mimetype) && file.size <= PREVIEW_BYTES;
  return (
    <CardFrame
      file={file}
      className={preview ? 'picture' : ''}
      note={`${endingOf(file.name, file.mimetype).toUpperCase()} · ${bytes(file.size)}`}
    >
      {preview && (
        <a href={fileUrl(me.id, file.id)} target="_blank" rel="noreferrer" className="file-preview">
          <Picture src={fileUrl(me.id, file.id)} alt={title} />
        </a>
      )}
    </CardFrame>
  );
}
