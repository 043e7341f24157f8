import type { ReactNode } from 'react';
import { useDesk } from '../store/desk.ts';
import { formatDate } from './dates.ts';
import { type Inline, type Part, parseMrkdwn } from './mrkdwn.ts';

/** Draws Slack's mrkdwn. */
export function Mrkdwn({ text }: { text: string }): ReactNode {
  return <div className="mrkdwn">{parseMrkdwn(text).map((part, index) => drawPart(part, index))}</div>;
}

function drawPart(part: Part, key: number): ReactNode {
  if (part.kind === 'pre') return <pre key={key}>{part.text}</pre>;
  if (part.kind === 'quote') {
    return <blockquote key={key}>{part.lines.map((line, index) => drawLine(line, index))}</blockquote>;
  }
  return drawLine(part.children, key);
}

function drawLine(line: Inline[], key: number): ReactNode {
  return (
    <div className="mrkdwn-line" key={key}>
      {line.length === 0 ? '\u00a0' : draw(line)}
    </div>
  );
}

function draw(nodes: Inline[]): ReactNode[] {
  return nodes.map((node, index) => {
    // A parsed text never changes its order, so the index is a safe key.
    const key = `${index}`;
    switch (node.kind) {
      case 'text':
        return node.text;
      case 'bold':
        return <strong key={key}>{draw(node.children)}</strong>;
      case 'italic':
        return <em key={key}>{draw(node.children)}</em>;
      case 'strike':
        return <s key={key}>{draw(node.children)}</s>;
      case 'code':
        return <code key={key}>{node.text}</code>;
      case 'user':
        return <UserMention key={key} id={node.id} />;
      case 'channel':
        return <ChannelMention key={key} id={node.id} label={node.label} />;
      case 'broadcast':
        return (
          <span key={key} className="mention">
            {node.text}
          </span>
        );
      case 'link':
        return <OutLink key={key} href={node.href} label={node.label} />;
      case 'date':
        return <DateText key={key} {...node} />;
      case 'emoji':
        return (
          <span key={key} className="emoji" role="img" aria-label={node.name}>
            {node.char}
          </span>
        );
    }
    return null;
  });
}

function OutLink({ href, label }: { href: string; label: string }): ReactNode {
  return (
    <a href={href} target="_blank" rel="noreferrer">
      {label}
    </a>
  );
}

export function UserMention({ id }: { id: string }): ReactNode {
  const { person } = useDesk();
  // Slackbot is in every workspace, but not in its list of people.
  const name = id === 'USLACKBOT' ? 'Slackbot' : (person(id)?.real_name ?? id);
  return <span className="mention">@{name}</span>;
}

export function ChannelMention({ id, label }: { id: string; label?: string | null }): ReactNode {
  const { channel, go } = useDesk();
  const found = channel(id);
  const name = found?.name || label || 'private channel';
  if (!found) return <span className="mention">#{name}</span>;
  return (
    <button type="button" className="mention as-link" onClick={() => go({ kind: 'channel', id })}>
      #{name}
    </button>
  );
}

export function DateText(props: {
  at: number;
  format: string;
  href: string | null;
  fallback: string;
}): ReactNode {
  const text = formatDate(props.format, props.at, Date.now());
  const time = (
    <time dateTime={new Date(props.at).toISOString()} title={new Date(props.at).toLocaleString()}>
      {text}
    </time>
  );
  if (!props.href) return time;
  return (
    <a href={props.href} target="_blank" rel="noreferrer">
      {time}
    </a>
  );
}
