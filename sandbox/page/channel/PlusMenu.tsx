import { type ReactNode, useEffect, useRef, useState } from 'react';
import type { PageChannel } from '../../slack/page-api.ts';
import { CanvasDialog } from '../make/CanvasDialog.tsx';
import { ClipDialog } from '../make/ClipDialog.tsx';
import { toHtml } from '../make/canvas-html.ts';
import { LinkDialog } from '../make/LinkDialog.tsx';
import { ListDialog, NEW_LIST } from '../make/ListDialog.tsx';
import { MailDialog } from '../make/MailDialog.tsx';
import { Icon } from '../parts/Icon.tsx';
import { Menu } from '../parts/Menu.tsx';
import { useDesk } from '../store/desk.ts';
import { make, sendMail } from '../store/make.ts';
import type { StagedFiles } from './useStaged.ts';

const CHOICES = [
  ['upload', 'upload', 'Upload from your computer'],
  ['audio', 'mic', 'Record an audio clip'],
  ['video', 'video', 'Record a video clip'],
  ['canvas', 'canvas', 'New canvas'],
  ['list', 'list', 'New list'],
  ['link', 'link', 'Share a link (Google Drive, …)'],
  ['mail', 'mail', 'Send an e-mail to this channel'],
] as const;
type Choice = (typeof CHOICES)[number][0];

interface Props {
  channel: PageChannel;
  staged: StagedFiles;
  onUpload(): void;
}

/** The `+` of the composer: everything that people can make and that Slack calls a file. */
export function PlusMenu({ channel, staged, onUpload }: Props): ReactNode {
  const [open, setOpen] = useState(false);
  const [making, setMaking] = useState<Choice | null>(null);
  const button = useRef<HTMLButtonElement>(null);
  // Nobody writes e-mails to a direct message.
  const choices = CHOICES.filter(([name]) => name !== 'mail' || channel.name !== '');
  const choose = (name: Choice) => (name === 'upload' ? onUpload() : setMaking(name));
  // After the dialog the focus returns to the button, because the menu line that had it before is gone.
  const made = useRef(false);
  useEffect(() => {
    if (making) made.current = true;
    else if (made.current) button.current?.focus();
  }, [making]);
  return (
    <>
      <button
        ref={button}
        type="button"
        className="icon-button"
        aria-label="Add files and more"
        title="Add files and more"
        aria-haspopup="menu"
        aria-expanded={open}
        onClick={() => setOpen(!open)}
      >
        <Icon name="plus" />
      </button>
      {open && (
        <Menu anchor={button} label="Add" align="left" onClose={() => setOpen(false)}>
          {choices.map(([name, sign, label]) => (
            <button key={name} type="button" role="menuitem" onClick={() => choose(name)}>
              <Icon name={sign} /> {label}
            </button>
          ))}
        </Menu>
      )}
      {making && <Making choice={making} channel={channel} staged={staged} onClose={() => setMaking(null)} />}
    </>
  );
}

interface MakingProps {
  choice: Choice;
  channel: PageChannel;
  staged: StagedFiles;
  onClose(): void;
}

/** The dialog for one choice. What it makes waits in the composer, so that one message can carry several. */
function Making({ choice, channel, staged, onClose }: MakingProps): ReactNode {
  const { me } = useDesk();
  switch (choice) {
    case 'audio':
    case 'video':
      return (
        <ClipDialog
          kind={choice}
          onMade={({ kind, transcode, transcript }) =>
            staged.add([transcode], {
              kind,
              ...(transcript ? { transcript } : {}),
            })
          }
          onClose={onClose}
        />
      );
    case 'canvas':
      return (
        <CanvasDialog
          heading="New canvas"
          verb="Add to message"
          begin={{ title: '', text: '' }}
          onSave={async ({ title, text }) => staged.addMade(await make.canvas(me.id, title, toHtml(text)))}
          onClose={onClose}
        />
      );
    case 'list':
      return (
        <ListDialog
          heading="New list"
          verb="Add to message"
          begin={NEW_LIST}
          onSave={async (list) => staged.addMade(await make.list(me.id, list))}
          onClose={onClose}
        />
      );
    case 'link':
      return (
        <LinkDialog onMade={async (link) => staged.addMade(await make.link(me.id, link))} onClose={onClose} />
      );
    case 'mail':
      return (
        <MailDialog
          channel={`#${channel.name}`}
          onSend={(mail) => sendMail(me.id, channel.id, mail)}
          onClose={onClose}
        />
      );
    default:
      return null;
  }
}
