/** Deviations to be planted: what Slack or the bucket might do otherwise than the sandbox. Each names its check. */
import { type Changes, type Json, json, type Passing, text } from './crooked.ts';

export interface Plant {
  /** While this check runs, and never else. */
  check: string;
  what: string;
  changes: Changes;
  /** What the report must say about it. */
  told: RegExp;
}

const HTML = '<!DOCTYPE html><html><body>Sign in</body></html>';

const answers = (method: string, change: (body: Json) => unknown): Changes => ({
  slack: (what, answer) => what === method && json(answer, change),
});
/** Changes the deliveries that hold a word. */
const delivered = (word: string, change: (envelope: Json) => Json[] | undefined): Changes => ({
  socket: (envelope) =>
    JSON.stringify(envelope).includes(word) ? (change(envelope) ?? [envelope]) : [envelope],
});
const stored = (what: string, change: (answer: Passing, query: URLSearchParams) => unknown): Changes => ({
  s3: (asked, answer, query) => {
    if (asked === what) change(answer, query);
  },
});

export const PLANTS: Plant[] = [
  {
    ...{ check: 'slack.bad-token', what: 'another error' },
    changes: answers('auth.test', (body) => ({ ...body, error: 'not_authed' })),
    told: /answer\.body\.error: not_authed instead of invalid_auth/,
  },
  {
    ...{ check: 'slack.unknown-method', what: 'status 404' },
    changes: { slack: (_, answer) => Object.assign(answer, { status: 404 }) },
    told: /answer\.status: 404 instead of 200/,
  },
  {
    ...{ check: 'channel.info', what: 'a key with another name' },
    changes: answers('conversations.info', ({ channel: { is_member, ...rest }, ...body }) => ({
      ...body,
      channel: { ...rest, is_in: is_member },
    })),
    told: /answer\.body\.channel\.is_member: not there instead of boolean/,
  },
  {
    ...{ check: 'channel.mine', what: 'a list that is an object' },
    changes: answers('users.conversations', (body) => ({ ...body, channels: { one: body.channels[0] } })),
    told: /answer\.body\.channels: object instead of list/,
  },
  {
    ...{ check: 'channel.list', what: 'no cursor' },
    changes: answers('conversations.list', ({ response_metadata: _, ...body }) => body),
    told: /answer\.body\.response_metadata: not there instead of object/,
  },
  {
    ...{ check: 'channel.members', what: 'a web page with status 200' },
    changes: {
      slack(what, answer) {
        if (what !== 'conversations.members') return;
        answer.headers['content-type'] = 'text/html';
        text(answer, () => HTML);
      },
    },
    told: /answer\.body: text instead of object/,
  },
  {
    ...{ check: 'person.info', what: 'a boolean as a number' },
    changes: answers('users.info', (body) => ({
      ...body,
      user: { ...body.user, is_restricted: Number(body.user.is_restricted) },
    })),
    told: /person\.body\.user\.is_restricted: number instead of boolean/,
  },
  {
    ...{ check: 'message.post', what: 'no ts of the message' },
    changes: answers('chat.postMessage', ({ message: { ts: _, ...message }, ...body }) => ({
      ...body,
      message,
    })),
    told: /answer\.body\.message\.ts: not there instead of ts/,
  },
  {
    ...{ check: 'message.heard', what: 'an event whose channel_type is a new word' },
    changes: delivered('message.heard', (one) => {
      one.payload.event.channel_type = 'space_channel';
      return undefined;
    }),
    told: /event\.body\.payload\.event\.channel_type: space_channel instead of channel/,
  },
  {
    ...{ check: 'message.edit', what: 'an edit without the message from before' },
    changes: delivered('message.edited', (one) => {
      delete one.payload.event.previous_message;
      return undefined;
    }),
    told: /event\.body\.payload\.event\.previous_message: not there instead of object/,
  },
  {
    ...{ check: 'message.thread', what: 'a ts as a number' },
    changes: delivered('message.reply', (one) => {
      one.payload.event.ts = Number(one.payload.event.ts);
      return undefined;
    }),
    told: /event\.body\.payload\.event\.ts: number instead of ts/,
  },
  {
    ...{ check: 'message.lost-parent', what: 'a reply to a lost parent that stands in a thread' },
    changes: answers('chat.postMessage', (body) => {
      if (body.message?.text?.includes('orphan')) body.message.thread_ts = body.ts;
    }),
    told: /facts\.stands in a thread: yes instead of no/,
  },
  {
    ...{ check: 'message.react', what: 'a repeated reaction that is no error' },
    changes: answers('reactions.add', () => ({ ok: true })),
    told: /again\.body\.error: not there instead of text/,
  },
  {
    ...{ check: 'message.history', what: 'messages under another key' },
    changes: answers('conversations.history', ({ messages, ...body }) => ({ ...body, items: messages })),
    told: /answer\.body\.messages: not there instead of list/,
  },
  {
    ...{ check: 'message.delete', what: 'an event that never comes' },
    changes: delivered('message_deleted', () => []),
    told: /the event of a deletion did not come/,
  },
  {
    ...{ check: 'message.bad-blocks', what: 'blocks that are taken' },
    changes: answers('chat.postMessage', () => ({ ok: true, ts: '1.000001' })),
    told: /answer\.body\.error: not there instead of text/,
  },
  {
    ...{ check: 'message.unanswered', what: 'a second delivery without its number' },
    changes: delivered('message.unanswered', ({ retry_attempt: _, ...one }) => [one]),
    told: /again\.body\.retry_attempt: not there instead of number/,
  },
  {
    ...{ check: 'file.share', what: 'a number as a text' },
    changes: answers('files.completeUploadExternal', (body) => {
      body.files[0].size = String(body.files[0].size);
    }),
    told: /completed\.body\.files\[\]\.size: digits instead of number/,
  },
  {
    ...{ check: 'file.heard', what: 'an event that comes twice, the second time in another shape' },
    changes: delivered('"file_shared"', (one) => {
      const again = structuredClone(one);
      delete again.payload.event.file_id;
      again.envelope_id = `${one.envelope_id}-2`;
      return [one, again];
    }),
    told: /file_shared\.body\.payload\.event\.file_id: not always there instead of id/,
  },
  {
    ...{ check: 'file.info', what: 'an address without a host' },
    changes: answers('files.info', (body) => {
      body.file.url_private_download = new URL(body.file.url_private_download).pathname;
    }),
    told: /answer\.body\.file\.url_private_download: text instead of url/,
  },
  {
    ...{ check: 'file.bytes', what: 'a sign-in page instead of the bytes' },
    changes: {
      slack(what, answer) {
        if (!what.includes('files-pri')) return;
        answer.headers['content-type'] = 'text/html; charset=utf-8';
        text(answer, () => HTML);
      },
    },
    told: /download\.facts\.the same bytes: no instead of yes/,
  },
  {
    ...{ check: 'file.list', what: 'no pages' },
    changes: answers('files.list', ({ paging: _, ...body }) => body),
    told: /answer\.body\.paging: not there instead of object/,
  },
  {
    ...{ check: 'file.several', what: 'files as an object' },
    changes: delivered('"files"', (one) => {
      const { files } = one.payload.event;
      one.payload.event.files = { first: files[0], second: files[1] };
      return undefined;
    }),
    told: /message\.body\.payload\.event\.files: object instead of list/,
  },
  {
    ...{ check: 'file.snippet', what: 'another mode' },
    changes: answers('files.info', (body) => {
      body.file.mode = 'text_snippet';
    }),
    told: /info\.body\.file\.mode: text_snippet instead of/,
  },
  {
    ...{ check: 'file.private', what: 'a file whose size is null' },
    changes: answers('files.info', (body) => {
      body.file.size = null;
    }),
    told: /info\.body\.file\.size: null instead of number/,
  },
  {
    ...{ check: 'file.unshare', what: 'an event under another name' },
    changes: delivered('"file_unshared"', (one) => {
      one.payload.event.type = 'file_removed';
      return undefined;
    }),
    told: /file_unshared did not come/,
  },
  {
    ...{ check: 'file.delete', what: 'another error for what is deleted' },
    changes: answers('files.info', (body) => (body.ok ? body : { ok: false, error: 'file_is_gone' })),
    told: /info\.body\.error: file_is_gone instead of file_deleted/,
  },
  {
    ...{ check: 'bucket.there', what: 'an answer that is no XML' },
    changes: stored(
      'GET /vault-bucket',
      (answer, query) => query.has('versioning') && text(answer, () => '{}'),
    ),
    told: /versioning\.body: text instead of object/,
  },
  {
    ...{ check: 'bucket.put', what: 'an ETag without quotes' },
    changes: stored('PUT put', (answer) => {
      answer.headers.etag = (answer.headers.etag ?? '').replaceAll('"', '');
    }),
    told: /answer\.headers\.etag: text instead of quoted/,
  },
  {
    ...{ check: 'bucket.put-taken', what: 'a key that is taken, and written all the same' },
    changes: stored('PUT taken', (answer) => {
      Object.assign(answer, { status: 200 });
    }),
    told: /answer\.status: 200 instead of 412/,
  },
  {
    ...{ check: 'bucket.put-damaged', what: 'another code for a wrong checksum' },
    changes: stored('PUT damaged', (answer) =>
      text(answer, (xml) => xml.replace('BadDigest', 'InvalidRequest')),
    ),
    told: /answer\.body\.Error\.Code: InvalidRequest instead of BadDigest/,
  },
  {
    ...{ check: 'bucket.head', what: 'no checksum among the headers' },
    changes: stored('HEAD head', ({ headers }) => {
      delete headers['x-amz-checksum-crc32'];
    }),
    told: /answer\.headers\.x-amz-checksum-crc32: not there instead of text/,
  },
  {
    ...{ check: 'bucket.get', what: 'the whole object instead of a part' },
    changes: stored('GET get', (answer) => {
      if (answer.status !== 206) return;
      answer.status = 200;
      delete answer.headers['content-range'];
    }),
    told: /part\.status: 200 instead of 206/,
  },
  {
    ...{ check: 'bucket.missing', what: 'status 403 for what is not there' },
    changes: stored('HEAD missing', (answer) => {
      answer.status = 403;
    }),
    told: /head\.status: 403 instead of 404/,
  },
  {
    ...{ check: 'bucket.list', what: 'objects without their size' },
    changes: stored('GET /vault-bucket', (answer) =>
      text(answer, (xml) => xml.replace(/<Size>\d+<\/Size>/g, '')),
    ),
    told: /first\.body\.ListBucketResult\.Contents\[\]\.Size: not there instead of digits/,
  },
  {
    ...{ check: 'bucket.parts', what: 'an upload that ends with status 200 and an error' },
    changes: {
      s3(asked, answer, query) {
        if (asked !== 'POST parts' || !query.has('uploadId')) return;
        text(
          answer,
          () => '<?xml version="1.0"?><Error><Code>InternalError</Code><Message>x</Message></Error>',
        );
      },
    },
    told: /completed\.body\.CompleteMultipartUploadResult: not there instead of object/,
  },
  {
    ...{ check: 'link.open', what: 'a link that shows instead of saves' },
    changes: stored('GET link.txt', ({ headers }) => {
      headers['content-disposition'] = 'inline';
    }),
    told: /facts\.saved under its name: no instead of yes/,
  },
  {
    ...{ check: 'link.forged', what: 'a forged link that opens' },
    changes: stored('GET link.txt', (answer) => {
      answer.status = 200;
    }),
    told: /answer\.status: 200 instead of 403/,
  },
  {
    ...{ check: 'person.click', what: 'a click without an address for the answer' },
    changes: delivered('block_actions', (one) => {
      delete one.payload.response_url;
      return undefined;
    }),
    told: /click\.body\.payload\.response_url: not there instead of url|no address to answer to/,
  },
  {
    ...{ check: 'person.command', what: 'a command whose trigger is an object' },
    changes: delivered('slash_commands', (one) => {
      one.payload.trigger_id = { id: one.payload.trigger_id };
      return undefined;
    }),
    told: /command\.body\.payload\.trigger_id: object instead of text/,
  },
];
