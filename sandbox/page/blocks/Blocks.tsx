import type { ReactNode } from 'react';
import type { Block } from '../../slack/page-api.ts';
import { Picture } from '../parts/Picture.tsx';
import { DataTable } from './DataTable.tsx';
import { Element } from './Element.tsx';
import { ImageBlock } from './ImageBlock.tsx';
import { InputBlock } from './InputBlock.tsx';
import { LibraryBlock } from './LibraryBlock.tsx';
import { plain, Text } from './Text.tsx';

/** Draws Block Kit. Interactive blocks are ours; the library draws the others. */
export function Blocks({ blocks }: { blocks: Block[] }): ReactNode {
  return (
    <div className="blocks">
      {blocks.map((block, index) => (
        <OneBlock key={block.block_id ?? index} block={block} />
      ))}
    </div>
  );
}

function OneBlock({ block }: { block: Block }): ReactNode {
  switch (block.type) {
    case 'section':
      return <Section block={block} />;
    case 'header':
      return <h3 className="block-header">{plain(block.text)}</h3>;
    case 'divider':
      return <hr className="block-divider" />;
    case 'context':
      return <Context block={block} />;
    case 'actions':
      return (
        <div className="block-actions">
          {block.elements.map((element: Block, index: number) => (
            <Element key={element.action_id ?? index} blockId={block.block_id} element={element} />
          ))}
        </div>
      );
    case 'input':
      return <InputBlock block={block} />;
    case 'image':
      return <ImageBlock block={block} />;
    case 'data_table':
      return <DataTable block={block} />;
    default:
      return <LibraryBlock block={block} />;
  }
}

function Section({ block }: { block: Block }): ReactNode {
  return (
    <div className="block-section">
      <div className="section-text">
        <Text text={block.text} />
        {block.fields && <div className="section-fields">{block.fields.map(drawText)}</div>}
      </div>
      {block.accessory && (
        <div className="section-accessory">
          <Element blockId={block.block_id} element={block.accessory} />
        </div>
      )}
    </div>
  );
}

function drawText(text: Block, key: number): ReactNode {
  return <Text key={key} text={text} />;
}

function Context({ block }: { block: Block }): ReactNode {
  return <div className="block-context">{block.elements.map(drawContextElement)}</div>;
}

function drawContextElement(element: Block, key: number): ReactNode {
  if (element.type !== 'image') return drawText(element, key);
  return <Picture key={key} src={element.image_url ?? ''} alt={element.alt_text} />;
}
