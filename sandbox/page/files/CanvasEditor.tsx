import type { ReactNode } from 'react';
import { CanvasDialog } from '../make/CanvasDialog.tsx';
import { toHtml, toText } from '../make/canvas-html.ts';
import { useDesk } from '../store/desk.ts';
import { editFile } from '../store/make.ts';
import { unescapeText } from '../text/mrkdwn.ts';
import { useContent } from './useContent.ts';

/** Opens a canvas to be read and changed. */
export function CanvasEditor({ id, onClose }: { id: string; onClose(): void }): ReactNode {
  const { me } = useDesk();
  const content = useContent(id, onClose);
  if (!content) return null;
  const begin = { title: unescapeText(content.title ?? ''), text: toText(content.content ?? '') };
  return (
    <CanvasDialog
      heading="Canvas"
      verb="Save"
      begin={begin}
      onSave={async ({ title, text }) => {
        await editFile(me.id, id, {
          ...(title === begin.title ? {} : { title }),
          ...(text === begin.text ? {} : { content: toHtml(text) }),
        });
      }}
      onClose={onClose}
    />
  );
}
