import { type ReactNode, useState } from 'react';
import type { Block } from '../../slack/page-api.ts';
import { fileUrl } from '../store/api.ts';
import { useDesk } from '../store/desk.ts';
import { slackFileId } from './slack-file.ts';
import { plain } from './Text.tsx';

/** A picture by its address, or one of Slack's own files (`slack_file`). If it does not load, the block says so. */
export function ImageBlock({ block }: { block: Block }): ReactNode {
  const { me } = useDesk();
  const [broken, setBroken] = useState(false);
  const id = slackFileId(block);
  const url = id === null ? block.image_url : fileUrl(me.id, id);
  if (broken || !url) return <p className="image-broken">Slack cannot show this picture: {block.alt_text}</p>;
  return (
    <figure className="image-block">
      {block.title && <figcaption>{plain(block.title)}</figcaption>}
      <img src={url} alt={block.alt_text} onError={() => setBroken(true)} />
    </figure>
  );
}
