import { type ReactNode, useState } from 'react';
import type { PageChannel } from '../../slack/page-api.ts';
import { CanvasEditor } from '../files/CanvasEditor.tsx';
import { CanvasDialog } from '../make/CanvasDialog.tsx';
import { toHtml } from '../make/canvas-html.ts';
import { Icon } from '../parts/Icon.tsx';
import { useDesk } from '../store/desk.ts';
import { makeChannelCanvas } from '../store/make.ts';

/** The channel's own canvas in its header: opens it, or makes it. It hangs on the channel, in no message. */
export function CanvasTab({ channel }: { channel: PageChannel }): ReactNode {
  const { me } = useDesk();
  const [open, setOpen] = useState(false);
  const close = () => setOpen(false);
  const canvas = channel.tabs?.find((tab) => tab.main)?.file_id;
  if (!channel.is_member) return null;
  return (
    <>
      <button type="button" className="canvas-tab" aria-haspopup="dialog" onClick={() => setOpen(true)}>
        <Icon name="canvas" size={14} /> <span>{canvas ? 'Canvas' : 'Add canvas'}</span>
      </button>
      {open &&
        (canvas ? (
          <CanvasEditor id={canvas} onClose={close} />
        ) : (
          <CanvasDialog
            heading={`Canvas of #${channel.name}`}
            verb="Save"
            begin={{ title: '', text: '' }}
            onSave={async ({ title, text }) => {
              await makeChannelCanvas(me.id, channel.id, title, toHtml(text));
            }}
            onClose={close}
          />
        ))}
    </>
  );
}
