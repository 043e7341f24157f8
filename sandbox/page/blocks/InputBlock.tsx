import { type ReactNode, useId } from 'react';
import type { Block } from '../../slack/page-api.ts';
import { Element } from './Element.tsx';
import { useSurface } from './Surface.tsx';
import { plain } from './Text.tsx';

/** An input with its label, hint, and what is wrong with it. */
export function InputBlock({ block }: { block: Block }): ReactNode {
  const { errors } = useSurface();
  const id = useId();
  const error = errors[block.block_id];
  const group = block.element?.type === 'checkboxes' || block.element?.type === 'radio_buttons';
  const label = (
    <>
      {plain(block.label)}
      {block.optional && <span className="optional"> (optional)</span>}
    </>
  );
  return (
    <div className={`block-input ${error ? 'wrong' : ''}`}>
      {group ? (
        <span className="label" id={`${id}-label`}>
          {label}
        </span>
      ) : (
        <label className="label" htmlFor={id}>
          {label}
        </label>
      )}
      <Element
        blockId={block.block_id}
        element={block.element}
        input={{ id, quiet: !block.dispatch_action, label: plain(block.label), wrong: Boolean(error) }}
      />
      {error && (
        <span className="input-error" role="alert">
          {error}
        </span>
      )}
      {block.hint && <span className="hint">{plain(block.hint)}</span>}
    </div>
  );
}
