/**
 * Block Kit's limits, written down again apart from the code, so that a wrong number there is found. Lengths are in
 * UTF-16 units. Each line names its page under docs.slack.dev/reference/block-kit, if it names no other.
 */
export const LIMITS = {
  /** blocks ("Messages: up to 50, modals and Home tabs: up to 100") */
  messageBlocks: 50,
  viewBlocks: 100,
  /** docs.slack.dev/reference/methods/chat.postMessage, "Truncating content": 4,000 is the recommended length */
  messageText: 4_000,
  /** docs.slack.dev/reference/methods/views.publish: 250 kB */
  viewBytes: 250_000,
  /** docs.slack.dev/reference/views/modal-views and home-tab-views */
  viewTitle: 24,
  viewButton: 24,
  callbackId: 255,
  privateMetadata: 3_000,
  /** blocks/section-block and blocks/header-block; block_id: every block */
  blockId: 255,
  headerText: 150,
  sectionText: 3_000,
  sectionFields: 10,
  fieldText: 2_000,
  /** blocks/context-block, blocks/actions-block; a text object holds 3,000 (composition-objects/text-object) */
  contextElements: 10,
  text: 3_000,
  actionsElements: 25,
  /** blocks/input-block, blocks/image-block */
  inputLabel: 2_000,
  imageUrl: 3_000,
  altText: 2_000,
  /** blocks/rich-text-block names no number; this is ours */
  richTextElements: 50,
  /** block-elements/button-element; action_id: every element */
  actionId: 255,
  buttonText: 75,
  buttonValue: 2_000,
  url: 3_000,
  accessibilityLabel: 75,
  /** composition-objects/confirmation-dialog-object */
  confirmTitle: 100,
  confirmText: 300,
  confirmButton: 30,
  /** composition-objects/option-object and option-group-object; block-elements/overflow-menu-element */
  optionText: 75,
  optionValue: 150,
  optionDescription: 75,
  overflowOptions: 5,
  /** block-elements/select-menu-element, checkboxes-element, plain-text-input-element */
  placeholder: 150,
  selectOptions: 100,
  checkboxes: 10,
  typedText: 3_000,
} as const;
