import { type ReactNode, useRef, useState } from 'react';
import type { PageMessage } from '../../slack/page-api.ts';
import { useAsk } from '../parts/Asking.tsx';
import { Icon } from '../parts/Icon.tsx';
import { Menu } from '../parts/Menu.tsx';
import { api } from '../store/api.ts';
import { useDesk } from '../store/desk.ts';
import { toTyped } from '../text/typed.ts';

interface Props {
  message: PageMessage;
  inThread: boolean;
  onEdit(): void;
}

/** The small bar over a message: reply, and a menu with the other actions. */
export function MessageMenu({ message, inThread, onEdit }: Props): ReactNode {
  const { me, workspace, openThread, complain } = useDesk();
  const ask = useAsk();
  const [open, setOpen] = useState(false);
  const button = useRef<HTMLButtonElement>(null);
  const { channel, ts } = message;
  const mine = message.user === me.id;
  const shortcuts = workspace.shortcuts.filter((one) => one.type === 'message');

  const remove = async () => {
    const sure = await ask({
      title: { text: 'Delete message' },
      text: { type: 'plain_text', text: 'Are you sure? In Slack, this cannot be undone.' },
      confirm: { text: 'Delete' },
      deny: { text: 'Cancel' },
      style: 'danger',
    });
    if (sure) await api.deleteMessage(me.id, channel, ts).catch(complain);
  };
  return (
    <div className={`message-menu ${open ? 'open' : ''}`}>
      {!inThread && (
        <button
          type="button"
          className="icon-button"
          aria-label="Reply in thread"
          title="Reply in thread"
          onClick={() => openThread({ channel, ts: message.thread_ts ?? ts })}
        >
          <Icon name="reply" />
        </button>
      )}
      <button
        ref={button}
        type="button"
        className="icon-button"
        aria-label="More actions"
        title="More actions"
        aria-haspopup="menu"
        aria-expanded={open}
        onClick={() => setOpen(!open)}
      >
        <Icon name="more" />
      </button>
      {open && (
        <Menu anchor={button} label="Message actions" onClose={() => setOpen(false)}>
          {shortcuts.map((shortcut) => (
            <button
              key={shortcut.callback_id}
              type="button"
              role="menuitem"
              onClick={() =>
                api.shortcut({ user: me.id, callback_id: shortcut.callback_id, channel, ts }).catch(complain)
              }
            >
              {shortcut.name} <span className="menu-note">{workspace.bot.name}</span>
            </button>
          ))}
          <button
            type="button"
            role="menuitem"
            onClick={() => navigator.clipboard?.writeText(toTyped(message.text, workspace)).catch(complain)}
          >
            Copy text
          </button>
          {mine && (
            <button type="button" role="menuitem" onClick={onEdit}>
              Edit message
            </button>
          )}
          {(mine || me.role === 'admin') && (
            <button type="button" role="menuitem" className="danger" onClick={remove}>
              Delete message…
            </button>
          )}
        </Menu>
      )}
    </div>
  );
}
