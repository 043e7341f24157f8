import type { ReactNode } from 'react';
import type { Block } from '../../slack/page-api.ts';
import { Picture } from '../parts/Picture.tsx';
import { ButtonElement } from './ButtonElement.tsx';
import { ChoiceElement } from './ChoiceElement.tsx';
import { DateElement } from './DateElement.tsx';
import { FileInputElement } from './FileInputElement.tsx';
import { OverflowElement } from './OverflowElement.tsx';
import { SelectElement } from './SelectElement.tsx';
import { TextElement } from './TextElement.tsx';

export interface ElementProps {
  blockId: string;
  element: Block;
  /** Set inside an input block. */
  input?: {
    id: string;
    label: string;
    wrong: boolean;
    /** Without `dispatch_action`, an input only changes the state. */
    quiet: boolean;
  };
}

/** One interactive element, whatever its type. */
export function Element(props: ElementProps): ReactNode {
  const type: string = props.element.type;
  if (type === 'button' || type === 'workflow_button') return <ButtonElement {...props} />;
  if (type === 'overflow') return <OverflowElement {...props} />;
  if (type === 'image') {
    return (
      <Picture className="accessory-image" src={props.element.image_url ?? ''} alt={props.element.alt_text} />
    );
  }
  if (type.endsWith('_select')) return <SelectElement {...props} />;
  if (type.endsWith('picker')) return <DateElement {...props} />;
  if (type === 'checkboxes' || type === 'radio_buttons') return <ChoiceElement {...props} />;
  if (type === 'file_input') return <FileInputElement {...props} />;
  if (type.endsWith('_input')) return <TextElement {...props} />;
  return <span className="unknown">The sandbox does not draw “{type}”.</span>;
}
