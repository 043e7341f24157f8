/** The blocks, and on which surface each may stand. */
import {
  boolean,
  both,
  byType,
  type Fields,
  isObject,
  list,
  note,
  object,
  oneOf,
  type Rule,
  type Surface,
  string,
  url,
} from './check.ts';
import { anyText, imageSource, mrkdwn, oneImageSource, plainText } from './composition.ts';
import {
  accessory,
  actionElement,
  cardButton,
  contextAction,
  contextElement,
  imageElement,
  inputElement,
} from './elements.ts';
import { richText } from './rich-text.ts';
import { dataTable, dataVisualization, table } from './tables.ts';

function block(type: string, required: Fields = {}, optional: Fields = {}): Rule {
  return object({ type: oneOf(type), ...required }, { block_id: string(255), ...optional });
}

/** At least one of these fields must be there. */
function someOf(...names: string[]): Rule {
  return (check, value, pointer) => {
    if (!isObject(value) || names.some((name) => value[name] !== undefined && value[name] !== null)) return;
    note(check, 'missing_field', `missing required field: ${names.join(' or ')}`, pointer);
  };
}

const card = both(
  block(
    'card',
    {},
    {
      hero_image: imageElement,
      icon: imageElement,
      title: mrkdwn(150),
      subtitle: mrkdwn(150),
      body: mrkdwn(200),
      actions: list(cardButton, 1, 3),
    },
  ),
  someOf('hero_image', 'title', 'actions', 'body'),
);

const taskCard = block(
  'task_card',
  {
    task_id: string(255),
    title: string(2000),
    status: oneOf('pending', 'in_progress', 'complete', 'error'),
  },
  {
    details: richText,
    output: richText,
    sources: list(object({ type: oneOf('url'), url: url(), text: string(2000) }), 0, 100),
  },
);

const BLOCKS: Record<string, Rule> = {
  actions: block('actions', { elements: list(actionElement, 1, 25) }),
  alert: block(
    'alert',
    { text: anyText(200) },
    { level: oneOf('default', 'info', 'warning', 'error', 'success') },
  ),
  card,
  carousel: block('carousel', { elements: list(card, 1, 10) }),
  context: block('context', { elements: list(contextElement, 1, 10) }),
  context_actions: block('context_actions', { elements: list(contextAction, 1, 5) }),
  data_table: dataTable,
  data_visualization: dataVisualization,
  divider: block('divider'),
  header: block('header', { text: plainText(150) }),
  image: both(
    block('image', { alt_text: string(2000) }, { title: plainText(2000), ...imageSource }),
    oneImageSource,
  ),
  input: block(
    'input',
    { label: plainText(2000), element: inputElement },
    { hint: plainText(2000), optional: boolean, dispatch_action: boolean },
  ),
  markdown: block('markdown', { text: string(12_000) }),
  plan: block('plan', { title: string(2000) }, { tasks: list(taskCard, 0, 50) }),
  rich_text: richText,
  section: both(
    block(
      'section',
      {},
      { text: anyText(3000), fields: list(anyText(2000), 1, 10), accessory, expand: boolean },
    ),
    someOf('text', 'fields'),
  ),
  table,
  task_card: taskCard,
  video: block(
    'video',
    { video_url: url(), thumbnail_url: url(), alt_text: string(2000), title: plainText(199) },
    {
      title_url: url(),
      author_name: string(49),
      provider_name: string(255),
      provider_icon_url: url(),
      description: plainText(2000),
    },
  ),
};

const CHILDREN = [
  'actions',
  'context',
  'divider',
  'header',
  'image',
  'input',
  'rich_text',
  'section',
  'table',
  'video',
];

BLOCKS.container = both(
  block(
    'container',
    { child_blocks: list(byType(BLOCKS, CHILDREN), 1, 10) },
    {
      title: plainText(150),
      rich_text_title: richText,
      subtitle: anyText(150),
      width: oneOf('narrow', 'standard', 'wide', 'full'),
      icon: imageElement,
      is_collapsible: boolean,
      default_collapsed: boolean,
      has_header_divider: boolean,
    },
  ),
  someOf('title', 'rich_text_title'),
);

const EVERYWHERE = [
  'actions',
  'card',
  'context',
  'divider',
  'header',
  'image',
  'input',
  'rich_text',
  'section',
  'video',
];
const WIDE = ['carousel', 'container', 'data_table', 'data_visualization', 'table'];

/** `file` blocks stand nowhere: Slack makes them, apps cannot. Guides differ on container and charts in Home. */
const SURFACES: Record<Surface, string[]> = {
  message: [...EVERYWHERE, ...WIDE, 'markdown', 'plan', 'task_card', 'context_actions'],
  home: [...EVERYWHERE, ...WIDE],
  modal: [...EVERYWHERE, 'alert'],
};

/** One block, as this surface takes it. */
export const anyBlock: Rule = (check, value, pointer) => {
  byType(BLOCKS, SURFACES[check.surface])(check, value, pointer);
};
