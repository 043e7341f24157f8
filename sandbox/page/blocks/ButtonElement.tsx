import type { ReactNode } from 'react';
import { Spinner } from '../parts/Spinner.tsx';
import { safeHref } from '../text/mrkdwn.ts';
import { ActNote } from './ActNote.tsx';
import type { ElementProps } from './Element.tsx';
import { plain } from './Text.tsx';
import { useAct } from './useAct.ts';

/** A button. One with a URL opens it in a new tab and tells the app as well, as in Slack. */
export function ButtonElement({ blockId, element }: ElementProps): ReactNode {
  const { busy, error, act } = useAct(blockId, element);
  const style = element.style ? ` ${element.style}` : '';
  const className = `button${style}${busy ? ' busy' : ''}`;
  const href = element.url ? safeHref(element.url) : null;
  const label = element.accessibility_label;
  const payload = element.value === undefined ? {} : { value: element.value };
  const content = (
    <>
      <span>{plain(element.text)}</span>
      {busy && <Spinner />}
    </>
  );
  return (
    <span className="acting">
      {href ? (
        <a
          className={className}
          href={href}
          target="_blank"
          rel="noreferrer"
          aria-label={label}
          onClick={() => void act(payload, undefined)}
        >
          {content}
        </a>
      ) : (
        <button
          type="button"
          className={className}
          aria-label={label}
          aria-busy={busy}
          // Not `disabled`, which would throw away the focus.
          aria-disabled={busy}
          onClick={() => !busy && void act(payload)}
        >
          {content}
        </button>
      )}
      <ActNote error={error} />
    </span>
  );
}
